import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { commandIds } from "../src/commandIds";

interface Setting {
  default: unknown;
  markdownDescription?: string;
  scope?: string;
}

interface Manifest {
  engines: { vscode: string };
  icon: string;
  extensionKind: string[];
  capabilities: { untrustedWorkspaces: { restrictedConfigurations: string[] } };
  contributes: {
    commands: { command: string; title: string }[];
    keybindings: { command: string; key: string; mac?: string; when: string }[];
    configuration: { properties: Record<string, Setting> }[];
    walkthroughs: { steps: { description: string; media: Record<string, string> }[] }[];
  };
  devDependencies: Record<string, string>;
}

const folder = new URL("..", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL("package.json", folder), "utf8")) as Manifest;
const page = readFileSync(new URL("../docs/lsp-extensions.md", folder), "utf8");
const { commands, keybindings, configuration, walkthroughs } = manifest.contributes;
const settings = Object.assign({}, ...configuration.map((group) => group.properties)) as Record<string, Setting>;

test("each command is declared, and nothing is declared that is not one", () => {
  expect(commands.map((entry) => entry.command).sort()).toEqual(Object.values(commandIds).sort());
});

test("the server's settings are those of docs/lsp-extensions.md, with their defaults", () => {
  const rows = [...page.matchAll(/^\| `(\w+\.\w+)` \| `(.*?)` \|/gm)];
  const documented = Object.fromEntries(
    rows.map(([, name, value]) => [`stableDiffCoder.${name ?? ""}`, JSON.parse(value ?? "") as unknown]),
  );
  const declared = Object.entries(settings).filter(([name]) => name !== "stableDiffCoder.server.path");
  expect(Object.fromEntries(declared.map(([name, setting]) => [name, setting.default]))).toEqual(documented);
});

test("every setting is described", () => {
  for (const [name, setting] of Object.entries(settings)) {
    expect(setting.markdownDescription, name).toMatch(/\w+.*\.$/);
  }
});

test("an untrusted workspace chooses neither the server nor the model", () => {
  const restricted = manifest.capabilities.untrustedWorkspaces.restrictedConfigurations;
  expect(restricted).toEqual(Object.keys(settings).filter((name) => name.endsWith(".path")));
});

test("keys leave Tab, Enter and Esc alone unless a preview is before the user's eyes", () => {
  const taken = keybindings.filter(({ key }) => /tab|enter|escape/i.test(key));
  expect(taken.map(({ key }) => key)).toEqual(["tab", "enter", "escape"]);
  for (const { when } of taken) {
    expect(when).toMatch(/^stableDiffCoder\.previewVisible && /);
  }
});

test("no key is Ctrl+Alt and a letter that a keyboard needs for a character", () => {
  // AltGr is Ctrl+Alt on Windows: € is AltGr+E on many keyboards, @ is AltGr+Q or AltGr+V.
  for (const { key } of keybindings) {
    expect(key).not.toMatch(/^ctrl\+alt\+[eqvm]$/);
  }
});

test("the extension runs where the files are", () => {
  expect(manifest.extensionKind).toEqual(["workspace"]);
});

test("pictures that the manifest names exist, and commands that it links", () => {
  const media = walkthroughs.flatMap((walkthrough) => walkthrough.steps.flatMap((step) => Object.values(step.media)));
  const files = [manifest.icon, ...media.filter((value) => /^media\/.*\.\w+$/.test(value))];
  for (const file of files) {
    expect(existsSync(new URL(file, folder)), file).toBe(true);
  }
  const links = walkthroughs.flatMap((walkthrough) =>
    walkthrough.steps.map((step) => /command:(stableDiffCoder\.\w+)/.exec(step.description)?.[1]),
  );
  for (const link of links.filter((value) => value !== undefined)) {
    expect(Object.values(commandIds)).toContain(link);
  }
});

test("the editor's types are those of the oldest editor that is supported", () => {
  expect(manifest.engines.vscode).toBe(`^${manifest.devDependencies["@types/vscode"] ?? ""}`);
});
