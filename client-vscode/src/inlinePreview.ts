import { Range, ThemeColor, window, type DecorationOptions, type Position, type TextEditor } from "vscode";
import { trimmed, type Change } from "./changes";
import type { PreviewView } from "./previewView";

const decide = "Tab accepts, Esc rejects";
const wait = "Esc cancels";

const addedStyle = {
  color: new ThemeColor("editor.foreground"),
  backgroundColor: new ThemeColor("diffEditor.insertedTextBackground"),
};

/** Where what comes stands: behind what goes, or before it, where it is seen however long that is. */
export type AddedPlace = "before" | "after";

/** Shows changes within lines where they will be: what goes is struck through, and what comes stands beside it. */
export class InlinePreview implements PreviewView {
  private readonly removed = window.createTextEditorDecorationType({
    backgroundColor: new ThemeColor("diffEditor.removedTextBackground"),
    textDecoration: "line-through",
  });
  private readonly added = window.createTextEditorDecorationType({});
  private readonly keys = window.createTextEditorDecorationType({
    after: { margin: "0 0 0 3ch", color: new ThemeColor("editorCodeLens.foreground"), fontStyle: "italic" },
  });

  private readonly pending = window.createTextEditorDecorationType({
    backgroundColor: new ThemeColor("editor.selectionHighlightBackground"),
  });

  private readonly end: Position;

  constructor(
    private readonly editor: TextEditor,
    ranges: readonly Range[],
    private readonly place: AddedPlace,
  ) {
    editor.setDecorations(this.pending, ranges);
    this.end = editor.document.lineAt(ranges.at(-1)?.end.line ?? 0).range.end;
    this.hint(this.end, wait);
  }

  show(changes: readonly Change[], complete: boolean): void {
    const { document } = this.editor;
    const text = document.getText();
    const shown = changes.map((change) => trimmed(text, change));
    const range = ({ start, end }: Change): Range => new Range(document.positionAt(start), document.positionAt(end));
    this.editor.setDecorations(this.removed, shown.filter(({ start, end }) => start < end).map(range));
    this.editor.setDecorations(
      this.added,
      shown.map((change): DecorationOptions => ({
        range: range(change),
        renderOptions: { [this.place]: { ...addedStyle, contentText: oneLine(change.newText) } },
      })),
    );
    const last = shown.at(-1);
    const end = last && document.lineAt(document.positionAt(last.end).line).range.end;
    this.editor.setDecorations(this.pending, []);
    this.hint(end ?? this.end, complete ? decide : wait);
  }

  private hint(end: Position, contentText: string): void {
    this.editor.setDecorations(this.keys, [{ range: new Range(end, end), renderOptions: { after: { contentText } } }]);
  }

  isOpen(): boolean {
    return !this.editor.document.isClosed;
  }

  isActive(): boolean {
    return window.activeTextEditor?.document === this.editor.document;
  }

  close(): void {
    for (const type of [this.removed, this.added, this.keys, this.pending]) {
      type.dispose();
    }
  }
}

/** A text as a decoration can show it: white space at its ends would be lost, and so would line breaks. */
function oneLine(text: string): string {
  return text.replaceAll(/[ \t]*\r?\n[ \t]*/g, "↵").replaceAll(/[ \t]/g, "\u00a0");
}
