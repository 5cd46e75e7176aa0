// Packs the extension with its server: artifacts/stable-diffcoder-VERSION-TARGET.vsix. Needs no network beyond what `dotnet restore` needs.
//   npm run package                          for this machine's platform
//   npm run package -- --target win32-x64    for another one
//   npm run package -- --server DIR          with a server that is published already
//   npm run package -- --without-server      small, for all platforms: the server is found by the setting or on PATH
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

/** The platforms by the editor's names and .NET's: those for which libtorch is packaged. */
const runtimes = { "linux-x64": "linux-x64", "win32-x64": "win-x64", "win32-arm64": "win-arm64", "darwin-arm64": "osx-arm64" };
/** What a server runs without: symbols, documentation, and the parts of libtorch that Python uses. */
const superfluous = /\.(pdb|xml)$|torch_python\.|torchbind_test\./;

const client = dirname(dirname(fileURLToPath(import.meta.url)));
const root = dirname(client);
const bundled = join(client, "server");
const { values } = parseArgs({
  options: { target: { type: "string" }, server: { type: "string" }, "without-server": { type: "boolean", default: false } },
});
const target = values["without-server"] ? undefined : (values.target ?? `${process.platform}-${process.arch}`);
if (target !== undefined && !(target in runtimes)) {
  fail(`There is no libtorch for ${target}; use one of ${Object.keys(runtimes).join(", ")}, or --without-server.`);
}

try {
  cpSync(join(root, "LICENSE"), join(client, "LICENSE"));
  if (target !== undefined) {
    const published = values.server ? resolve(process.env.INIT_CWD ?? ".", values.server) : publish(runtimes[target]);
    cpSync(published, bundled, { recursive: true, filter: (path) => !superfluous.test(path) });
    console.log(`server: ${megabytes(sizeOf(bundled))}`);
  }
  console.log(pack(target));
} finally {
  [bundled, join(client, "LICENSE")].forEach((copy) => rmSync(copy, { recursive: true, force: true }));
}

/** Publishes the server with the embedded model and libtorch; the .NET runtime is the machine's. */
function publish(runtime) {
  const output = join(root, "artifacts/server", runtime);
  rmSync(output, { recursive: true, force: true });
  const options = ["-c", "Release", "-r", runtime, "--self-contained", "false", "-v", "quiet", "-nologo", "-o", output];
  run("dotnet", ["publish", join(root, "server/StableDiffCoder.Cli"), ...options], root);
  return output;
}

/** Makes the package and says how large it is. */
function pack(platform) {
  const { name, version } = JSON.parse(readFileSync(join(client, "package.json"), "utf8"));
  const vsix = join(root, "artifacts", `${[name, version, ...(platform ? [platform] : [])].join("-")}.vsix`);
  mkdirSync(dirname(vsix), { recursive: true });
  const vsce = join(root, "node_modules/@vscode/vsce/vsce");
  const options = ["--no-dependencies", "--no-rewrite-relative-links", "--allow-missing-repository", "--out", vsix];
  run(process.execPath, [vsce, "package", ...options, ...(platform ? ["--target", platform] : [])], client);
  return `${vsix}: ${megabytes(statSync(vsix).size)}`;
}

function run(command, args, cwd) {
  const { status, error } = spawnSync(command, args, { cwd, stdio: "inherit" });
  if (status !== 0) {
    fail(`${command} ${args[0]} ended with ${error ?? `code ${status}`}`);
  }
}

function sizeOf(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function fail(message) {
  console.error(message);
  rmSync(bundled, { recursive: true, force: true });
  process.exit(1);
}
