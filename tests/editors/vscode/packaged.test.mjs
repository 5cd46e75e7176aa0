// The package of a platform, as a user gets it: installed, with neither a server nor a model set.
import assert from "node:assert/strict";
import { test } from "node:test";
import { commandLine } from "./processes.mjs";
import { packWithServer, useEditor } from "./session.mjs";

const current = useEditor({
  vsix: packWithServer,
  machineSettings: {},
  env: {},
  // Nothing says where server and model are. The model shows what it is unsure of, too, so that there is something to see at any place.
  settings: { "stableDiffCoder.inlineCompletion.eagerness": 1 },
});

test("the packed server and its model make suggestions with neither named", async () => {
  const editor = current();
  const before = await editor.open("Works.cs", "class A\n{\n    public override string ToString()\n    {\n        return¦\n    }\n}\n");
  await editor.status(/ready/);
  await editor.type(" ");
  const ghost = await editor.ghostText();
  await editor.screenshot("packaged");
  const [server] = editor.serverProcesses();
  assert.match(commandLine(server)[0], /\/extensions\/stable-diffcoder[^/]*\/server\/stable-diffcoder$/);
  await editor.press("Tab");
  const after = await editor.saved("Works.cs", (text) => text !== before && text !== before.replace("return\n", "return \n"));
  assert.ok(after.includes(ghost.split("\n")[0].trim()), `"${ghost}" is not in ${after}`);
});
