import { InlineCompletionTriggerKind, type LogOutputChannel } from "vscode";
import type { DocumentSelector, LanguageClient, LanguageClientOptions } from "vscode-languageclient/node";
import { LateProgressBar } from "./lateProgress";
import { statusNotification } from "./lspExtensions";
import { serverCommandMiddleware, type CommandSurroundings } from "./serverCommands";
import type { StatusModel } from "./statusModel";

/** Documents that the server is told of. Diffs, output panes and the commit box have other schemes. */
export const documentSelector: DocumentSelector = [
  { scheme: "file" },
  { scheme: "untitled" },
  { scheme: "vscode-vfs" },
  { scheme: "vscode-remote" },
];

/** How the client behaves between the editor and the server. */
export function clientOptions(log: LogOutputChannel, status: StatusModel, surroundings: CommandSurroundings): LanguageClientOptions {
  const bar = new LateProgressBar();
  return {
    documentSelector,
    outputChannel: log,
    initializationOptions: { statusNotifications: true, ownPreview: true, instructionPrompt: true },
    middleware: {
      ...serverCommandMiddleware(surroundings),
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
            // What is still on its way when loading has failed does not hide why.
            if (status.value.server.kind !== "error") {
              report(params.percentage, params.message);
            }
            break;
          case "end":
            bar.end();
            // A failure has its message in the server's status, which came before.
            if (status.value.server.kind !== "error") {
              status.server(params.message === "failed" ? { kind: "error", message: "the model could not be loaded" } : { kind: "ready" });
            }
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

/** Listens to what the server says of itself. */
export function followStatus(client: LanguageClient, status: StatusModel): void {
  client.onNotification(statusNotification, ({ state, problem, model, device, dataType }) => {
    status.update({ model: model === undefined ? undefined : { name: model, device, dataType } });
    if (state === "failed") {
      status.server({ kind: "error", message: problem ?? "the model could not be loaded" });
    } else if (state === "ready") {
      status.server({ kind: "ready" });
    } else if (status.value.server.kind !== "loading") {
      status.server({ kind: "loading", percent: undefined, message: undefined });
    }
  });
}
