// Runs every test of the project, the editor client's first, and closes with one line: "N passed, N failed, N skipped".
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const counts = { passed: 0, failed: 0, skipped: 0 };

/** Runs a command, shows its output, and adds up the closing lines of its test projects. */
function run(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
    createInterface({ input: child.stdout }).on("line", (line) => {
      console.log(line);
      const closing = /Failed:\s*(\d+), Passed:\s*(\d+), Skipped:\s*(\d+)/.exec(line);
      if (closing) {
        counts.failed += Number(closing[1]);
        counts.passed += Number(closing[2]);
        counts.skipped += Number(closing[3]);
      }
      addVitest(line);
    });
    child.on("error", reject);
    child.on("close", resolve);
  });
}

/** Adds up vitest's closing line, "Tests  1 failed | 38 passed (39)". */
function addVitest(line) {
  const closing = /^ +Tests +(.*) \(\d+\)$/.exec(stripVTControlCharacters(line));
  for (const [, count, outcome] of closing?.[1].matchAll(/(\d+) (passed|failed|skipped)/g) ?? []) {
    counts[outcome] += Number(count);
  }
}

const extra = process.argv.slice(2);
if (!existsSync(join(root, "node_modules")) && (await run("npm", ["ci"])) !== 0) {
  console.error("npm ci failed; the tests that compare with npm packages will fail too");
}
// What `dotnet test` is asked to filter is none of the client's.
const client = extra.length > 0 ? 0 : await run("npm", ["test", "-w", "client-vscode"]);
// One project at a time: several load a model each, and two cores are two cores.
const code = await run("dotnet", ["test", "StableDiffCoder.Lsp.sln", "-c", "Release", "-m:1", "--nologo", ...extra]);
console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = client === 0 && code === 0 && counts.failed === 0 && counts.passed > 0 ? 0 : 1;
