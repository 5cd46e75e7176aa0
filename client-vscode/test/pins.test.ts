import { expect, test } from "vitest";
import { pinsWithin, shifted, toggled } from "../src/pins";

const first = { start: 4, end: 7 };
const second = { start: 10, end: 12 };
const pins = [first, second];

test("pieces are pinned in the text's order", () => {
  expect(toggled([second], [first, { start: 9, end: 9 }])).toEqual(pins);
});

test("touching a pin frees it and pins nothing", () => {
  expect(toggled(pins, [{ start: 6, end: 9 }])).toEqual([second]);
  expect(toggled(pins, [{ start: 7, end: 9 }])).toHaveLength(3);
});

test("a change moves the pins behind it and leaves those before it", () => {
  expect(shifted(pins, { offset: 7, length: 1, newLength: 3 })).toEqual([first, { start: 12, end: 14 }]);
  expect(shifted(pins, { offset: 4, length: 0, newLength: 2 })[0]).toEqual({ start: 6, end: 9 });
});

test("a change inside a pin frees it", () => {
  expect(shifted(pins, { offset: 5, length: 0, newLength: 1 })).toEqual([{ start: 11, end: 13 }]);
  expect(shifted(pins, { offset: 0, length: 20, newLength: 0 })).toEqual([]);
});

test("only pins that lie in a span as a whole are kept by its fill", () => {
  expect(pinsWithin(pins, [{ start: 0, end: 11 }])).toEqual([first]);
  expect(
    pinsWithin(pins, [
      { start: 4, end: 7 },
      { start: 8, end: 20 },
    ]),
  ).toEqual(pins);
});
