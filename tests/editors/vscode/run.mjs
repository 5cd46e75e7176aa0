// Runs the tests in Visual Studio Code, one file after the other. Linux; after `npm ci` and `dotnet build -c Release`:
//   npm run test:vscode -- [files]
// A file that fails is tried once more, since a browser on a busy machine sometimes misses a key; what fails twice fails. Screenshots of failures
// are in artifacts/vscode.
import { spawn } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { packExtension, root } from "./session.mjs";
import { installTools } from "./tools.mjs";

const mostMinutes = 6;
const here = dirname(fileURLToPath(import.meta.url));
const given = process.argv.slice(2);
const files = given.length > 0 ? given : readdirSync(here).filter((name) => name.endsWith(".test.mjs"));

/** Runs a file's tests; they and all that they started end with the time that they have. */
function run(file, vsix) {
  return new Promise((resolve) => {
    const env = { ...process.env, STABLE_DIFFCODER_VSIX: vsix };
    // A process group of its own, so that nothing outlives it.
    const options = { env, stdio: "inherit", detached: true };
    const child = spawn(process.execPath, ["--test", "--test-reporter=spec", join(here, file)], options);
    const end = () => {
      try {
        process.kill(-child.pid, "SIGKILL");
      } catch {
        // All have ended.
      }
    };
    const timer = setTimeout(() => {
      console.error(`${file} took more than ${mostMinutes} minutes`);
      end();
    }, mostMinutes * 60_000);
    child.on("exit", (code) => {
      clearTimeout(timer);
      end();
      resolve(code === 0);
    });
  });
}

rmSync(join(root, "artifacts/vscode"), { recursive: true, force: true });
installTools();
const vsix = packExtension();
const failed = [];
for (const file of files) {
  console.log(`\n${file}`);
  let passed = await run(file, vsix);
  if (!passed) {
    console.log(`\n${file}, once more`);
    passed = await run(file, vsix);
  }
  if (!passed) {
    failed.push(file);
  }
}
console.log(failed.length === 0 ? `\n${files.length} files passed` : `\nfailed: ${failed.join(", ")}`);
process.exitCode = failed.length === 0 ? 0 : 1;
