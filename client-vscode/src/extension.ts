import { languages, window, workspace, type ExtensionContext, type TextDocument } from "vscode";
import type { ModelContext } from "./canvasRequest";
import { explain, registerCommands, type CommandContext } from "./commands";
import { changesAnything, changesServer, readSettings } from "./config";
import { InstructionHistory } from "./instructionHistory";
import { clientOptions, documentSelector, followStatus } from "./languageClient";
import { Pinning } from "./pinning";
import { Previews } from "./previews";
import { Server } from "./server";
import { StatusBar } from "./statusBar";
import { StatusModel } from "./statusModel";

let running: Server | undefined;

export function activate(context: ExtensionContext): void {
  const log = window.createOutputChannel("Stable DiffCoder", { log: true });
  const status = new StatusModel();
  const statusBar = new StatusBar();
  const previews = new Previews();
  const pinning = new Pinning();
  const history = new InstructionHistory(context.globalState);
  const model = (): ModelContext | undefined => (server.client ? { client: server.client, status, previews } : undefined);
  const server = new Server({
    extensionFolder: context.extensionPath,
    log,
    status,
    serverPath: () => readSettings().serverPath,
    clientOptions: () => clientOptions(log, status, { model, history, pinning }),
    onClient: (client) => {
      followStatus(client, status);
    },
    explain: (explanation) => {
      void explain(explanation, commandContext);
    },
  });
  running = server;
  const commandContext: CommandContext = {
    server,
    status,
    previews,
    history,
    pinning,
    log,
    extensionUri: context.extensionUri,
    extensionId: context.extension.id,
  };
  const refresh = (): void => {
    const { modelPath, disabledLanguages } = readSettings();
    const document = window.activeTextEditor?.document;
    const language =
      document && isServed(document) ? { id: document.languageId, on: !disabledLanguages.includes(document.languageId) } : undefined;
    status.update({ modelPath, language });
  };
  status.onChange((value) => {
    statusBar.show(value);
  });
  refresh();
  context.subscriptions.push(
    log,
    statusBar,
    previews,
    pinning,
    ...registerCommands(commandContext),
    window.onDidChangeActiveTextEditor(refresh),
    workspace.onDidCloseTextDocument(refresh),
    workspace.onDidOpenTextDocument(refresh),
    workspace.onDidChangeConfiguration((event) => {
      if (changesAnything(event)) {
        refresh();
      }
      if (changesServer(event) && started) {
        void server.restart();
      }
    }),
  );

  // Memory is taken from the first document on, not from the window's opening.
  let started = false;
  const startFor = (document: TextDocument): void => {
    if (!started && isServed(document)) {
      started = true;
      void server.restart();
    }
  };
  context.subscriptions.push(workspace.onDidOpenTextDocument(startFor));
  workspace.textDocuments.forEach(startFor);
}

export async function deactivate(): Promise<void> {
  await running?.stop();
}

function isServed(document: TextDocument): boolean {
  return languages.match(documentSelector as Parameters<typeof languages.match>[0], document) > 0;
}
