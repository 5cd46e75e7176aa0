// Edit by instruction, in a real Visual Studio Code with the real server and the embedded model, slowed down.
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { after, test } from "node:test";
import { makeEditModel } from "./editModel.mjs";
import { embeddedModel, useEditor } from "./session.mjs";

const source = `class Shop
{
    public void PrintAll(string[] names)
    {
        ¦foreach (string name in names)
        {
            Console.WriteLine(name);
        }
    }
}
`;

const model = makeEditModel(embeddedModel);
after(() => {
  rmSync(model, { recursive: true, force: true });
});

const current = useEditor({
  env: { STABLE_DIFFCODER_MODEL: model },
  settings: { "stableDiffCoder.activation.automatic": false },
});

test("an edit is shown while it comes about, and the file stays as it is until Tab makes it in one undo step", async () => {
  const editor = current();
  const before = await askForEdit(editor, "Accepted.cs", "turn the foreach into a for loop");
  const pictures = [];
  let photographed = "";
  while (!(await isWorking(editor))) {
    await editor.pause();
  }
  while (await isWorking(editor)) {
    const canvas = await shownCanvas(editor);
    if (canvas.includes("▒") && canvas !== photographed) {
      const picture = await editor.page.screenshot();
      photographed = await shownCanvas(editor);
      // The picture shows this canvas or one of those between; the next one is taken of a later one.
      if (photographed.includes("▒")) {
        pictures.push(picture);
      }
    }
  }
  await editor.status(/ready/);
  pictures.forEach((picture, index) => {
    editor.keep(`canvas-${index + 1}`, picture);
  });
  await editor.screenshot("edit-answer");
  assert.ok(pictures.length >= 2, `canvases seen: ${pictures.length}`);
  assert.equal(editor.onDisk("Accepted.cs"), before);
  await editor.press("Tab");
  await editor.dirty();
  await editor.screenshot("edit-accepted");
  const edited = await editor.saved("Accepted.cs", (text) => text !== before);
  assert.ok(!edited.includes("▒"));
  await editor.press("Control+Z");
  await editor.saved("Accepted.cs", before);
});

test("Esc rejects a finished edit and leaves the file as it was", async () => {
  const editor = current();
  const before = await askForEdit(editor, "Rejected.cs", "throw when there is nothing");
  await editor.status(/working/);
  await editor.status(/ready/);
  await editor.diffTab().waitFor();
  await editor.press("Escape");
  await leftAlone(editor, "Rejected.cs", before);
});

test("Esc while it comes about stops the server and leaves the file as it was", async () => {
  const editor = current();
  const before = await askForEdit(editor, "Cancelled.cs", "use a loop over a span");
  await editor.status(/working/);
  await editor.press("Escape");
  await editor.status(/ready/, 5_000);
  await leftAlone(editor, "Cancelled.cs", before);
});

test("closing the comparison rejects the edit", async () => {
  const editor = current();
  const before = await askForEdit(editor, "Closed.cs", "make it a property");
  await editor.diffTab().waitFor();
  await editor.diffTab().getByRole("button", { name: /Close/ }).click();
  await editor.status(/ready/);
  await leftAlone(editor, "Closed.cs", before);
});

test("earlier instructions are offered again", async () => {
  const editor = current();
  await editor.open("Again.cs", source);
  await editor.press("Shift+Alt+E");
  const rows = editor.page.locator(".quick-input-list .monaco-list-row");
  await rows.filter({ hasText: "turn the foreach into a for loop" }).waitFor();
  await editor.screenshot("instruction-history");
  await editor.press("Escape");
});

/** Opens a file, selects the loop and asks for an edit. */
async function askForEdit(editor, name, instruction) {
  const before = await editor.open(name, source);
  await editor.status(/ready/);
  await editor.select("selected", ...Array.from({ length: 3 }, () => "Shift+ArrowDown"), "Shift+End");
  await editor.press("Shift+Alt+E");
  const prompt = editor.page.locator(".quick-input-widget:visible input[type=text]");
  await prompt.waitFor();
  await editor.type(instruction);
  await editor.page.locator(".quick-input-list .monaco-list-row").first().filter({ hasText: instruction }).waitFor();
  await editor.screenshot("instruction");
  await editor.press("Enter");
  return before;
}

async function isWorking(editor) {
  return /working/.test(await editor.statusNow());
}

async function shownCanvas(editor) {
  return (await editor.page.locator(".modified-in-monaco-diff-editor .view-lines, .editor.modified .view-lines").allTextContents()).join(
    "\n",
  );
}

async function leftAlone(editor, name, before) {
  await editor.diffTab().waitFor({ state: "detached" });
  await editor.page.locator(`.tab.active:not(.dirty)[data-resource-name="${name}"]`).waitFor();
  await editor.saved(name, before);
}
