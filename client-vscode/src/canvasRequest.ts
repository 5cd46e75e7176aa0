import { CancellationTokenSource, type CancellationToken, type Range, type TextDocument } from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import type { Change } from "./changes";
import { canvasProgress, type CanvasValue } from "./lspExtensions";
import type { Preview } from "./preview";
import type { Previews } from "./previews";
import type { StatusModel } from "./statusModel";

/** What a request of the user works with. */
export interface ModelContext {
  readonly client: LanguageClient;
  readonly status: StatusModel;
  readonly previews: Previews;
}

let requests = 0;

/** Sends a request of the user. Its canvases are shown in the preview, and the end of the preview cancels it. */
export async function requestWithCanvas<T>(
  { client, status, previews }: ModelContext,
  preview: Preview,
  ranges: readonly Range[],
  send: (canvasToken: string, token: CancellationToken) => Promise<T>,
): Promise<T> {
  const { document } = preview.editor;
  const cancellation = new CancellationTokenSource();
  const canvasToken = `stableDiffCoder-canvas-${++requests}`;
  const listening = client.onProgress(canvasProgress, canvasToken, (canvas) => {
    preview.showCanvas(changesOf(document, ranges, canvas, client));
    previews.refresh();
  });
  void preview.verdict.then((verdict) => {
    if (verdict !== "accepted") {
      cancellation.cancel();
    }
  });
  try {
    return await status.whileWorking(() => send(canvasToken, cancellation.token));
  } finally {
    listening.dispose();
  }
}

/** The changes of a document that a canvas stands for: one for each span. */
function changesOf(document: TextDocument, requested: readonly Range[], canvas: CanvasValue, client: LanguageClient): Change[] {
  return canvas.spans.flatMap(({ range, text, masked }, index) => {
    const replaced = range ? client.protocol2CodeConverter.asRange(range) : requested[index];
    return replaced ? [{ start: document.offsetAt(replaced.start), end: document.offsetAt(replaced.end), newText: text, masked }] : [];
  });
}
