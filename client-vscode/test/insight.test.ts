import { expect, test } from "vitest";
import { days, silences } from "../src/insight";

test("only requests without a suggestion are listed, with rule, place and reason", () => {
  const decision = { time: "2026-01-31T08:09:10.123Z", uri: "file:///src/My%20Stack.cs", invoked: false, fired: [] };
  const rows = silences([
    { ...decision, items: 1 },
    { ...decision, items: 0, line: 4, rule: "InsideComment", reason: "the cursor is in a comment" },
    { ...decision, items: 0 },
  ]);
  expect(rows).toEqual([
    { label: "InsideComment", description: "My Stack.cs:5, 08:09:10 UTC", detail: "the cursor is in a comment" },
    { label: "Nothing worth showing", description: "My Stack.cs, 08:09:10 UTC" },
  ]);
});

test("days come newest first, with the share that was accepted and the rules by their counts", () => {
  const day = { offered: 0, acceptedByCommand: 0, acceptedByText: 0, abandoned: 0, silenced: {} };
  const rows = days([
    { ...day, date: "2026-01-30" },
    {
      ...day,
      date: "2026-01-31",
      offered: 8,
      acceptedByCommand: 1,
      acceptedByText: 1,
      abandoned: 3,
      silenced: { Eagerness: 2, InsideWord: 5 },
    },
  ]);
  expect(rows).toEqual([
    { label: "2026-01-31", description: "8 offered, 2 accepted (25 %), 3 abandoned", detail: "Silent: InsideWord 5, Eagerness 2" },
    { label: "2026-01-30", description: "0 offered, 0 accepted, 0 abandoned" },
  ]);
});
