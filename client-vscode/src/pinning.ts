import { Disposable, Range, ThemeColor, window, workspace, type TextDocument, type TextEditor } from "vscode";
import { pinsWithin, shifted, toggled, type Piece } from "./pins";

/** Words of open documents that a fill leaves as they are, with a frame around each. */
export class Pinning implements Disposable {
  private readonly pins = new Map<TextDocument, Piece[]>();
  private readonly frame = window.createTextEditorDecorationType({
    borderStyle: "dashed",
    borderWidth: "1px",
    borderColor: new ThemeColor("editorBracketMatch.border"),
    overviewRulerColor: new ThemeColor("editorBracketMatch.border"),
  });
  private readonly listeners = Disposable.from(
    workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      const pins = this.pins.get(document);
      if (pins) {
        const left = contentChanges.reduce<Piece[]>(
          (rest, { rangeOffset, rangeLength, text }) => shifted(rest, { offset: rangeOffset, length: rangeLength, newLength: text.length }),
          pins,
        );
        this.set(document, left);
      }
    }),
    workspace.onDidCloseTextDocument((document) => {
      this.pins.delete(document);
    }),
    window.onDidChangeVisibleTextEditors((editors) => {
      editors.forEach((editor) => {
        this.draw(editor);
      });
    }),
  );

  /** Pins the selected words, the cursor's without a selection; or frees those that are pinned. */
  toggle({ document, selections }: TextEditor): void {
    const ranges = selections.map((selection) => (selection.isEmpty ? document.getWordRangeAtPosition(selection.active) : selection));
    const pieces = ranges.flatMap((range) => (range ? [pieceOf(document, range)] : []));
    if (pieces.length === 0) {
      void window.showInformationMessage("Select the words that a fill is to leave as they are.");
      return;
    }
    this.set(document, toggled(this.pins.get(document) ?? [], pieces));
  }

  /** The pinned words inside some spans of a document. */
  within(document: TextDocument, spans: readonly Range[]): Range[] {
    const pieces = spans.map((span) => pieceOf(document, span));
    return pinsWithin(this.pins.get(document) ?? [], pieces).map((pin) => rangeOf(document, pin));
  }

  dispose(): void {
    this.listeners.dispose();
    this.frame.dispose();
  }

  private set(document: TextDocument, pins: Piece[]): void {
    this.pins.set(document, pins);
    window.visibleTextEditors.forEach((editor) => {
      this.draw(editor);
    });
  }

  private draw(editor: TextEditor): void {
    const pins = this.pins.get(editor.document);
    if (pins) {
      editor.setDecorations(
        this.frame,
        pins.map((pin) => rangeOf(editor.document, pin)),
      );
    }
  }
}

function pieceOf(document: TextDocument, { start, end }: Range): Piece {
  return { start: document.offsetAt(start), end: document.offsetAt(end) };
}

function rangeOf(document: TextDocument, { start, end }: Piece): Range {
  return new Range(document.positionAt(start), document.positionAt(end));
}
