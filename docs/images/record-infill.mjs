// Draws docs/images/infill.svg: what `stable-diffcoder infill` shows in a terminal while it denoises, and what it leaves behind.
// Linux; after `npm ci` and `dotnet build -c Release`:   npm run picture -- [--frame 0..1] [further options of infill]
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import xterm from "@xterm/headless";
import { drawTerminals } from "./terminal-svg.mjs";

const columns = 100;
const rows = 40;
const mask = "▒";
const shown = ["infill", "docs/samples/BoundedQueue.cs", "--span", "43:17-43:75", "--stop", ";"];

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");
const extra = process.argv.slice(2);
const place = extra[0] === "--frame" ? Number(extra.splice(0, 2)[1]) : 0.5;

/** All that the command wrote to a terminal, as text with escape sequences. */
function record() {
  const folder = mkdtempSync(join(tmpdir(), "stable-diffcoder-picture"));
  try {
    const log = join(folder, "typescript");
    const program = join(root, "server/StableDiffCoder.Cli/bin/Release/net10.0/stable-diffcoder.dll");
    const words = ["dotnet", program, ...shown, ...extra].map((word) => `'${word.replaceAll("'", "'\\''")}'`);
    const command = `stty cols ${columns} rows ${rows}; exec ${words.join(" ")}`;
    const env = { ...process.env, TERM: "xterm-256color", COLORTERM: "truecolor", SHELL: "/bin/sh", CI: "" };
    delete env.NO_COLOR;
    const { error, status, stdout } = spawnSync("script", ["-qefc", command, log], { cwd: root, env, encoding: "utf8" });
    if (error || status !== 0) {
      throw error ?? new Error(`infill ended with code ${status}: ${stdout}`);
    }
    // `script` puts a line of its own at either end.
    return readFileSync(log, "utf8").replace(/^Script started[^\n]*\n/, "").replace(/\n*Script done[^\n]*\n?$/, "");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The screen after each repainting, as rows of cells; the last one is what stays. */
async function screens(output) {
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  const write = (text) => new Promise((resolve) => terminal.write(text, resolve));
  const result = [];
  // Each repainting begins by moving the cursor up.
  for (const piece of output.split(/(?=\x1b\[\d+A)/)) {
    await write(piece);
    const lines = Array.from({ length: rows }, (_, y) => runs(terminal.buffer.active.getLine(terminal.buffer.active.baseY + y)));
    while (lines.length > 0 && lines.at(-1).length === 0) {
      lines.pop();
    }
    result.push(lines);
  }
  return result;
}

/** A line as pieces of one style: where each begins, its text and its looks. */
function runs(line) {
  const result = [];
  for (let x = 0; x < columns; x++) {
    const cell = line.getCell(x);
    const style = {
      color: cell.isFgRGB() ? `#${cell.getFgColor().toString(16).padStart(6, "0")}` : cell.isFgPalette() ? cell.getFgColor() : null,
      bold: cell.isBold() !== 0,
      italic: cell.isItalic() !== 0,
      dim: cell.isDim() !== 0,
    };
    const text = cell.getChars() || " ";
    const last = result.at(-1);
    if (last && JSON.stringify(last.style) === JSON.stringify(style)) {
      last.text += text;
    } else {
      result.push({ x, text, style });
    }
  }
  return result.filter((run) => run.text.trim() !== "").map((run) => ({ ...run, text: run.text.trimEnd() }));
}

const all = await screens(record());
const masked = all.filter((lines) => lines.some((line) => line.some((run) => run.text.includes(mask))));
if (masked.length === 0) {
  throw new Error("no repainting with masked text was seen; is stdout of the command a terminal?");
}
const during = masked[Math.min(masked.length - 1, Math.floor(place * masked.length))];
const title = `$ stable-diffcoder ${shown.map((word) => (/^[\w./:-]+$/.test(word) ? word : `"${word}"`)).join(" ")}`;
writeFileSync(join(here, "infill.svg"), drawTerminals(title, columns, [during, all.at(-1)]));
console.log(`docs/images/infill.svg: repainting ${masked.indexOf(during) + 1} of ${masked.length}`);
