// The extension in a real Visual Studio Code, with the real server and the embedded model. Linux; after `npm ci` and `dotnet build -c Release`:
//   npm run test:vscode
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { startEditor } from "./editor.mjs";
import { installTools } from "./tools.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../../..");
const built = join(root, "server/StableDiffCoder.Cli/bin/Release/net10.0/stable-diffcoder.dll");
const serverPath = process.env.STABLE_DIFFCODER_SERVER ?? built;
const screenshots = join(root, "artifacts/vscode");

const source = `class A
{
    public override string ToString()
    {
        return¦
    }
}
`;
const written = "        return ";

let editor;

before(async () => {
  assert.ok(existsSync(serverPath), `${serverPath} is missing: dotnet build -c Release`);
  const tools = installTools();
  execFileSync("npm", ["run", "package"], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  const { version } = JSON.parse(readFileSync(join(root, "client-vscode/package.json"), "utf8"));
  editor = await startEditor(tools, {
    vsix: join(root, `artifacts/stable-diffcoder-${version}.vsix`),
    // The embedded model is rarely sure; here it is to speak whatever it thinks of its text.
    settings: { "stableDiffCoder.inlineCompletion.eagerness": 1 },
    machineSettings: { "stableDiffCoder.server.path": serverPath },
    env: { STABLE_DIFFCODER_MODEL: join(root, "models/stable-diffcoder-mini") },
    screenshots,
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

test("the server starts with the first file and says so", async () => {
  await editor.open("First.cs", "class First\n{\n}\n");
  await editor.status(/ready/);
  await editor.screenshot("ready");
});

test("ghost text appears while typing, Tab accepts it, and the file on disk has it", async () => {
  const before = await editor.open("Accepted.cs", source);
  await editor.type(" ");
  const ghost = await editor.ghostText();
  await editor.screenshot("ghost-text");
  await editor.press("Tab");
  await editor.save();
  await editor.screenshot("accepted");
  const after = editor.onDisk("Accepted.cs");
  assert.notEqual(after, before);
  const [first] = ghost.split("\n");
  assert.ok(after.includes(`${written}${first.trim()}`), `"${ghost}" is not in ${after}`);
});

test("Esc sends the suggestion away and leaves the file as it was typed", async () => {
  await editor.open("Refused.cs", source);
  await editor.type(" ");
  await editor.ghostText();
  await editor.press("Escape");
  await editor.noGhostText();
  await editor.save();
  assert.equal(editor.onDisk("Refused.cs"), source.replace("¦", " "));
});

test("Ctrl+Right takes the next word only", async () => {
  await editor.open("Word.cs", source);
  await editor.type(" ");
  const ghost = await editor.ghostText();
  await editor.press("Control+ArrowRight");
  await editor.save();
  const line = editor.onDisk("Word.cs").split("\n")[4];
  const taken = line.slice(written.length);
  assert.ok(taken.length > 0 && ghost.startsWith(taken), `"${taken}" was taken of "${ghost}"`);
});
