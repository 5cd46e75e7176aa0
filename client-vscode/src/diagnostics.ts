import { languages, window, type Diagnostic, type TextEditor } from "vscode";

/** The diagnostic at the cursor or in the selection that is to be fixed; the user chooses between several. */
export async function chooseDiagnostic({ document, selection }: TextEditor): Promise<Diagnostic | undefined> {
  const lines = document.lineAt(selection.start.line).range.union(document.lineAt(selection.end.line).range);
  const near = languages.getDiagnostics(document.uri).filter(({ range }) => range.intersection(lines));
  const here = near.filter(({ range }) => range.intersection(selection));
  const found = (here.length > 0 ? here : near).sort((a, b) => a.severity - b.severity);
  if (found.length === 0) {
    void window.showInformationMessage("There is no diagnostic here: put the cursor on a line with a problem.");
    return undefined;
  }
  if (found.length === 1) {
    return found[0];
  }
  const entries = found.map((diagnostic) => ({
    label: diagnostic.message,
    description: `line ${diagnostic.range.start.line + 1}`,
    diagnostic,
  }));
  return (await window.showQuickPick(entries, { title: "Fix Which Diagnostic?" }))?.diagnostic;
}
