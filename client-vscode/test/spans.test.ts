import { expect, test } from "vitest";
import { fillableSpans, type Span } from "../src/spans";

function span(startLine: number, startCharacter: number, endLine: number, endCharacter: number): Span {
  return { start: { line: startLine, character: startCharacter }, end: { line: endLine, character: endCharacter } };
}

test("selections are filled in the text's order, whichever was made first", () => {
  const selections = [span(5, 0, 5, 3), span(1, 8, 2, 0), span(1, 2, 1, 4)];
  expect(fillableSpans(selections)).toEqual([span(1, 2, 1, 4), span(1, 8, 2, 0), span(5, 0, 5, 3)]);
});

test("a cursor is an empty span, and the same place is filled once", () => {
  expect(fillableSpans([span(3, 4, 3, 4), span(3, 4, 3, 4)])).toEqual([span(3, 4, 3, 4)]);
});

test("spans that touch stay apart", () => {
  const selections = [span(0, 0, 0, 5), span(0, 5, 0, 9)];
  expect(fillableSpans(selections)).toEqual(selections);
});
