// Makes the pictures of the extension's README and walkthrough by using it: client-vscode/media. Linux; after `npm ci` and `dotnet build -c Release`:
//   npm run picture:vscode
// The model is the embedded one, slowed down so that the eye can follow (editModel.mjs).
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import gifenc from "gifenc";
import { PNG } from "pngjs";
import { startEditor } from "./start.mjs";
import { makeEditModel } from "./editModel.mjs";
import { embeddedModel, packExtension, root, serverPath } from "./session.mjs";
import { installTools } from "./tools.mjs";

const media = join(root, "client-vscode/media");
const size = { width: 760, height: 400 };
const frameMilliseconds = 250;
const lastFrameMilliseconds = 2_500;
const colours = 64;

const model = makeEditModel(embeddedModel);
const editor = await startEditor(installTools(), {
  vsix: packExtension(),
  settings: {
    "stableDiffCoder.inlineCompletion.eagerness": 1,
    "breadcrumbs.enabled": false,
    "workbench.activityBar.location": "hidden",
    "workbench.layoutControl.enabled": false,
    "editor.scrollBeyondLastLine": false,
    "editor.stickyScroll.enabled": false,
  },
  machineSettings: { "stableDiffCoder.server.path": serverPath },
  env: { STABLE_DIFFCODER_MODEL: model },
  screenshots: media,
});
try {
  await editor.page.setViewportSize(size);
  await editor.press("Control+B");
  await fill();
  await menu();
  await edit();
} finally {
  await editor.close();
  rmSync(model, { recursive: true, force: true });
}

/** Fills a statement of a sample; the animation is of its canvases. */
async function fill() {
  const sample = readFileSync(join(root, "docs/samples/BoundedQueue.cs"), "utf8");
  const statement = 'throw new InvalidOperationException("The queue is empty.");';
  await editor.open("BoundedQueue.cs", sample.replace(statement, `¦${statement}`));
  await editor.status(/ready/);
  await editor.press("Shift+End", ...Array.from({ length: 7 }, () => "Control+ArrowDown"));
  const frames = [await editor.page.screenshot()];
  await editor.press("Control+Alt+F");
  await editor.status(/working/);
  while (/working/.test(await editor.statusNow())) {
    frames.push(await editor.page.screenshot());
  }
  await editor.dirty();
  frames.push(await editor.page.screenshot());
  writeFileSync(join(media, "fill.gif"), animation(frames));
  await editor.press("Control+Z");
  await editor.saved("BoundedQueue.cs", sample);
}

async function menu() {
  await editor.command("Stable DiffCoder: Show Menu");
  await editor.page.getByText("Pause suggestions").waitFor();
  await editor.screenshot("menu");
  await editor.press("Escape");
}

/** Asks for an edit; the picture is of a canvas. */
async function edit() {
  await editor.open("Basket.cs", "class Basket\n{\n    ¦public int Total(int[] prices)\n    {\n        return prices.Sum();\n    }\n}\n");
  await editor.press("Shift+ArrowDown", "Shift+ArrowDown", "Shift+ArrowDown", "Shift+End");
  await editor.press("Shift+Alt+E");
  await editor.page.locator(".quick-input-widget:visible input[type=text]").waitFor();
  await editor.type("use a loop instead");
  await editor.page.locator(".quick-input-list .monaco-list-row").first().filter({ hasText: "use a loop instead" }).waitFor();
  await editor.press("Enter");
  await editor.diffTab().waitFor();
  // The last canvas whose masks stand behind some text.
  while (/working/.test(await editor.statusNow())) {
    const lines = await editor.page.locator(".editor.modified .view-line").allTextContents();
    const picture = await editor.page.screenshot();
    if (lines.some((line) => line.includes("▒")) && lines.some((line) => /[\w;}]\s*▒/.test(line))) {
      editor.keep("edit", picture);
    }
  }
  await editor.press("Escape");
}

/** Frames as one GIF. What stays as it was is transparent, which takes next to no room; a frame in which nothing changes is left out. */
function animation(frames) {
  const gif = gifenc.GIFEncoder();
  const pictures = frames.map((frame) => PNG.sync.read(frame));
  const palette = gifenc.quantize(pictures[Math.floor(pictures.length / 2)].data, colours - 1);
  const clear = palette.length;
  let before;
  pictures.forEach(({ data, width, height }, index) => {
    const pixels = gifenc.applyPalette(data, palette);
    const changed = pixels.map((colour, place) => (colour === before?.[place] ? clear : colour));
    const isLast = index === pictures.length - 1;
    if (isLast || changed.some((colour) => colour !== clear)) {
      const options = { transparent: true, transparentIndex: clear, dispose: 1, delay: isLast ? lastFrameMilliseconds : frameMilliseconds };
      gif.writeFrame(changed, width, height, { ...options, ...(index === 0 ? { palette: [...palette, [0, 0, 0]] } : {}) });
    }
    before = pixels;
  });
  gif.finish();
  return gif.bytes();
}
