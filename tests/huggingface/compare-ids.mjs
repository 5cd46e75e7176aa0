// Compares a tokenizer's ids with those of Hugging Face's own libraries for Node: node compare-ids.mjs TOKENIZER_JSON CASES
// CASES is JSON lines {"text","ids"}. Prints one JSON line: {"library": {"cases": n, "differing": [{"text","ids","expected"}]}}, at most 5 each.
import { createReadStream, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { Tokenizer } from "@huggingface/tokenizers";
import { PreTrainedTokenizer } from "@huggingface/transformers";

const [definition, cases] = process.argv.slice(2);
const read = () => JSON.parse(readFileSync(definition, "utf8"));
const tokenizer = new Tokenizer(read(), {});
const pretrained = new PreTrainedTokenizer(read(), {});
const libraries = {
  "@huggingface/tokenizers": (text) => tokenizer.encode(text, { add_special_tokens: false }).ids,
  "@huggingface/transformers": (text) => pretrained.encode(text, { add_special_tokens: false }),
};

const report = Object.fromEntries(Object.keys(libraries).map((name) => [name, { cases: 0, differing: [] }]));
for await (const line of createInterface({ input: createReadStream(cases) })) {
  const { text, ids: expected } = JSON.parse(line);
  for (const [name, encode] of Object.entries(libraries)) {
    const ids = encode(text);
    report[name].cases++;
    if (ids.join() !== expected.join() && report[name].differing.length < 5) {
      report[name].differing.push({ text, ids, expected });
    }
  }
}
console.log(JSON.stringify(report));
