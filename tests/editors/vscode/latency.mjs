// The time from a key to the suggestion that it brings, measured inside the page.

/**
 * Presses the space bar at the ends of unlike lines.
 * @returns Milliseconds from key to ghost text, in ascending order, of the keystrokes that had one.
 */
export async function keystrokeLatency(editor, count) {
  const method = (i) => `    public int Sum${i}(int a${i}, int b${i})\n    {\n        return\n    }\n`;
  const lines = `class Latency\n{\n${Array.from({ length: count }, (_, i) => method(i)).join("\n")}}\n`;
  await editor.open("Latency.cs", lines.replace("return\n", "return¦\n"));
  await editor.page.evaluate(watch);
  const times = [];
  for (let i = 0; i < count; i++) {
    await editor.press("Space");
    const time = await editor.page.evaluate(() => globalThis.ghostTextTime(5_000));
    if (time !== null) {
      times.push(time);
    }
    await editor.press("Escape");
    await editor.noGhostText();
    // Nothing is left for the next suggestion to take as the document's way: a blank and no more.
    await editor.press("Backspace", "Escape", "ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown", "End");
  }
  return times.sort((a, b) => a - b);
}

/** Notes when a space is pressed and when ghost text is there after it. */
function watch() {
  let pressed = 0;
  let shown = null;
  const ghost = () => document.querySelector('[class*="ghost-text"]') !== null;
  globalThis.addEventListener(
    "keydown",
    (event) => {
      if (event.key === " ") {
        pressed = performance.now();
        shown = null;
      }
    },
    { capture: true },
  );
  new MutationObserver(() => {
    if (shown === null && pressed > 0 && ghost()) {
      shown = performance.now() - pressed;
    }
  }).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["class"] });
  globalThis.ghostTextTime = async (patience) => {
    const end = performance.now() + patience;
    while (shown === null && performance.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return shown;
  };
}
