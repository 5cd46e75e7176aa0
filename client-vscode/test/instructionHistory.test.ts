import { expect, test } from "vitest";
import { InstructionHistory, offered } from "../src/instructionHistory";

function memory(): ConstructorParameters<typeof InstructionHistory>[0] {
  const values = new Map<string, unknown>();
  return {
    get: <T>(key: string, value?: T) => (values.get(key) as T | undefined) ?? (value as T),
    update: (key, value) => {
      values.set(key, value);
      return Promise.resolve();
    },
  };
}

test("the newest instruction comes first, each is kept once", async () => {
  const history = new InstructionHistory(memory());
  for (const instruction of ["add a null check", "rename it", "add a null check"]) {
    await history.add(instruction);
  }
  expect(history.entries).toEqual(["add a null check", "rename it"]);
});

test("no more than fifty are kept", async () => {
  const history = new InstructionHistory(memory());
  for (let i = 0; i < 60; i++) {
    await history.add(`instruction ${i}`);
  }
  expect(history.entries).toHaveLength(50);
  expect(history.entries[0]).toBe("instruction 59");
});

test("another window's memory is what a new history begins with", async () => {
  const shared = memory();
  await new InstructionHistory(shared).add("sort them");
  expect(new InstructionHistory(shared).entries).toEqual(["sort them"]);
});

test("the typed words are offered first, and not twice", () => {
  expect(offered(" sort ", ["sort them", "sort"])).toEqual(["sort", "sort them"]);
  expect(offered("  ", ["sort them"])).toEqual(["sort them"]);
});
