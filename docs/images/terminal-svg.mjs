// A terminal's screens as one SVG file, one above the other. Needs nothing but a monospace font where it is looked at.

const cell = { width: 8.4, height: 19, font: 14 };
const padding = 18;
const palette = ["#20202a", "#f2777a", "#8fd18f", "#ffcc66", "#6699cc", "#cc99cc", "#66cccc", "#c8c8d0"];
const background = "#17171f";
const plain = "#c8c8d0";

// Spaces in a row would be drawn as one.
const escape = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll(" ", "\u00a0");

/**
 * @param {string} title the command line, drawn first
 * @param {number} columns width of the terminal in characters
 * @param {{x: number, text: string, style: {color: string|number|null, bold: boolean, italic: boolean, dim: boolean}}[][][]} screens
 *   screens of lines of runs; a rule is drawn between two screens
 */
export function drawTerminals(title, columns, screens) {
  const parts = [];
  let y = padding + cell.font;
  const text = (x, words, style) => {
    const color = typeof style.color === "number" ? (palette[style.color % 8] ?? plain) : (style.color ?? plain);
    const looks = `${style.bold ? ' font-weight="bold"' : ""}${style.italic ? ' font-style="italic"' : ""}${style.dim ? ' opacity="0.6"' : ""}`;
    const left = (padding + x * cell.width).toFixed(1);
    // textLength keeps the columns in line whatever font there is.
    parts.push(
      `<text x="${left}" y="${y}" fill="${color}"${looks} textLength="${(words.length * cell.width).toFixed(1)}">${escape(words)}</text>`,
    );
  };
  text(0, title, { color: "#ffffff", bold: true, italic: false, dim: false });
  screens.forEach((lines, index) => {
    y += cell.height;
    if (index > 0) {
      const middle = y - cell.font / 2;
      const right = padding + columns * cell.width;
      parts.push(`<line x1="${padding}" y1="${middle}" x2="${right}" y2="${middle}" stroke="#3a3a48"/>`);
    }
    for (const line of lines) {
      y += cell.height;
      for (const run of line) {
        const lead = run.text.length - run.text.trimStart().length;
        text(run.x + lead, run.text.slice(lead), run.style);
      }
    }
  });
  const width = Math.ceil(2 * padding + columns * cell.width);
  const height = y + padding;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`,
    ` font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="${cell.font}">\n`,
    `<title>${escape(title)}</title>\n<rect width="100%" height="100%" rx="10" fill="${background}"/>\n`,
    parts.join("\n"),
    "\n</svg>\n",
  ].join("");
}
