// An editor with the packed extension for the tests of one file: started before them, closed after them, photographed where one fails.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { after, afterEach, before } from "node:test";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { startEditor } from "./start.mjs";
import { installTools } from "./tools.mjs";

export const root = join(dirname(fileURLToPath(import.meta.url)), "../../..");
export const serverPath =
  process.env.STABLE_DIFFCODER_SERVER ?? join(root, "server/StableDiffCoder.Cli/bin/Release/net10.0/stable-diffcoder.dll");
export const embeddedModel = join(root, "models/stable-diffcoder-mini");
export const screenshots = join(root, "artifacts/vscode");

/** The file that `npm run package` makes for a platform, or for none in particular. */
export function packageFile(platform) {
  const { name, version } = JSON.parse(readFileSync(join(root, "client-vscode/package.json"), "utf8"));
  return join(root, "artifacts", `${[name, version, ...(platform ? [platform] : [])].join("-")}.vsix`);
}

/** The extension without a server in it, packed anew unless the run has done so already. */
export function packExtension() {
  return process.env.STABLE_DIFFCODER_VSIX ?? pack(undefined, "--without-server");
}

/** The extension with the published server in it, likewise. */
export function packWithServer() {
  return process.env.STABLE_DIFFCODER_PLATFORM_VSIX ?? pack("linux-x64");
}

function pack(platform, ...options) {
  execFileSync("npm", ["run", "package", "--", ...options], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
  });
  return packageFile(platform);
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
    editor = await startEditor(installTools(), {
      vsix: vsix(),
      machineSettings: { "stableDiffCoder.server.path": serverPath },
      env: { STABLE_DIFFCODER_MODEL: embeddedModel },
      screenshots,
      settings: { "stableDiffCoder.inlineCompletion.eagerness": 1 },
      ...options,
    });
  });
  afterEach(async (context) => {
    if (editor && (context.error || context.passed === false)) {
      const file = basename(process.argv[1], ".test.mjs");
      const attempt = process.env.STABLE_DIFFCODER_ATTEMPT ?? "1";
      const picture = await editor.screenshot(`failed-${file}-${context.name.replaceAll(/\W+/g, "-")}-${attempt}`);
      console.log(`Screenshot of the failure: ${picture}; the status bar says "${await editor.statusNow()}"`);
    }
  });
  after(async () => {
    await editor?.close();
  });
  return () => editor;
}
