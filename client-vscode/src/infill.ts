import { window, workspace, type TextEditor } from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { withLateProgress } from "./lateProgress";
import { infillRequest, type InfillResult } from "./lspExtensions";
import { tell, tellOvertaken } from "./requestFailure";
import { fillableSpans } from "./spans";
import type { StatusModel } from "./statusModel";

const nothing = "nothing was filled";

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
        tell(error, nothing);
        return undefined;
      }
    }),
  );
  if (!result) {
    return;
  }
  if (document.version !== version || document.isClosed) {
    tellOvertaken(nothing);
  } else if (!(await apply(editor, client, result))) {
    void window.showWarningMessage(`${workspace.asRelativePath(document.uri)} cannot be edited; ${nothing}.`);
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
