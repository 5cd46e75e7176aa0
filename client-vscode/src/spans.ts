/** A place in a text, ordered by line, then by character. */
export interface Place {
  readonly line: number;
  readonly character: number;
}

/** From a place to another, not before it. */
export interface Span {
  readonly start: Place;
  readonly end: Place;
}

/** The spans to fill for some selections: in the text's order, each once. (An editor's selections never overlap, but may touch.) */
export function fillableSpans<T extends Span>(selections: readonly T[]): T[] {
  const ordered = [...selections].sort((a, b) => compare(a.start, b.start) || compare(a.end, b.end));
  return ordered.filter((span, index) => {
    const before = ordered[index - 1];
    return before === undefined || compare(span.start, before.start) !== 0 || compare(span.end, before.end) !== 0;
  });
}

function compare(a: Place, b: Place): number {
  return a.line - b.line || a.character - b.character;
}
