// What becomes of the editor when its server dies or is not there, in a real Visual Studio Code.
import assert from "node:assert/strict";
import { test } from "node:test";
import { serverPath, useEditor } from "./session.mjs";

const source = "class A\n{\n    int Count()\n    {\n        return¦\n    }\n}\n";
const current = useEditor();

test("a server that is killed while it works is back within five seconds, and nothing is lost", async () => {
  const editor = current();
  await editor.open("Killed.cs", source);
  await editor.status(/ready/);
  await editor.type("1 + ");
  const [first] = editor.serverProcesses();
  process.kill(first, "SIGKILL");
  const killed = performance.now();
  await editor.status(/starts again|starting|loading/, 5_000);
  await editor.status(/ready/, 5_000);
  const seconds = (performance.now() - killed) / 1_000;
  assert.ok(seconds < 5, `it took ${seconds} s`);
  assert.deepEqual(
    editor.serverProcesses().filter((id) => id === first),
    [],
  );
  await editor.press("Escape");
  await editor.type(" ");
  await editor.ghostText();
  await editor.press("Escape");
  await editor.save();
  assert.match(editor.onDisk("Killed.cs"), /^ {8}return1 \+ {2}$/m);
});

test("a server that is not there is told once, with the button that helps", async () => {
  const editor = current();
  editor.configureMachine({ "stableDiffCoder.server.path": "/nowhere/stable-diffcoder" });
  await editor.status(/names \/nowhere\/stable-diffcoder/);
  const message = editor.page.locator(".notification-toast", { hasText: "/nowhere/stable-diffcoder" });
  await message.first().waitFor();
  assert.equal(await message.count(), 1);
  await editor.screenshot("server-missing");
  await message.getByRole("button", { name: "Open Setting" }).click();
  await editor.page.locator(".settings-editor").waitFor();
  editor.configureMachine({ "stableDiffCoder.server.path": serverPath });
  await editor.status(/ready/);
});
