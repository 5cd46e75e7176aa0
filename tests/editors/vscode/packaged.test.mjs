// The package of a platform, as a user gets it: installed, with neither a server nor a model set.
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

const current = useEditor({ vsix: packWithServer, machineSettings: {}, env: {} });

test("the packed server and its model make suggestions with neither set", async () => {
  const editor = current();
  await editor.open("Works.cs", "class A\n{\n    public override string ToString()\n    {\n        return¦\n    }\n}\n");
  await editor.status(/ready/, 120_000);
  await editor.type(" ");
  await editor.ghostText();
  await editor.screenshot("packaged");
});
