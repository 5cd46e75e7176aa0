// Filling of selections, in a real Visual Studio Code with the real server and the embedded model.
import assert from "node:assert/strict";
import { test } from "node:test";
import { useEditor } from "./session.mjs";

const current = useEditor();

test("two selections are filled at once, and one undo brings both back", async () => {
  const editor = current();
  const before = await editor.open("Two.cs", "class A\n{\n    int first = ¦HOLE;\n    int second = HOLE;\n}\n");
  await editor.status(/ready/);
  await editor.press("Control+D", "Control+D");
  await editor.page.getByText("2 selections", { exact: false }).waitFor();
  await editor.screenshot("two-selections");
  await editor.press("Control+Alt+F");
  await editor.dirty();
  await editor.screenshot("two-filled");
  await editor.save();
  const filled = editor.onDisk("Two.cs");
  assert.ok(!filled.includes("HOLE"), filled);
  assert.match(filled, /^class A\n\{\n {4}int first = [^]*;\n {4}int second = [^]*;\n\}\n$/);
  await editor.press("Control+Z");
  await editor.save();
  assert.equal(editor.onDisk("Two.cs"), before);
});

test("every hole of a file is filled, and one undo brings them back", async () => {
  const editor = current();
  const before = await editor.open("Holes.cs", "class B\n{\n    ¦int first = ???;\n    int second = ???;\n}\n");
  await editor.status(/ready/);
  await editor.command("Stable DiffCoder: Fill Every Hole in This File");
  await editor.dirty();
  await editor.screenshot("holes-filled");
  await editor.save();
  assert.ok(!editor.onDisk("Holes.cs").includes("???"), editor.onDisk("Holes.cs"));
  await editor.press("Control+Z");
  await editor.save();
  assert.equal(editor.onDisk("Holes.cs"), before);
});

test("a pinned word outlasts the fill of its statement", async () => {
  const editor = current();
  await editor.open("Pinned.cs", "class C\n{\n    int Sum(int first, int second)\n    {\n        HOLE1 ¦kept HOLE2;\n    }\n}\n");
  await editor.status(/ready/);
  await editor.command("Stable DiffCoder: Keep or Free the Selected Words When Filling");
  await editor.press("Home", "Shift+End");
  await editor.screenshot("pinned");
  await editor.press("Control+Alt+F");
  await editor.dirty();
  await editor.save();
  const filled = editor.onDisk("Pinned.cs");
  assert.match(filled, /kept/);
  assert.doesNotMatch(filled, /HOLE/);
});
