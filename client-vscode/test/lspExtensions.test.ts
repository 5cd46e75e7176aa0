import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const page = readFileSync(new URL("../../docs/lsp-extensions.md", import.meta.url), "utf8");
const source = readFileSync(new URL("../src/lspExtensions.ts", import.meta.url), "utf8");

/** Interfaces of a text by name, without comments and white space. */
function interfaces(text: string): Map<string, string> {
  const bare = text.replace(/\/\*[^]*?\*\/|\/\/.*$/gm, "").replaceAll("integer", "number");
  const found = bare.matchAll(/^(?:export )?interface (\w+) (\{[^]*?^\})/gm);
  return new Map([...found].map(([, name, body]) => [name ?? "", (body ?? "").replace(/\s+/g, "")]));
}

test("each message that the client knows is spelled as docs/lsp-extensions.md has it", () => {
  const documented = interfaces([...page.matchAll(/```typescript\n([^]*?)```/g)].map(([, block]) => block ?? "").join("\n"));
  const declared = interfaces(source);
  expect(declared.size).toBeGreaterThan(0);
  for (const [name, body] of declared) {
    expect(body, name).toBe(documented.get(name));
  }
});

test("each method that the client calls is in the table of methods", () => {
  const methods = [...source.matchAll(/"(stableDiffCoder\/[\w/]+)"/g)].map(([, method]) => method ?? "");
  expect(methods.length).toBeGreaterThan(0);
  for (const method of methods) {
    expect(page).toContain(`| \`${method}\` |`);
  }
});
