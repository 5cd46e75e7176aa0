// Runs the tests in Visual Studio Code, one file after the other. Linux; after `npm ci` and `dotnet build -c Release`:
//   npm run test:vscode -- [--offline] [--minutes 15] [files]
// A file that fails is tried once more, since a browser on a busy machine sometimes misses a key; what fails twice fails. Screenshots of failures
// are in artifacts/vscode. With --offline the editor, the browser and the server have a network of their own: a loopback and nothing else.
import { spawn } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { withoutNetwork } from "./offline.mjs";
import { packageFile, root, screenshots } from "./session.mjs";

const mostMinutesAFile = 6;
const here = dirname(fileURLToPath(import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    offline: { type: "boolean", default: false },
    minutes: { type: "string", default: "15" },
  },
});
const all = readdirSync(here).filter((name) => name.endsWith(".test.mjs"));
const files = positionals.length > 0 ? positionals.map((file) => basename(file)) : all;
const began = performance.now();

let running;
/** Ends a program and all that it started: they are a process group of their own. */
function end() {
  try {
    process.kill(-running.pid, "SIGKILL");
  } catch {
    // All have ended.
  }
}

function giveUp(reason) {
  console.error(`\n${reason}; screenshots, if there are any, are in ${screenshots}`);
  end();
  process.exit(1);
}

// Installation and packing included.
setTimeout(
  () => giveUp(`The tests in Visual Studio Code took more than ${values.minutes} minutes`),
  Number(values.minutes) * 60_000,
).unref();
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => giveUp(`Ended by ${signal}`));
}

/** Runs a program for a number of minutes at most. */
function run([command, ...args], { env, minutes } = {}) {
  return new Promise((resolve) => {
    running = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: "inherit",
      detached: true,
    });
    const timer =
      minutes &&
      setTimeout(() => {
        console.error(`${basename(args.at(-1))} took more than ${minutes} minutes`);
        end();
      }, minutes * 60_000);
    running.on("error", (error) => giveUp(`${command} cannot be started: ${error.message}`));
    running.on("exit", (code) => {
      clearTimeout(timer);
      end();
      resolve(code === 0);
    });
  });
}

async function prepare() {
  // In the order of what is most likely missing.
  if (!(await run([process.execPath, join(here, "tools.mjs")]))) {
    giveUp("Visual Studio Code cannot be had here, so nothing of it was tested");
  }
  const pack = ["npm", "run", "--silent", "package", "--"];
  if (!(await run([...pack, "--without-server"])) || (files.includes("packaged.test.mjs") && !(await run(pack)))) {
    giveUp("The extension cannot be packed");
  }
}

async function test(file, attempt) {
  console.log(`\n${file}${attempt > 1 ? ", once more" : ""}`);
  const command = [process.execPath, "--test", "--test-reporter=spec", join(here, file)];
  const env = {
    STABLE_DIFFCODER_VSIX: packageFile(),
    STABLE_DIFFCODER_PLATFORM_VSIX: packageFile("linux-x64"),
    STABLE_DIFFCODER_ATTEMPT: `${attempt}`,
  };
  return run(values.offline ? withoutNetwork(command) : command, {
    env,
    minutes: mostMinutesAFile,
  });
}

rmSync(screenshots, { recursive: true, force: true });
await prepare();
const prepared = performance.now();
const failed = [];
for (const file of files) {
  if (!(await test(file, 1)) && !(await test(file, 2))) {
    failed.push(file);
  }
}
const seconds = (from, to) => ((to - from) / 1_000).toFixed(0);
console.log(`\n${seconds(began, prepared)} s to prepare, ${seconds(prepared, performance.now())} s to test`);
if (failed.length > 0) {
  giveUp(`Failed twice: ${failed.join(", ")}`);
}
console.log(`${files.length} files passed${values.offline ? " without a network" : ""}`);
process.exit(0);
