// The package of a platform, as a user gets it: installed, and nothing set.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root, useEditor } from "./session.mjs";

/** Publishes the server and packs it with the extension, unless the run is given such a package. */
function packWithServer() {
  const given = process.env.STABLE_DIFFCODER_PLATFORM_VSIX;
  if (given) {
    return given;
  }
  execFileSync("npm", ["run", "package"], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  const { version } = JSON.parse(readFileSync(join(root, "client-vscode/package.json"), "utf8"));
  return join(root, `artifacts/stable-diffcoder-${version}-linux-x64.vsix`);
}

const current = useEditor({ vsix: packWithServer, machineSettings: {}, settings: {}, env: {} });

test("ghost text appears in a C# file without a single setting", async () => {
  const editor = current();
  await editor.open("Works.cs", "using System;\nusing System.Collections¦\n\nclass Works\n{\n}\n");
  await editor.status(/ready/, 120_000);
  await editor.type(".");
  await editor.ghostText();
  await editor.screenshot("packaged");
});
