import type { Range, TextEditor } from "vscode";
import { staysInLine, type Change } from "./changes";
import { DiffPreview } from "./diffPreview";
import { InlinePreview } from "./inlinePreview";
import type { PreviewDocuments } from "./previewDocuments";
import type { PreviewView } from "./previewView";

/** What became of a preview; `overtaken` when the document changed or went away. */
export type Verdict = "accepted" | "rejected" | "overtaken";

/** How changes are shown. */
export interface PreviewOptions {
  /** Whether no other editor is opened for lines that come or go: the changes are made without being asked for. */
  readonly inlineOnly: boolean;
}

/** Changes of one document before the user's eyes, until the user decides. The document itself stays as it is. */
export class Preview {
  readonly verdict: Promise<Verdict>;
  /** The verdict, once there is one. */
  outcome: Verdict | undefined;
  private decide: (verdict: Verdict) => void = () => undefined;
  private state: "streaming" | "complete" | "decided" = "streaming";
  private view: PreviewView;
  private showing: Promise<void> = Promise.resolve();
  private newest: readonly Change[] = [];

  constructor(
    readonly editor: TextEditor,
    ranges: readonly Range[],
    private readonly documents: PreviewDocuments,
    private readonly options: PreviewOptions,
  ) {
    this.view = new InlinePreview(editor, ranges, options.inlineOnly ? "before" : "after");
    this.verdict = new Promise((resolve) => {
      this.decide = resolve;
    });
  }

  /** Whether the user can act on it where the focus is. */
  get isActive(): boolean {
    return this.state !== "decided" && this.view.isActive();
  }

  get isOpen(): boolean {
    return this.view.isOpen();
  }

  /** Shows a canvas, unless a newer one has come by the time that it could be drawn. */
  showCanvas(changes: readonly Change[]): void {
    if (this.state === "streaming") {
      this.show(changes);
    }
  }

  /** Shows the answer, which can be accepted from now on. */
  async showAnswer(changes: readonly Change[]): Promise<void> {
    if (this.state === "streaming") {
      this.state = "complete";
      this.show(changes);
      await this.showing;
    }
  }

  /** Accepts the answer; false when there is none yet. */
  accept(): boolean {
    if (this.state !== "complete") {
      return false;
    }
    this.end("accepted");
    return true;
  }

  /** Ends it without the user's consent to the changes. */
  end(verdict: Verdict): void {
    if (this.state !== "decided") {
      this.state = "decided";
      this.outcome = verdict;
      this.decide(verdict);
    }
  }

  async close(): Promise<void> {
    this.end("rejected");
    await this.showing;
    await this.view.close();
  }

  private show(changes: readonly Change[]): void {
    this.newest = changes;
    this.showing = this.showing.then(async () => {
      if (changes === this.newest) {
        await this.draw(changes);
      }
    });
  }

  private async draw(changes: readonly Change[]): Promise<void> {
    const { document } = this.editor;
    if (this.state === "decided") {
      return;
    }
    if (!this.options.inlineOnly && this.view instanceof InlinePreview && !staysInLine(document.getText(), changes)) {
      this.view.close();
      this.view = new DiffPreview(document, this.documents);
    }
    await this.view.show(changes, this.state === "complete");
  }
}
