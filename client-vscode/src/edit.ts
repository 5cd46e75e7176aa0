import {
  CancellationTokenSource,
  window,
  workspace,
  type Range,
  type TextDocument,
  type TextEditor,
  type ViewColumn,
  type WorkspaceEdit,
} from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import type { Change } from "./changes";
import { canvasProgress, editRequest, type Canvas } from "./editMessages";
import type { Previews } from "./previews";
import { tell, tellOvertaken } from "./requestFailure";
import type { StatusModel } from "./statusModel";

/** What an edit works with. */
export interface EditContext {
  readonly client: LanguageClient;
  readonly status: StatusModel;
  readonly previews: Previews;
}

const nothing = "nothing was changed";
let requests = 0;

/** Rewrites a range by an instruction: the change is shown while it comes about, and made once the user accepts it. */
export async function editByInstruction(editor: TextEditor, range: Range, instruction: string, context: EditContext): Promise<void> {
  const { client, status, previews } = context;
  const { document } = editor;
  const { version } = document;
  const cancellation = new CancellationTokenSource();
  const preview = previews.open(editor, range);
  const canvasToken = `stableDiffCoder-edit-${++requests}`;
  const listening = client.onProgress(canvasProgress, canvasToken, (canvas) => {
    preview.showCanvas(canvasChanges(document, range, canvas, client));
    previews.refresh();
  });
  void preview.verdict.then((verdict) => {
    if (verdict !== "accepted") {
      cancellation.cancel();
    }
  });
  try {
    const params = {
      textDocument: { uri: client.code2ProtocolConverter.asUri(document.uri), version },
      range: client.code2ProtocolConverter.asRange(range),
      instruction,
      canvasToken,
    };
    const answer = await status.whileWorking(() => client.sendRequest(editRequest, params, cancellation.token));
    const edit = await client.protocol2CodeConverter.asWorkspaceEdit(answer);
    const changes = edit ? editChanges(document, edit) : [];
    if (!edit || changes.length === 0) {
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
    if (preview.outcome === "overtaken") {
      tellOvertaken(nothing);
    } else if (preview.outcome !== "rejected") {
      tell(error, nothing);
    }
  } finally {
    listening.dispose();
    await preview.close();
    cancellation.dispose();
  }
}

/** Makes the changes, in one undo step, and goes back to the document. */
async function make(edit: WorkspaceEdit, document: TextDocument, viewColumn: ViewColumn | undefined): Promise<void> {
  await window.showTextDocument(document, viewColumn);
  if (!(await workspace.applyEdit(edit))) {
    void window.showWarningMessage(`${workspace.asRelativePath(document.uri)} cannot be edited; ${nothing}.`);
  }
}

/** The changes of a document that a canvas stands for: one for each span. */
function canvasChanges(document: TextDocument, requested: Range, canvas: Canvas, client: LanguageClient): Change[] {
  return canvas.spans.map(({ range, text, masked }) => {
    const replaced = range ? client.protocol2CodeConverter.asRange(range) : requested;
    return { start: document.offsetAt(replaced.start), end: document.offsetAt(replaced.end), newText: text, masked };
  });
}

/** The changes of a document that an edit holds. */
function editChanges(document: TextDocument, edit: WorkspaceEdit): Change[] {
  return edit
    .get(document.uri)
    .map(({ range, newText }) => ({ start: document.offsetAt(range.start), end: document.offsetAt(range.end), newText, masked: [] }));
}
