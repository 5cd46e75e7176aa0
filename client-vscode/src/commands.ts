import { commands, env, Uri, window, workspace, type Disposable, type LogOutputChannel, type TextEditor } from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { commandIds } from "./commandIds";
import { chooseModel, section, switchLanguage } from "./config";
import type { ModelContext } from "./canvasRequest";
import { editSelection, fixDiagnostic } from "./editCommands";
import { infillSelections } from "./infill";
import { showSilences, showStatistics } from "./insightCommands";
import type { InstructionHistory } from "./instructionHistory";
import { menuEntries } from "./menu";
import type { Pinning } from "./pinning";
import type { Previews } from "./previews";
import type { Server } from "./server";
import { completeMember, fillHoles } from "./serverCommands";
import { dotnetVersion, type Explanation, type Remedy } from "./serverFailure";
import type { StatusModel } from "./statusModel";

/** What the commands work on. */
export interface CommandContext {
  readonly server: Server;
  readonly status: StatusModel;
  readonly previews: Previews;
  readonly history: InstructionHistory;
  readonly pinning: Pinning;
  readonly log: LogOutputChannel;
  readonly extensionUri: Uri;
  readonly extensionId: string;
}

/** Registers all commands. */
export function registerCommands(context: CommandContext): Disposable[] {
  const { server, status, log, extensionId } = context;
  const handlers: Record<(typeof commandIds)[keyof typeof commandIds], () => unknown> = {
    [commandIds.infill]: () => inEditor(context, (editor, model) => infillSelections(editor, model, context.pinning)),
    [commandIds.edit]: () => inEditor(context, (editor, model) => editSelection(editor, context.history, model)),
    [commandIds.fixDiagnostic]: () => inEditor(context, fixDiagnostic),
    [commandIds.fillHoles]: () => inEditor(context, fillHoles),
    [commandIds.completeMember]: () => inEditor(context, completeMember),
    [commandIds.togglePin]: () => {
      if (window.activeTextEditor) {
        context.pinning.toggle(window.activeTextEditor);
      }
    },
    [commandIds.acceptPreview]: () => {
      context.previews.accept();
    },
    [commandIds.rejectPreview]: () => {
      context.previews.reject();
    },
    [commandIds.showMenu]: () => showMenu(status),
    [commandIds.togglePause]: () => {
      status.update({ paused: !status.value.paused });
    },
    [commandIds.toggleLanguage]: () => toggleLanguage(status),
    [commandIds.chooseModel]: pickModel,
    [commandIds.showSilences]: () => withClient(context, showSilences),
    [commandIds.showStatistics]: () => withClient(context, showStatistics),
    [commandIds.showLog]: () => {
      log.show();
    },
    [commandIds.restart]: () => server.restart(),
    [commandIds.openSettings]: () => commands.executeCommand("workbench.action.openSettings", `@ext:${extensionId}`),
  };
  return Object.entries(handlers).map(([id, handler]) => commands.registerCommand(id, handler));
}

async function inEditor(context: CommandContext, action: (editor: TextEditor, model: ModelContext) => Promise<void>): Promise<void> {
  const editor = window.activeTextEditor;
  if (editor) {
    await withClient(context, (client) => action(editor, { client, status: context.status, previews: context.previews }));
  } else {
    void window.showInformationMessage("Open a file and put the cursor where the model is to work.");
  }
}

async function withClient({ server, status }: CommandContext, action: (client: LanguageClient) => Promise<void>): Promise<void> {
  if (server.client) {
    await action(server.client);
  } else {
    const { server: state } = status.value;
    void window.showWarningMessage(state.kind === "error" ? state.message : "The language server is not running yet.");
  }
}

async function showMenu(status: StatusModel): Promise<void> {
  const chosen = await window.showQuickPick(menuEntries(status.value), { title: "Stable DiffCoder" });
  if (chosen) {
    await commands.executeCommand(chosen.command);
  }
}

async function toggleLanguage({ value: { language } }: StatusModel): Promise<void> {
  if (language) {
    await switchLanguage(language.id, !language.on);
  } else {
    void window.showInformationMessage("Open a file of the language that is to be switched on or off.");
  }
}

async function pickModel(): Promise<void> {
  const folders = await window.showOpenDialog({
    canSelectFiles: false,
    canSelectFolders: true,
    canSelectMany: false,
    openLabel: "Use this model",
    title: "Folder with config.json, tokenizer.json and safetensors",
  });
  if (folders?.[0]) {
    await chooseModel(folders[0].fsPath);
  }
}

/** Shows one message with the button that helps. */
export async function explain({ message, remedy }: Explanation, { extensionUri, log }: CommandContext): Promise<void> {
  const buttons: Record<Remedy, [label: string, action: () => unknown]> = {
    openSettings: ["Open Setting", () => openSetting(`${section}.server.path`)],
    installDotnet: [
      `Get .NET ${dotnetVersion}`,
      () => env.openExternal(Uri.parse(`https://dotnet.microsoft.com/download/dotnet/${dotnetVersion}.0`)),
    ],
    showLog: [
      "Show Log",
      () => {
        log.show();
      },
    ],
    readme: ["How to Get It", async () => commands.executeCommand("markdown.showPreview", await readme(extensionUri))],
  };
  const [label, action] = buttons[remedy];
  if ((await window.showErrorMessage(message, label)) === label) {
    await action();
  }
}

/** Opens a setting of the machine; in a window on another machine that machine's settings have it, and the user's do not. */
async function openSetting(query: string): Promise<void> {
  await (env.remoteName === undefined
    ? commands.executeCommand("workbench.action.openSettings", query)
    : commands.executeCommand("workbench.action.openRemoteSettings", { query }));
}

/** The extension's README, whose name is in small letters once it is packed. */
async function readme(extensionUri: Uri): Promise<Uri> {
  const packed = Uri.joinPath(extensionUri, "readme.md");
  try {
    await workspace.fs.stat(packed);
    return packed;
  } catch {
    return Uri.joinPath(extensionUri, "README.md");
  }
}
