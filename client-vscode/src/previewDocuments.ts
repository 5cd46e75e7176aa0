import { EventEmitter, Uri, type Disposable, type TextDocumentContentProvider, workspace } from "vscode";

export const previewScheme = "stable-diffcoder-preview";

/** Read-only documents that show what files would become. */
export class PreviewDocuments implements TextDocumentContentProvider, Disposable {
  private readonly texts = new Map<string, string>();
  private readonly changed = new EventEmitter<Uri>();
  readonly onDidChange = this.changed.event;
  // The editor takes the event when it is given the provider.
  private readonly registration = workspace.registerTextDocumentContentProvider(previewScheme, this);
  private count = 0;

  /** A new document beside an original one: of its name, and so of its language. */
  create(original: Uri, text: string): Uri {
    const uri = Uri.from({
      scheme: previewScheme,
      path: original.path.startsWith("/") ? original.path : `/${original.path}`,
      query: `${++this.count}`,
    });
    this.texts.set(uri.toString(), text);
    return uri;
  }

  update(uri: Uri, text: string): void {
    this.texts.set(uri.toString(), text);
    this.changed.fire(uri);
  }

  remove(uri: Uri): void {
    this.texts.delete(uri.toString());
  }

  provideTextDocumentContent(uri: Uri): string {
    return this.texts.get(uri.toString()) ?? "";
  }

  dispose(): void {
    this.registration.dispose();
    this.changed.dispose();
  }
}
