// Suggestions while typing, in a real Visual Studio Code with the real server and the embedded model.
import assert from "node:assert/strict";
import { test } from "node:test";
import { keystrokeLatency } from "./latency.mjs";
import { useEditor } from "./session.mjs";
import { waitFor } from "./waiting.mjs";

// A place where a suggestion comes whatever else is open.
const source = `class A
{
    public void Rename(string name)
    {
        if (name == null)
        {
            throw¦
        }
    }
}
`;
const written = "            throw ";

const current = useEditor();

test("the server starts with the first file and says so", async () => {
  const editor = current();
  await editor.open("First.cs", "class First\n{\n}\n");
  await editor.status(/ready/);
  await editor.screenshot("ready");
});

test("ghost text appears while typing, Tab accepts it, and the file on disk has it", async () => {
  const editor = current();
  const before = await editor.open("Accepted.cs", source);
  await editor.status(/ready/);
  await editor.type(" ");
  const ghost = await editor.ghostText();
  await editor.screenshot("ghost-text");
  assert.equal(editor.onDisk("Accepted.cs"), before);
  await editor.press("Tab");
  const after = await editor.saved("Accepted.cs", (text) => text !== before && text !== source.replace("¦", " "));
  await editor.screenshot("accepted");
  const [first] = ghost.split("\n");
  assert.ok(after.includes(`${written}${first.trim()}`), `"${ghost}" is not in ${after}`);
});

test("Esc sends the suggestion away and leaves the file as it was typed", async () => {
  const editor = current();
  await editor.open("Refused.cs", source);
  await editor.status(/ready/);
  await editor.type(" ");
  await editor.ghostText();
  await editor.press("Escape");
  await editor.noGhostText();
  await editor.saved("Refused.cs", source.replace("¦", " "));
});

test("Ctrl+Right takes the next word only", async () => {
  const editor = current();
  await editor.open("Word.cs", source);
  await editor.status(/ready/);
  await editor.type(" ");
  const ghost = await editor.ghostText();
  await editor.press("Control+ArrowRight");
  const typed = source.replace("¦", " ");
  const after = await editor.saved("Word.cs", (text) => text.length > typed.length);
  const taken = after.split("\n")[6].slice(written.length);
  assert.ok(taken.length > 0 && ghost.startsWith(taken), `"${taken}" was taken of "${ghost}"`);
});

test("Ctrl+Alt+Right takes the next line only", async () => {
  const editor = current();
  await editor.open("Line.cs", "using System;\n\npublic class Line\n{\n    public string Name\n   ¦\n}\n");
  await editor.status(/ready/);
  await editor.type(" ");
  const ghost = (await editor.ghostText()).trim();
  await editor.screenshot("several-lines");
  await editor.press("Control+Alt+ArrowRight");
  const after = await editor.saved("Line.cs", (text) => text.split("\n")[5].trim() !== "");
  const [taken, ...behind] = after.split("\n").slice(5);
  assert.ok(ghost.includes(taken.trim()) && taken.trim().length < ghost.length, `"${taken}" was taken of "${ghost}"`);
  assert.equal(behind.join("").trim(), "}");
  // The rest is still offered.
  await editor.ghostText();
  await editor.press("Escape");
});

test("Alt+] shows another suggestion, and Alt+[ the first one again", async () => {
  const editor = current();
  await editor.open("Others.cs", source.replaceAll("A", "Others"));
  await editor.status(/ready/);
  await editor.type(" ");
  const first = await editor.ghostText();
  const shown = async () => (await editor.ghostTextNow()).trim();
  await editor.press("Alt+]");
  await waitFor(
    async () => !["", first.trim()].includes(await shown()),
    60_000,
    () => `nothing but "${first}" is shown`,
  );
  await editor.screenshot("another");
  await editor.press("Alt+[");
  await waitFor(
    async () => (await shown()) === first.trim(),
    60_000,
    () => `"${first}" does not come back`,
  );
  await editor.press("Escape");
});

test("a file that has no name yet has suggestions, too", async () => {
  const editor = current();
  await editor.press("Control+Alt+N");
  await editor.page.locator(".tab.active", { hasText: "Untitled" }).waitFor();
  await editor.type(`class B\n{\nvoid Rename(string name)\n{\nif (name == null)\n{\nthrow `);
  await editor.ghostText();
  await editor.press("Escape");
  await editor.command("View: Revert and Close Editor");
});

test("a setting is honoured as soon as it is changed", async () => {
  const editor = current();
  await editor.open("Before.cs", "class Before\n{\n}\n");
  await editor.status(/ready/);
  editor.configureMachine({ "stableDiffCoder.model.path": "/nowhere/model" });
  await editor.status(/\/nowhere\/model|could not be loaded/);
  await editor.screenshot("model-missing");
  editor.configureMachine({ "stableDiffCoder.model.path": null });
  await editor.status(/ready/);
  await editor.open("Again.cs", source.replaceAll("A", "Again"));
  await editor.type(" ");
  await editor.ghostText();
  await editor.press("Escape");
});

test("a language is switched off and on, and the status bar says so", async () => {
  const editor = current();
  await editor.open("Off.cs", source.replaceAll("A", "Off"));
  await editor.command("Stable DiffCoder: Switch Suggestions On or Off for This Language");
  await editor.status(/off for csharp/);
  await editor.command("Stable DiffCoder: Switch Suggestions On or Off for This Language");
  await editor.status(/ready/);
  await editor.type(" ");
  await editor.ghostText();
  await editor.press("Escape");
});

test("fifty keystrokes have suggestions, and the time to each is told", async (context) => {
  const times = await keystrokeLatency(current(), 50);
  assert.ok(times.length >= 40, `only ${times.length} of 50 keystrokes had a suggestion`);
  const at = (share) => times[Math.ceil(share * times.length) - 1].toFixed(0);
  context.diagnostic(`key press to ghost text: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, ${times.length} of 50 keystrokes`);
});
