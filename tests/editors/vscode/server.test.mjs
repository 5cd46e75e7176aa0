// What becomes of the editor when its server dies or is not there, in a real Visual Studio Code.
import assert from "node:assert/strict";
import { availableParallelism, loadavg } from "node:os";
import { test } from "node:test";
import { serverPath, useEditor } from "./session.mjs";

const source = "class A\n{\n    int Count()\n    {\n        return¦\n    }\n}\n";
const current = useEditor();

// Of a machine that has several times more to do than it can, no more is asked than that the server comes back.
const patience = loadavg()[0] > 3 * availableParallelism() ? 60_000 : 5_000;

test("a server that is killed while it works is back within five seconds, and nothing is lost", async (context) => {
  const editor = current();
  await editor.open("Killed.cs", source);
  await editor.status(/ready/);
  await editor.type("1 + ");
  const [first] = editor.serverProcesses();
  process.kill(first, "SIGKILL");
  const killed = performance.now();
  await editor.status(/starts again|starting|loading/, patience);
  await editor.status(/ready/, patience);
  const milliseconds = performance.now() - killed;
  context.diagnostic(`back after ${(milliseconds / 1_000).toFixed(1)} s`);
  assert.ok(milliseconds < patience, `it took ${milliseconds} ms`);
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
