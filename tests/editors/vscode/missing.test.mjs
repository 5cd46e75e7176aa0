// What the editor says when there is no server, or no .NET for it: one message, with a button that helps.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { test } from "node:test";
import { serverPath, useEditor } from "./session.mjs";

const lacks = (program) => (folder) => !existsSync(join(folder, program));
const path = process.env.PATH.split(delimiter).filter(lacks("dotnet")).filter(lacks("stable-diffcoder")).join(delimiter);
// A machine on which neither the server nor .NET is found.
const current = useEditor({
  machineSettings: {},
  env: { PATH: path },
});

test("without any server there is one message, whose button says how to get one", async () => {
  const editor = current();
  await editor.open("None.cs", "class None\n{\n}\n");
  await editor.status(/No language server came with/);
  await once(editor, "No language server came with");
  // Another file is no reason to say it again.
  await editor.open("Another.cs", "class Another\n{\n}\n");
  await editor.screenshot("server-nowhere");
  await (await once(editor, "No language server came with")).getByRole("button", { name: "How to Get It" }).click();
  await editor.page.locator(".tab.active", { hasText: /Preview readme\.md/i }).waitFor();
  await editor.screenshot("how-to-get-it");
  assert.equal(await editor.page.getByText("cannot be found").count(), 0);
});

test("a server that the setting names in vain is told with the setting", async () => {
  const editor = current();
  editor.configureMachine({
    "stableDiffCoder.server.path": "/nowhere/stable-diffcoder",
  });
  await editor.status(/names \/nowhere\/stable-diffcoder/);
  const message = await once(editor, "/nowhere/stable-diffcoder");
  await editor.screenshot("server-missing");
  await message.getByRole("button", { name: "Open Setting" }).click();
  await editor.page
    .locator(".settings-editor .setting-item", {
      hasText: "Full path of the language server",
    })
    .first()
    .waitFor();
  await editor.screenshot("server-setting");
});

test("a server without .NET on the path is told with where to get it", async () => {
  const editor = current();
  editor.configureMachine({ "stableDiffCoder.server.path": serverPath });
  await editor.status(/needs the \.NET 10 runtime/);
  const message = await once(editor, "needs the .NET 10 runtime");
  assert.equal(await editor.messages("create connection").count(), 0);
  await editor.screenshot("dotnet-missing");
  await message.getByRole("button", { name: "Get .NET 10" }).click();
  // The editor asks before it leaves for a page.
  const dialog = editor.page.locator(".monaco-dialog-box", { hasText: "https://dotnet.microsoft.com/download/dotnet/10.0" });
  await dialog.waitFor();
  await editor.screenshot("dotnet-page");
  await editor.press("Escape");
  await dialog.waitFor({ state: "detached" });
});

/** The one message that holds some words. */
async function once(editor, words) {
  const message = editor.messages(words);
  await message.first().waitFor();
  assert.equal(await message.count(), 1);
  return message;
}
