import { commands, Disposable, window, workspace, type Range, type TextEditor } from "vscode";
import { Preview, type PreviewOptions } from "./preview";
import { PreviewDocuments } from "./previewDocuments";

const visibleKey = "stableDiffCoder.previewVisible";

/** The one preview that there can be at a time, and the context key that its keys are bound by. */
export class Previews implements Disposable {
  private readonly documents = new PreviewDocuments();
  private readonly listeners: Disposable;
  private current: Preview | undefined;

  constructor() {
    const refresh = (): void => {
      this.refresh();
    };
    this.listeners = Disposable.from(
      window.onDidChangeActiveTextEditor(refresh),
      window.tabGroups.onDidChangeTabs(() => {
        if (this.current?.isOpen === false) {
          this.current.end("rejected");
        }
        refresh();
      }),
      window.tabGroups.onDidChangeTabGroups(refresh),
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && document === this.current?.editor.document) {
          this.current.end("overtaken");
        }
      }),
    );
  }

  /** Begins a preview; an earlier one is rejected. */
  open(editor: TextEditor, ranges: readonly Range[], options: PreviewOptions = { inlineOnly: false }): Preview {
    this.current?.end("rejected");
    const preview = new Preview(editor, ranges, this.documents, options);
    this.current = preview;
    void preview.verdict.then(() => {
      this.refresh();
    });
    this.refresh();
    return preview;
  }

  accept(): void {
    if (this.current?.accept() === false) {
      window.setStatusBarMessage("Stable DiffCoder is still at work; Esc cancels.", 3_000);
    }
  }

  reject(): void {
    this.current?.end("rejected");
  }

  /** Says anew whether a preview is before the user's eyes. */
  refresh(): void {
    void commands.executeCommand("setContext", visibleKey, this.current?.isActive ?? false);
  }

  dispose(): void {
    this.reject();
    this.listeners.dispose();
    this.documents.dispose();
  }
}
