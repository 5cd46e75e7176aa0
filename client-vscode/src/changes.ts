/** A part of a text and what stands there instead, offsets in UTF-16 units. */
export interface Change {
  readonly start: number;
  /** Not part of it. */
  readonly end: number;
  readonly newText: string;
  /** Ranges of the new text that are not decided yet, end excluded, in order. */
  readonly masked: readonly (readonly [start: number, end: number])[];
}

/** A text after its changes. */
export interface ChangedText {
  readonly text: string;
  /** Where it is not decided yet, as offsets. */
  readonly masked: readonly (readonly [start: number, end: number])[];
  /** Where the first change begins. */
  readonly first: number;
}

/** Makes changes that do not overlap. */
export function applied(text: string, changes: readonly Change[]): ChangedText {
  const pieces: string[] = [];
  const masked: [number, number][] = [];
  let length = 0;
  let done = 0;
  const add = (piece: string): void => {
    pieces.push(piece);
    length += piece.length;
  };
  const ordered = [...changes].sort((a, b) => a.start - b.start || a.end - b.end);
  for (const change of ordered) {
    add(text.slice(done, change.start));
    masked.push(...change.masked.map(([start, end]): [number, number] => [length + start, length + end]));
    add(change.newText);
    done = change.end;
  }
  add(text.slice(done));
  return { text: pieces.join(""), masked, first: ordered[0]?.start ?? 0 };
}

/** Whether every change begins and ends in one line, before and after it. */
export function staysInLine(text: string, changes: readonly Change[]): boolean {
  return changes.every(({ start, end, newText }) => !/[\r\n]/.test(text.slice(start, end)) && !/[\r\n]/.test(newText));
}

/** What is common at both ends is left out of a change, as long as nothing in it is masked. */
export function trimmed(text: string, change: Change): Change {
  const old = text.slice(change.start, change.end);
  const firstMask = change.masked[0]?.[0] ?? change.newText.length;
  const lastMask = change.masked.at(-1)?.[1] ?? 0;
  let head = 0;
  while (head < Math.min(old.length, firstMask) && old[head] === change.newText[head]) {
    head++;
  }
  const mostTail = Math.min(old.length - head, change.newText.length - Math.max(head, lastMask));
  let tail = 0;
  while (tail < mostTail && old.at(-1 - tail) === change.newText.at(-1 - tail)) {
    tail++;
  }
  return {
    start: change.start + head,
    end: change.end - tail,
    newText: change.newText.slice(head, change.newText.length - tail),
    masked: change.masked.map(([start, end]) => [start - head, end - head]),
  };
}
