// Draws media/icon.png: lines of code, some tokens of them still masked. No library: the shapes are rounded bars.
import { deflateSync } from "node:zlib";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const size = 256;
const samples = 4;
const background = [22, 32, 44];
const token = [232, 238, 244];
const fresh = [79, 209, 197];
const masked = [62, 82, 104];
// x, y, width, height, radius and colour, in 256ths of the icon.
const shapes = [
  [0, 0, 256, 256, 48, background],
  [40, 56, 72, 28, 14, token],
  [124, 56, 48, 28, 14, fresh],
  [184, 56, 32, 28, 14, masked],
  [64, 114, 40, 28, 14, fresh],
  [116, 114, 28, 28, 14, masked],
  [156, 114, 60, 28, 14, token],
  [40, 172, 56, 28, 14, token],
  [108, 172, 36, 28, 14, masked],
  [156, 172, 60, 28, 14, fresh],
];

/** Whether a point lies in a bar with round corners. */
function covers([x, y, width, height, radius], px, py) {
  const dx = Math.max(x + radius - px, px - (x + width - radius), 0);
  const dy = Math.max(y + radius - py, py - (y + height - radius), 0);
  return px >= x && px < x + width && py >= y && py < y + height && dx * dx + dy * dy <= radius * radius;
}

/** The colour and opacity of a pixel: the mean over its samples. */
function pixel(column, row) {
  const sum = [0, 0, 0, 0];
  for (let i = 0; i < samples * samples; i++) {
    const px = ((column + ((i % samples) + 0.5) / samples) * 256) / size;
    const py = ((row + (Math.floor(i / samples) + 0.5) / samples) * 256) / size;
    const top = shapes.findLast((shape) => covers(shape, px, py));
    top?.[5].forEach((value, channel) => (sum[channel] += value));
    sum[3] += top ? 1 : 0;
  }
  const opaque = sum[3] || 1;
  return [sum[0] / opaque, sum[1] / opaque, sum[2] / opaque, (255 * sum[3]) / (samples * samples)].map(Math.round);
}

/** One chunk of a PNG file: length, type, data, checksum. */
function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}

function crc(bytes) {
  let value = 0xffffffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    }
  }
  return ~value >>> 0;
}

const header = Buffer.alloc(13);
header.writeUInt32BE(size, 0);
header.writeUInt32BE(size, 4);
// Eight bits a channel; red, green, blue, opacity.
header.set([8, 6], 8);
const rows = Array.from({ length: size }, (_, row) => [0, ...Array.from({ length: size }, (_, column) => pixel(column, row)).flat()]);
const png = Buffer.concat([
  Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  chunk("IHDR", header),
  chunk("IDAT", deflateSync(Buffer.from(rows.flat()), { level: 9 })),
  chunk("IEND", Buffer.alloc(0)),
]);
writeFileSync(join(dirname(dirname(fileURLToPath(import.meta.url))), "media/icon.png"), png);
