import { window, workspace, type Range, type TextEdit, type TextEditor } from "vscode";
import { requestWithCanvas, type ModelContext } from "./canvasRequest";
import { infillRequest } from "./lspExtensions";
import type { Pinning } from "./pinning";
import { tell, tellOvertaken } from "./requestFailure";
import { fillableSpans } from "./spans";

const nothing = "nothing was filled";

/** Replaces the editor's selections, all at once and in one undo step, by what the model would write there. */
export async function infillSelections(editor: TextEditor, context: ModelContext, pinning: Pinning): Promise<void> {
  await infillSpans(editor, fillableSpans(editor.selections), context, pinning);
}

/** Replaces spans of a document by what the model would write there, in one undo step. Pinned words in them stay. */
export async function infillSpans(editor: TextEditor, spans: readonly Range[], context: ModelContext, pinning: Pinning): Promise<void> {
  const { client, previews } = context;
  const { document } = editor;
  const { version } = document;
  const pinned = pinning.within(document, spans).map((range) => client.code2ProtocolConverter.asRange(range));
  const params = {
    textDocument: { uri: client.code2ProtocolConverter.asUri(document.uri), version },
    spans: spans.map((span) => client.code2ProtocolConverter.asRange(span)),
    ...(pinned.length > 0 ? { pinned } : {}),
  };
  const preview = previews.open(editor, spans, { inlineOnly: true });
  try {
    const { edits } = await requestWithCanvas(context, preview, spans, (canvasToken, token) =>
      client.sendRequest(infillRequest, { ...params, canvasToken }, token),
    );
    const { outcome } = preview;
    await preview.close();
    if (document.version !== version || document.isClosed) {
      tellOvertaken(nothing);
    } else if (outcome === undefined && !(await make(editor, await client.protocol2CodeConverter.asTextEdits(edits)))) {
      void window.showWarningMessage(`${workspace.asRelativePath(document.uri)} cannot be edited; ${nothing}.`);
    }
  } catch (error) {
    tell(error, nothing, preview.outcome);
  } finally {
    await preview.close();
  }
}

function make(editor: TextEditor, edits: readonly TextEdit[]): Thenable<boolean> {
  return editor.edit(
    (builder) => {
      for (const { range, newText } of edits) {
        builder.replace(range, newText);
      }
    },
    { undoStopBefore: true, undoStopAfter: true },
  );
}
