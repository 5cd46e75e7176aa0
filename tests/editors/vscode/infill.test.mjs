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
