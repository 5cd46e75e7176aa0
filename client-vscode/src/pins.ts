/** A piece of a text, offsets in UTF-16 units, end excluded. */
export interface Piece {
  readonly start: number;
  readonly end: number;
}

/** A change of a text: what was replaced, and how long the new text is. */
export interface TextChange {
  readonly offset: number;
  readonly length: number;
  readonly newLength: number;
}

/** Pins the given pieces, or frees those pins that they touch if they touch any. Empty pieces count for nothing. */
export function toggled(pins: readonly Piece[], pieces: readonly Piece[]): Piece[] {
  const real = pieces.filter(({ start, end }) => start < end);
  const left = pins.filter((pin) => !real.some((piece) => overlap(pin, piece)));
  return left.length < pins.length ? left : [...pins, ...real].sort((a, b) => a.start - b.start);
}

/** The pins after a change: those behind it move, and those whose text it touches are gone. */
export function shifted(pins: readonly Piece[], { offset, length, newLength }: TextChange): Piece[] {
  return pins.flatMap((pin) => {
    if (pin.end <= offset) {
      return [pin];
    }
    const by = newLength - length;
    return pin.start >= offset + length ? [{ start: pin.start + by, end: pin.end + by }] : [];
  });
}

/** The pins that lie in one of the spans. */
export function pinsWithin(pins: readonly Piece[], spans: readonly Piece[]): Piece[] {
  return pins.filter((pin) => spans.some((span) => span.start <= pin.start && pin.end <= span.end));
}

function overlap(a: Piece, b: Piece): boolean {
  return a.start < b.end && b.start < a.end;
}
