// An editor with the packed extension for the tests of one file: started before them, closed after them, photographed where one fails.
import { execFileSync } from "node:child_process";
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { after, afterEach, before } from "node:test";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { startEditor } from "./editor.mjs";
import { installTools } from "./tools.mjs";

export const root = join(dirname(fileURLToPath(import.meta.url)), "../../..");
export const serverPath =
  process.env.STABLE_DIFFCODER_SERVER ?? join(root, "server/StableDiffCoder.Cli/bin/Release/net10.0/stable-diffcoder.dll");
export const embeddedModel = join(root, "models/stable-diffcoder-mini");

/** The extension without a server in it, packed anew unless the run has done so already. */
export function packExtension() {
  const given = process.env.STABLE_DIFFCODER_VSIX;
  if (given) {
    return given;
  }
  execFileSync("npm", ["run", "package", "--", "--without-server"], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  const { version } = JSON.parse(readFileSync(join(root, "client-vscode/package.json"), "utf8"));
  return join(root, `artifacts/stable-diffcoder-${version}.vsix`);
}

/**
 * Registers the editor's life for the tests of a file.
 * @param options What startEditor takes, in place of the defaults: the real server, and the embedded model that says whatever it thinks of its text.
 * @returns A function that gives the running editor.
 */
export function useEditor({ vsix = packExtension, ...options } = {}) {
  let editor;
  before(async () => {
    assert.ok(existsSync(serverPath), `${serverPath} is missing: dotnet build -c Release`);
    const tools = installTools();
    editor = await startEditor(tools, {
      vsix: vsix(),
      machineSettings: { "stableDiffCoder.server.path": serverPath },
      env: { STABLE_DIFFCODER_MODEL: embeddedModel },
      screenshots: join(root, "artifacts/vscode"),
      settings: { "stableDiffCoder.inlineCompletion.eagerness": 1 },
      ...options,
    });
  });
  afterEach(async (context) => {
    if (context.error || context.passed === false) {
      await editor?.screenshot(`failed-${context.name.replaceAll(/\W+/g, "-")}`);
    }
  });
  after(async () => {
    await editor?.close();
  });
  return () => editor;
}
