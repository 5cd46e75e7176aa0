// Packs the extension: artifacts/stable-diffcoder-VERSION.vsix. Needs no network.
//   npm run package                          without a server: it is found by the setting or on PATH
//   npm run package -- --server DIR --target linux-x64    with the published server of DIR
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const client = dirname(dirname(fileURLToPath(import.meta.url)));
const root = dirname(client);
const { values } = parseArgs({ options: { server: { type: "string" }, target: { type: "string" } } });
if (Boolean(values.server) !== Boolean(values.target)) {
  console.error("--server and --target belong together: a server is published for one platform.");
  process.exit(2);
}

const { name, version } = JSON.parse(readFileSync(join(client, "package.json"), "utf8"));
const artifacts = join(root, "artifacts");
const target = values.target ? ["--target", values.target] : [];
const vsix = join(artifacts, `${name}-${[version, ...target.slice(1)].join("-")}.vsix`);
const server = join(client, "server");
const copies = [server, join(client, "LICENSE")];
mkdirSync(artifacts, { recursive: true });
try {
  cpSync(join(root, "LICENSE"), join(client, "LICENSE"));
  if (values.server) {
    cpSync(resolve(process.env.INIT_CWD ?? ".", values.server), server, { recursive: true });
  }
  const vsce = join(root, "node_modules/@vscode/vsce/vsce");
  const options = ["package", "--no-dependencies", "--no-rewrite-relative-links", "--allow-missing-repository", ...target, "--out", vsix];
  const { status } = spawnSync(process.execPath, [vsce, ...options], { cwd: client, stdio: "inherit" });
  if (status === 0) {
    console.log(`${vsix}: ${(statSync(vsix).size / 1e6).toFixed(1)} MB`);
  }
  process.exitCode = status ?? 1;
} finally {
  copies.forEach((copy) => rmSync(copy, { recursive: true, force: true }));
}
