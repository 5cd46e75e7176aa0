import {
  commands,
  Range,
  TabInputTextDiff,
  ThemeColor,
  window,
  workspace,
  type Disposable,
  type Tab,
  type TextDocument,
  type Uri,
} from "vscode";
import { applied, type Change, type ChangedText } from "./changes";
import type { PreviewDocuments } from "./previewDocuments";
import type { PreviewView } from "./previewView";

/** Shows changes over several lines in a diff editor, whose other side is a document that follows each canvas. */
export class DiffPreview implements PreviewView {
  private readonly masked = window.createTextEditorDecorationType({
    backgroundColor: new ThemeColor("editor.selectionHighlightBackground"),
    color: new ThemeColor("editorGhostText.foreground"),
  });
  private readonly listeners: Disposable[];
  private latest: ChangedText | undefined;
  private uri: Uri | undefined;

  constructor(
    private readonly document: TextDocument,
    private readonly documents: PreviewDocuments,
  ) {
    // The editor fetches a document's text by itself; the cells are drawn when it is there.
    this.listeners = [
      workspace.onDidChangeTextDocument(({ document: changed }) => {
        if (changed.uri.toString() === this.uri?.toString()) {
          this.draw();
        }
      }),
      window.onDidChangeVisibleTextEditors(() => {
        this.draw();
      }),
    ];
  }

  async show(changes: readonly Change[]): Promise<void> {
    this.latest = applied(this.document.getText(), changes);
    const { text, first } = this.latest;
    if (this.uri) {
      this.documents.update(this.uri, text);
      this.draw();
      return;
    }
    this.uri = this.documents.create(this.document.uri, text);
    const place = this.document.positionAt(first);
    const title = `${workspace.asRelativePath(this.document.uri)}: Suggested Edit (Tab accepts, Esc rejects)`;
    await commands.executeCommand("vscode.diff", this.document.uri, this.uri, title, {
      // A tab of its own: the file's may be one that the next tab takes over.
      preview: false,
      selection: new Range(place, place),
    });
    this.draw();
  }

  isActive(): boolean {
    return this.isOwn(window.tabGroups.activeTabGroup.activeTab);
  }

  isOpen(): boolean {
    return window.tabGroups.all.some((group) => group.tabs.some((tab) => this.isOwn(tab)));
  }

  async close(): Promise<void> {
    this.listeners.forEach((listener) => {
      listener.dispose();
    });
    this.masked.dispose();
    if (this.uri) {
      await window.tabGroups.close(window.tabGroups.all.flatMap((group) => group.tabs.filter((tab) => this.isOwn(tab))));
      this.documents.remove(this.uri);
    }
  }

  private isOwn(tab: Tab | undefined): boolean {
    return this.uri !== undefined && tab?.input instanceof TabInputTextDiff && tab.input.modified.toString() === this.uri.toString();
  }

  private draw(): void {
    for (const editor of window.visibleTextEditors) {
      const { document } = editor;
      if (this.latest && document.uri.toString() === this.uri?.toString() && document.getText() === this.latest.text) {
        const ranges = this.latest.masked.map(([start, end]) => new Range(document.positionAt(start), document.positionAt(end)));
        editor.setDecorations(this.masked, ranges);
      }
    }
  }
}
