// Visual Studio Code in a browser (code-server and Chromium) and what drives it. Its packages take 600 MB and minutes to build, so they are kept in a
// cache folder outside the checkout.
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const manifest = join(here, "package.json");

/** The editor and its driver, installed if they are not yet. */
export function installTools() {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  const key = createHash("sha256").update(readFileSync(manifest)).digest("hex").slice(0, 12);
  const folder = join(cache, "stable-diffcoder", `vscode-${key}`);
  const node = join(folder, "node_modules/node/bin/node");
  const complete = join(folder, "complete");
  const browser = findBrowser();
  if (!existsSync(complete)) {
    install(folder, dirname(node));
    writeFileSync(complete, "");
  }
  const { chromium } = createRequire(join(folder, "package.json"))("playwright-core");
  return {
    node,
    codeServer: join(folder, "node_modules/code-server/out/node/entry.js"),
    chromium,
    browser,
  };
}

function install(folder, nodeFolder) {
  console.log(`Installing Visual Studio Code for the browser into ${folder}; this takes some minutes.`);
  if (!existsSync("/usr/include/gssapi/gssapi.h")) {
    throw new Error("Missing Debian packages: apt-get install -y --no-install-recommends libkrb5-dev build-essential python3");
  }
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const { dependencies } = JSON.parse(readFileSync(manifest, "utf8"));
  // code-server checks the version of Node while it is being installed, so its Node comes first.
  const steps = [{ private: true, dependencies: { node: dependencies.node } }, JSON.parse(readFileSync(manifest, "utf8"))];
  for (const step of steps) {
    writeFileSync(join(folder, "package.json"), JSON.stringify(step));
    const npmrc = join(here, "../../../.npmrc");
    copyFileSync(npmrc, join(folder, ".npmrc"));
    const env = {
      ...process.env,
      PATH: `${nodeFolder}:${process.env.PATH}`,
      ...headers(),
    };
    // The programs that the packages build while they are installed are wanted: without them there is no terminal and no file watcher.
    const { status, error } = spawnSync("npm", ["install", "--no-audit", "--no-fund"], { cwd: folder, env, stdio: "inherit" });
    if (status !== 0) {
      throw new Error(`npm install ${error ?? `ended with code ${status}`} in ${folder}; it needs the npm registry once`);
    }
  }
}

/** The headers that came with this Node; what is built against them would fetch others otherwise. */
function headers() {
  const prefix = dirname(dirname(realpathSync(process.execPath)));
  return existsSync(join(prefix, "include/node/node.h")) ? { npm_config_nodedir: prefix } : {};
}

function findBrowser() {
  for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
    try {
      return execFileSync("which", [name], { encoding: "utf8" }).trim();
    } catch {
      // The next one.
    }
  }
  throw new Error("No Chromium found: apt-get install -y --no-install-recommends chromium fonts-dejavu-core");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    console.log(`Visual Studio Code: ${installTools().codeServer}`);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
