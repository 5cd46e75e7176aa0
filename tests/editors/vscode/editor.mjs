// What a user does in an editor, by keys and the mouse, and what a user sees of it. Everything is waited for by what the screen or the disk says.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { commandLine, processesWith } from "./processes.mjs";
import { waitFor } from "./waiting.mjs";

const patience = 120_000;

export class Editor {
  constructor(parts) {
    Object.assign(this, parts);
  }

  /** Writes a file and opens it; `¦` in its text is where the cursor goes. */
  async open(name, marked) {
    const place = marked.indexOf("¦");
    const text = marked.replace("¦", "");
    writeFileSync(join(this.workspace, name), text);
    // A full path, since the index of files is behind.
    await this.quickOpen(join(this.workspace, name), name);
    await this.page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
    if (place >= 0) {
      await this.goTo(marked.slice(0, place).split("\n"));
    }
    return text;
  }

  /** Puts the cursor behind the last of the given lines, which are the file's first. */
  async goTo(lines) {
    const down = Array.from({ length: lines.length - 1 }, () => "ArrowDown");
    const right = Array.from(lines.at(-1), () => "ArrowRight");
    const position = this.page.getByText(`Ln ${lines.length}, Col ${right.length + 1}`, { exact: true });
    await this.until(position, async () => {
      await this.page.locator(".editor-instance .view-line").first().click();
      await this.focused();
      await this.press("Control+Home", ...down, ...right);
    });
  }

  /** Does something until it shows: an editor that has just come loses keys. */
  async until(locator, action) {
    await waitFor(
      async () => {
        await action();
        try {
          await locator.first().waitFor({ timeout: 5_000 });
          return true;
        } catch {
          return false;
        }
      },
      patience,
      () => `${locator} does not come`,
    );
  }

  /** Waits until keys go to a text. */
  async focused() {
    await this.page.locator(".editor-instance .monaco-editor.focused").first().waitFor();
  }

  /** Presses keys that select, and waits until the status bar counts what is selected. */
  async select(words, ...keys) {
    await this.focused();
    await this.press(...keys);
    await this.page.locator("#status\\.editor\\.selection", { hasText: words }).waitFor();
  }

  /** Types into the quick input and takes the entry that begins with what is expected. */
  async quickOpen(text, expected) {
    const input = this.page.locator(".quick-input-widget:visible input[type=text]");
    await this.until(input, () => this.press("Control+P"));
    await input.fill(text);
    const words = new RegExp(`^\\s*${expected.replaceAll(/[^\w\s]/g, "\\$&")}`);
    await this.page.locator(".quick-input-list .monaco-list-row").filter({ hasText: words }).first().click();
  }

  /** Runs a command of the palette by its title. */
  async command(title) {
    await this.quickOpen(`>${title}`, title);
  }

  /** The same; the command leaves the focus in the text. */
  async commandInText(title) {
    await this.command(title);
    await this.page.locator(".quick-input-widget:visible").waitFor({ state: "hidden" });
    await this.focused();
  }

  async type(text) {
    await this.page.keyboard.type(text, { delay: 30 });
  }

  async press(...keys) {
    for (const key of keys) {
      await this.page.keyboard.press(key);
    }
  }

  /** The text of the suggestion, once there is one. */
  async ghostText() {
    await this.page.locator('[class*="ghost-text"]').first().waitFor({ state: "visible", timeout: patience });
    return this.ghostTextNow();
  }

  /** The text of the suggestion that is on the screen; empty without one. */
  async ghostTextNow() {
    return (await this.page.locator('[class*="ghost-text"]').allTextContents()).join("").replaceAll("\u00a0", " ");
  }

  /** The text of the suggestion if there is one soon; else empty. */
  async ghostTextWithin(timeout) {
    try {
      await this.page.locator('[class*="ghost-text"]').first().waitFor({ state: "visible", timeout });
    } catch {
      return "";
    }
    return this.ghostTextNow();
  }

  /** Waits until there is no suggestion on the screen. */
  async noGhostText() {
    await this.page.locator('[class*="ghost-text"]:visible').first().waitFor({ state: "hidden", timeout: patience });
  }

  /** The status bar entry's words; empty while there is none. */
  async statusNow() {
    return this.page.evaluate(
      () => document.querySelector('[id="stable-diffcoder.stable-diffcoder.stableDiffCoder.status"] a')?.getAttribute("aria-label") ?? "",
    );
  }

  /** The same, once they match. */
  async status(pattern, timeout = patience) {
    let words = "";
    await waitFor(
      async () => pattern.test((words = await this.statusNow())),
      timeout,
      () => `the status bar says "${words}"; ${pattern} was expected`,
    );
    return words;
  }

  /** The messages of the editor's corner that hold some words. */
  messages(words) {
    return this.page.locator(".notification-toast", { hasText: words });
  }

  /** How many ranges of the text have a dashed frame, such as pinned words have. */
  async frames() {
    return this.page.evaluate(
      () =>
        [...document.querySelectorAll(".view-overlays .cdr, .view-lines span")].filter(
          (element) => getComputedStyle(element).borderTopStyle === "dashed",
        ).length,
    );
  }

  /** The tab of an edit that is shown as a comparison. */
  diffTab() {
    return this.page.locator(".tab", { hasText: "Suggested Edit" });
  }

  async pause() {
    await this.page.waitForTimeout(20);
  }

  /** Saves, and gives the file once it is as expected: a text, or a condition of one. */
  async saved(name, expected) {
    await this.press("Control+S");
    await this.page.locator(`.tab.active:not(.dirty)[data-resource-name="${name}"]`).waitFor();
    const matches = typeof expected === "string" ? (text) => text === expected : expected;
    await waitFor(
      () => matches(this.onDisk(name)),
      patience,
      () => `${name} on disk is not as expected (${expected}):\n${this.onDisk(name)}`,
    );
    return this.onDisk(name);
  }

  onDisk(name) {
    return readFileSync(join(this.workspace, name), "utf8");
  }

  /** Waits until the file has changes that are not on disk. */
  async dirty() {
    await this.page.locator(".tab.active.dirty").waitFor({ timeout: patience });
  }

  /** Changes settings of the user while the editor runs. */
  configure(changes) {
    this.settings = { ...this.settings, ...changes };
    writeSettings(this.files.user, this.settings);
  }

  /** Changes settings of the machine while the editor runs. */
  configureMachine(changes) {
    this.machineSettings = { ...this.machineSettings, ...changes };
    writeSettings(this.files.machine, this.machineSettings);
  }

  /** Ids of the language servers that this editor runs. */
  serverProcesses() {
    return processesWith(this.home).filter((id) => commandLine(id).includes("lsp"));
  }

  async screenshot(name) {
    return this.keep(name, await this.page.screenshot());
  }

  /** Keeps a picture among the screenshots, and says where. */
  keep(name, picture) {
    mkdirSync(this.screenshots, { recursive: true });
    const file = join(this.screenshots, `${name}.png`);
    writeFileSync(file, picture);
    return file;
  }
}

export function writeSettings(file, value) {
  writeFileSync(file, JSON.stringify(value, null, 2));
}
