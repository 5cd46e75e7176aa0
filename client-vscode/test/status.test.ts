import { expect, test } from "vitest";
import { commandIds } from "../src/commandIds";
import { menuEntries } from "../src/menu";
import { describe as words, type Status } from "../src/status";
import { StatusModel } from "../src/statusModel";

const ready: Status = {
  server: { kind: "ready" },
  working: 0,
  paused: false,
  language: { id: "csharp", on: true },
  model: undefined,
  modelPath: undefined,
};

test("loading shows its percentage", () => {
  const text = words({ ...ready, server: { kind: "loading", percent: 40, message: "reading weights" } });
  expect(text.text).toContain("40 %");
  expect(text.label).toContain("reading weights");
});

test("each state has words of its own", () => {
  const states: Status[] = [
    ready,
    { ...ready, working: 1 },
    { ...ready, paused: true },
    { ...ready, language: { id: "csharp", on: false } },
    { ...ready, server: { kind: "starting" } },
    { ...ready, server: { kind: "stopped" } },
    { ...ready, server: { kind: "loading", percent: undefined, message: undefined } },
    { ...ready, server: { kind: "restarting", delayMilliseconds: 500 } },
    { ...ready, server: { kind: "error", message: "no server" } },
  ];
  const labels = states.map((state) => words(state).label);
  expect(new Set(labels).size).toBe(states.length);
});

test("an error is said even when suggestions are paused", () => {
  const text = words({ ...ready, paused: true, server: { kind: "error", message: "no server" } });
  expect(text.severity).toBe("error");
  expect(text.label).toContain("no server");
});

test("the tooltip names the model folder", () => {
  expect(words({ ...ready, modelPath: "/models/8b" }).tooltip.join("\n")).toContain("/models/8b");
});

test("the tooltip says what the server loaded rather than what was asked for", () => {
  const model = { name: "stable-diffcoder-mini", device: "cpu", dataType: "float32" };
  const tooltip = words({ ...ready, model, modelPath: "/models/8b" }).tooltip.join("\n");
  expect(tooltip).toContain("stable-diffcoder-mini, cpu, float32");
  expect(tooltip).not.toContain("/models/8b");
});

test("the menu offers to switch off what is on and on what is off", () => {
  const label = (status: Status): string | undefined =>
    menuEntries(status).find((entry) => entry.command === commandIds.toggleLanguage)?.label;
  expect(label(ready)).toContain("off for csharp");
  expect(label({ ...ready, language: { id: "csharp", on: false } })).toContain("on for csharp");
  expect(label({ ...ready, language: undefined })).toBeUndefined();
});

test("the menu pauses and resumes", () => {
  expect(menuEntries(ready)[0]?.label).toContain("Pause");
  expect(menuEntries({ ...ready, paused: true })[0]?.label).toContain("Resume");
});

test("work is counted while it runs, failures included", async () => {
  const model = new StatusModel();
  const seen: number[] = [];
  model.onChange((status) => seen.push(status.working));
  const failing = model.whileWorking(() => Promise.reject(new Error("no")));
  const answered = model.whileWorking(() => Promise.resolve(7));
  await expect(failing).rejects.toThrow("no");
  expect(await answered).toBe(7);
  expect(seen).toEqual([0, 1, 2, 1, 0]);
});
