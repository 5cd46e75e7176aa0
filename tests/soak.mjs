// Hours instead of minutes: more completions, frames and edits through the real process. Each number can be set by its variable.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const report = join(tmpdir(), `stable-diffcoder-soak-${process.pid}.txt`);
const efforts = {
  STABLE_DIFFCODER_SOAK_COMPLETIONS: "10000",
  STABLE_DIFFCODER_FUZZ_FRAMES: "100000",
  STABLE_DIFFCODER_SYNC_CHANGES: "10000",
  STABLE_DIFFCODER_SEED: String(Date.now() % 1_000_000),
  STABLE_DIFFCODER_SOAK_REPORT: report,
};
const env = { ...efforts, ...process.env };
for (const name of Object.keys(efforts)) {
  console.log(`${name}=${env[name]}`);
}
// `npm run soak -- --filter FullyQualifiedName~FrameFuzz` runs one of them.
const given = process.argv.slice(2);
const filter = given.includes("--filter") ? [] : ["--filter", "Category=Soak"];
const { status } = spawnSync(
  "dotnet",
  ["test", "tests/StableDiffCoder.EndToEnd.Tests", "-c", "Release", "--nologo", ...filter, ...given],
  { cwd: join(dirname(fileURLToPath(import.meta.url)), ".."), env, stdio: "inherit" },
);
if (existsSync(env.STABLE_DIFFCODER_SOAK_REPORT)) {
  console.log(readFileSync(env.STABLE_DIFFCODER_SOAK_REPORT, "utf8").trim());
}
process.exitCode = status ?? 1;
