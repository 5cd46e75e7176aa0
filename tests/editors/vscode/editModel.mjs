// A model folder that takes its time: the embedded model with layers behind its own that compute much and change nothing, so that the eye can follow
// and a test sees the middle of its work. What it writes is what the embedded model writes.
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const times = 32;

/** Makes the folder beside the system's other temporary ones. */
export function makeEditModel(embedded) {
  const folder = mkdtempSync(join(tmpdir(), "stable-diffcoder-edit-model-"));
  cpSync(embedded, folder, { recursive: true });
  const config = JSON.parse(readFileSync(join(embedded, "config.json"), "utf8"));
  const layers = config.num_hidden_layers;
  writeFileSync(join(folder, "config.json"), JSON.stringify({ ...config, num_hidden_layers: layers * times }));
  writeFileSync(join(folder, "model.safetensors"), withIdleLayers(readFileSync(join(embedded, "model.safetensors")), layers));
  return folder;
}

/**
 * A safetensors file (8 bytes of header length, JSON header, data) whose layers come several times over. Of the added ones the last product of either half
 * is zero, so that they add nothing to what passes by them.
 */
function withIdleLayers(file, layers) {
  const headerLength = Number(file.readBigUInt64LE());
  const tensors = JSON.parse(file.toString("utf8", 8, 8 + headerLength));
  const data = file.subarray(8 + headerLength);
  const header = {};
  const pieces = [];
  let length = 0;
  const add = (name, { dtype, shape, data_offsets: [start, end] }, isIdle = false) => {
    header[name] = { dtype, shape, data_offsets: [length, length + end - start] };
    pieces.push(isIdle ? Buffer.alloc(end - start) : data.subarray(start, end));
    length += end - start;
  };
  for (const [name, tensor] of Object.entries(tensors)) {
    const layer = /^(model\.layers\.)(\d+)(\..*)$/.exec(name);
    if (name === "__metadata__") {
      header[name] = tensor;
    } else if (layer) {
      for (let time = 0; time < times; time++) {
        const isIdle = time > 0 && /\.(o_proj|down_proj)\./.test(name);
        add(`${layer[1]}${Number(layer[2]) + time * layers}${layer[3]}`, tensor, isIdle);
      }
    } else {
      add(name, tensor);
    }
  }
  const words = Buffer.from(JSON.stringify(header));
  const start = Buffer.alloc(8);
  start.writeBigUInt64LE(BigInt(words.length));
  return Buffer.concat([start, words, ...pieces]);
}
