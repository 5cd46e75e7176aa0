// Filling of selections, in a real Visual Studio Code with the real server and the embedded model.
import assert from "node:assert/strict";
import { test } from "node:test";
import { useEditor } from "./session.mjs";
import { waitFor } from "./waiting.mjs";

const current = useEditor();

test("two selections are filled at once, and one undo brings both back", async () => {
  const editor = current();
  const before = await editor.open("Two.cs", "class A\n{\n    int first = ¦HOLE;\n    int second = HOLE;\n}\n");
  await editor.status(/ready/);
  await editor.select("2 selections", "Control+D", "Control+D");
  await editor.screenshot("two-selections");
  await editor.press("Control+Alt+F");
  await editor.dirty();
  await editor.screenshot("two-filled");
  const filled = await editor.saved("Two.cs", (text) => text !== before);
  assert.ok(!filled.includes("HOLE"), filled);
  assert.match(filled, /^class A\n\{\n {4}int first = [^]*;\n {4}int second = [^]*;\n\}\n$/);
  await editor.press("Control+Z");
  await editor.saved("Two.cs", before);
});

test("every hole of a file is filled, and one undo brings them back", async () => {
  const editor = current();
  const before = await editor.open("Holes.cs", "class B\n{\n    ¦int first = ???;\n    int second = ???;\n}\n");
  await editor.status(/ready/);
  await editor.commandInText("Stable DiffCoder: Fill Every Hole in This File");
  await editor.dirty();
  await editor.screenshot("holes-filled");
  const filled = await editor.saved("Holes.cs", (text) => text !== before);
  assert.ok(!filled.includes("???"), filled);
  await editor.press("Control+Z");
  await editor.saved("Holes.cs", before);
});

test("a pinned word outlasts the fill of its statement", async () => {
  const editor = current();
  const source = "class C\n{\n    int Sum(int first, int second)\n    {\n        HOLE1 ¦kept HOLE2;\n    }\n}\n";
  const before = await editor.open("Pinned.cs", source);
  await editor.status(/ready/);
  const plain = await editor.frames();
  await editor.commandInText("Stable DiffCoder: Keep or Free the Selected Words When Filling");
  await waitFor(
    async () => (await editor.frames()) > plain,
    60_000,
    () => "the pinned word has no frame",
  );
  await editor.select("17 selected", "Home", "Shift+End");
  await editor.screenshot("pinned");
  await editor.press("Control+Alt+F");
  await editor.dirty();
  const filled = await editor.saved("Pinned.cs", (text) => text !== before);
  assert.match(filled, /kept/);
  assert.doesNotMatch(filled, /HOLE/);
  await editor.press("Control+Z");
  await editor.saved("Pinned.cs", before);
});
