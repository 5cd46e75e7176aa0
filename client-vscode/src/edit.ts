import { window, workspace, type Range, type TextDocument, type TextEditor, type ViewColumn, type WorkspaceEdit } from "vscode";
import { requestWithCanvas, type ModelContext } from "./canvasRequest";
import type { Change } from "./changes";
import { editRequest } from "./lspExtensions";
import { tell, tellOvertaken } from "./requestFailure";

const nothing = "nothing was changed";

/** Rewrites a range by an instruction: the change is shown while it comes about, and made once the user accepts it. */
export async function editByInstruction(editor: TextEditor, range: Range, instruction: string, context: ModelContext): Promise<void> {
  const { client, previews } = context;
  const { document } = editor;
  const params = {
    textDocument: { uri: client.code2ProtocolConverter.asUri(document.uri), version: document.version },
    range: client.code2ProtocolConverter.asRange(range),
    instruction,
  };
  const preview = previews.open(editor, [range]);
  try {
    const answer = await requestWithCanvas(context, preview, [range], (canvasToken, token) =>
      client.sendRequest(editRequest, { ...params, canvasToken }, token),
    );
    const edit = await client.protocol2CodeConverter.asWorkspaceEdit(answer);
    const changes = changesOf(document, edit);
    if (changes.length === 0) {
      void window.showInformationMessage("The model would leave the code as it is.");
      return;
    }
    await preview.showAnswer(changes);
    previews.refresh();
    const verdict = await preview.verdict;
    await preview.close();
    if (verdict === "accepted") {
      await make(edit, document, editor.viewColumn);
    } else if (verdict === "overtaken") {
      tellOvertaken(nothing);
    }
  } catch (error) {
    tell(error, nothing, preview.outcome);
  } finally {
    await preview.close();
  }
}

/** Makes the changes, in one undo step, and goes back to the document. */
async function make(edit: WorkspaceEdit, document: TextDocument, viewColumn: ViewColumn | undefined): Promise<void> {
  await window.showTextDocument(document, viewColumn);
  if (!(await workspace.applyEdit(edit))) {
    void window.showWarningMessage(`${workspace.asRelativePath(document.uri)} cannot be edited; ${nothing}.`);
  }
}

/** The changes of a document that an edit holds. */
function changesOf(document: TextDocument, edit: WorkspaceEdit): Change[] {
  return edit
    .get(document.uri)
    .map(({ range, newText }) => ({ start: document.offsetAt(range.start), end: document.offsetAt(range.end), newText, masked: [] }));
}
