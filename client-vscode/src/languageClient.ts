import { InlineCompletionTriggerKind, type LogOutputChannel } from "vscode";
import type { DocumentSelector, LanguageClientOptions } from "vscode-languageclient/node";
import { LateProgressBar } from "./lateProgress";
import type { StatusModel } from "./statusModel";

/** Documents that the server is told of. Diffs, output panes and the commit box have other schemes. */
export const documentSelector: DocumentSelector = [
  { scheme: "file" },
  { scheme: "untitled" },
  { scheme: "vscode-vfs" },
  { scheme: "vscode-remote" },
];

/** How the client behaves between the editor and the server. */
export function clientOptions(log: LogOutputChannel, status: StatusModel): LanguageClientOptions {
  const bar = new LateProgressBar();
  return {
    documentSelector,
    outputChannel: log,
    middleware: {
      provideInlineCompletionItems: (document, position, context, token, next) => {
        if (status.value.paused && context.triggerKind === InlineCompletionTriggerKind.Automatic) {
          return undefined;
        }
        return status.whileWorking(async () => (await next(document, position, context, token)) ?? undefined);
      },
      // The only work that the server begins by itself is loading its model.
      handleWorkDoneProgress: (_token, params) => {
        switch (params.kind) {
          case "begin":
            bar.begin(params.title);
            report(params.percentage, params.message);
            break;
          case "report":
            report(params.percentage, params.message);
            break;
          case "end":
            bar.end();
            status.server(params.message === "failed" ? { kind: "error", message: "the model could not be loaded" } : { kind: "ready" });
            break;
        }
      },
    },
  };

  function report(percentage: number | undefined, message: string | undefined): void {
    const percent = percentage === undefined ? undefined : Math.round(percentage);
    bar.report(percent, message);
    status.server({ kind: "loading", percent, message });
  }
}
