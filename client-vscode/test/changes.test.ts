import { expect, test } from "vitest";
import { applied, staysInLine, trimmed, type Change } from "../src/changes";

const text = "int a = 1;\nint b = 2;\n";

function change(start: number, end: number, newText: string, ...masked: [number, number][]): Change {
  return { start, end, newText, masked };
}

test("changes are made in the text's order, whichever comes first", () => {
  const changes = [change(19, 20, "20"), change(4, 5, "first")];
  expect(applied(text, changes)).toEqual({ text: "int first = 1;\nint b = 20;\n", masked: [], first: 4 });
});

test("masks are found where the new texts have come to stand", () => {
  const changes = [change(8, 9, "x▒▒", [1, 3]), change(19, 20, "▒y▒", [0, 1], [2, 3])];
  const result = applied(text, changes);
  expect(result.text).toBe("int a = x▒▒;\nint b = ▒y▒;\n");
  expect(result.masked.map(([start, end]) => result.text.slice(start, end))).toEqual(["▒▒", "▒", "▒"]);
});

test("insertions at one place keep their order", () => {
  expect(applied("ab", [change(1, 1, "x"), change(1, 1, "y")]).text).toBe("axyb");
});

test("no change leaves the text", () => {
  expect(applied(text, [])).toEqual({ text, masked: [], first: 0 });
});

test("a change stays in its line when neither what goes nor what comes has a break", () => {
  expect(staysInLine(text, [change(4, 5, "x"), change(15, 16, "y")])).toBe(true);
  expect(staysInLine(text, [change(4, 5, "x\r\ny")])).toBe(false);
  expect(staysInLine(text, [change(4, 15, "x")])).toBe(false);
});

test("what both sides begin and end with is left out", () => {
  expect(trimmed(text, change(0, 10, "int abc = 1;"))).toEqual(change(5, 5, "bc"));
  expect(trimmed(text, change(0, 10, "int a = 1;"))).toEqual(change(10, 10, ""));
  expect(trimmed("aa", change(0, 2, "aaa"))).toEqual(change(2, 2, "a"));
});

test("masks are never left out, nor is what they may become", () => {
  expect(trimmed("▒▒;", change(0, 3, "▒▒;", [0, 2]))).toEqual(change(0, 2, "▒▒", [0, 2]));
  const result = trimmed(text, change(0, 10, "int ▒ = ▒;", [4, 5], [8, 9]));
  expect(result).toEqual(change(4, 9, "▒ = ▒", [0, 1], [4, 5]));
});

test("a trimmed change makes the same text", () => {
  for (const newText of ["", "int", "int b = 1;", "int a = 11;", "a", "int a = 1;int a = 1;", "1;"]) {
    const whole = change(0, 10, newText);
    expect(applied(text, [trimmed(text, whole)]).text).toBe(applied(text, [whole]).text);
  }
});
