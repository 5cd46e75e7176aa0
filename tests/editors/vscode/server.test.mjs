// What becomes of the editor when its server dies at work, in a real Visual Studio Code.
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { after, test } from "node:test";
import { makeEditModel } from "./editModel.mjs";
import { embeddedModel, useEditor } from "./session.mjs";

// One that takes its time, so that there is a middle of its work.
const model = makeEditModel(embeddedModel);
after(() => {
  rmSync(model, { recursive: true, force: true });
});

const source = "class A\n{\n    int Count()\n    {\n        ¦HOLE;\n    }\n}\n";
// No suggestion unasked: what is at work is the fill.
const current = useEditor({
  env: { STABLE_DIFFCODER_MODEL: model },
  settings: { "stableDiffCoder.activation.automatic": false },
});

// Of a machine that has several times more to do than it can, no more is asked than that the server comes back.
const patience = loadavg()[0] > 2 * availableParallelism() ? 60_000 : 5_000;

test("a server that is killed in the middle of a request is back within five seconds, and nothing is lost", async (context) => {
  const editor = current();
  await editor.open("Killed.cs", source);
  await editor.status(/ready/);
  await editor.type("return 1 + ");
  await editor.dirty();
  await editor.select("5 selected", "Shift+End");
  await editor.press("Control+Alt+F");
  await editor.status(/working/);
  const [first] = editor.serverProcesses();
  // A message goes away by itself after a while, so it is looked for from now on.
  const message = editor.messages("The language server ended while it was at work; nothing was filled.");
  const told = message
    .first()
    .waitFor()
    .then(() => message.count());
  // It is asked for below, unless something else fails before.
  told.catch(() => undefined);
  process.kill(first, "SIGKILL");
  const killed = performance.now();
  await editor.status(/starts again|starting|loading/, patience);
  await editor.status(/ready/, patience);
  const milliseconds = performance.now() - killed;
  context.diagnostic(`back after ${(milliseconds / 1_000).toFixed(1)} s`);
  assert.ok(milliseconds < patience, `it took ${milliseconds} ms`);
  assert.ok(!editor.serverProcesses().includes(first));
  assert.equal(await told, 1);
  await editor.screenshot("server-killed");
  const typed = source.replace("¦", "return 1 + ");
  await editor.saved("Killed.cs", typed);
  // What was asked for can be asked for again: the new server knows the document as it is.
  await editor.focused();
  await editor.press("Control+Alt+F");
  await editor.dirty();
  await editor.saved("Killed.cs", (text) => text !== typed && !text.includes("HOLE") && text.includes("return 1 + "));
});
