import { window, workspace, type TextEditor } from "vscode";
import { LSPErrorCodes, ResponseError, type LanguageClient } from "vscode-languageclient/node";
import { withLateProgress } from "./lateProgress";
import { infillRequest, type InfillResult } from "./lspExtensions";
import { fillableSpans } from "./spans";
import type { StatusModel } from "./statusModel";

/** Replaces the editor's selections, all at once and in one undo step, by what the model would write there. */
export async function infillSelections(editor: TextEditor, client: LanguageClient, status: StatusModel): Promise<void> {
  const { document } = editor;
  const { version } = document;
  const spans = fillableSpans(editor.selections);
  const title = spans.length === 1 ? "Filling the selection" : `Filling ${spans.length} selections`;
  const result = await status.whileWorking(() =>
    withLateProgress(title, async (token) => {
      const params = {
        textDocument: { uri: client.code2ProtocolConverter.asUri(document.uri), version },
        spans: spans.map((span) => client.code2ProtocolConverter.asRange(span)),
      };
      try {
        return await client.sendRequest(infillRequest, params, token);
      } catch (error) {
        tell(error);
        return undefined;
      }
    }),
  );
  if (!result) {
    return;
  }
  if (document.version !== version || document.isClosed) {
    void window.showInformationMessage("The document changed while the model was at work; nothing was filled.");
  } else if (!(await apply(editor, client, result))) {
    void window.showWarningMessage(`${workspace.asRelativePath(document.uri)} cannot be edited; nothing was filled.`);
  }
}

function apply(editor: TextEditor, client: LanguageClient, result: InfillResult): Thenable<boolean> {
  const { protocol2CodeConverter } = client;
  return editor.edit(
    (builder) => {
      for (const { range, newText } of result.spans) {
        builder.replace(protocol2CodeConverter.asRange(range), newText);
      }
    },
    { undoStopBefore: true, undoStopAfter: true },
  );
}

function tell(error: unknown): void {
  const code = error instanceof ResponseError ? error.code : undefined;
  switch (code) {
    case LSPErrorCodes.RequestCancelled:
      return;
    case LSPErrorCodes.ContentModified:
      void window.showInformationMessage("The document changed while the model was at work; nothing was filled.");
      return;
    default:
      void window.showErrorMessage(`Nothing was filled: ${error instanceof Error ? error.message : String(error)}`);
  }
}
