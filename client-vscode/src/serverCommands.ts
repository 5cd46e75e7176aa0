import { window, type TextEditor } from "vscode";
import { ExecuteCommandRequest, type ExecuteCommandMiddleware, type LanguageClient } from "vscode-languageclient/node";
import type { ModelContext } from "./canvasRequest";
import { editByInstruction } from "./edit";
import { infillSpans } from "./infill";
import type { InstructionHistory } from "./instructionHistory";
import { askInstruction } from "./instructionPrompt";
import type { EditParams, InfillParams } from "./lspExtensions";
import type { Pinning } from "./pinning";
import { tell } from "./requestFailure";

const nothing = "nothing was changed";

/** What the server's commands are run with where the client has a way of its own. */
export interface CommandSurroundings {
  readonly model: () => ModelContext | undefined;
  readonly history: InstructionHistory;
  readonly pinning: Pinning;
}

/** Runs what the server's code actions offer: edits and fills by the client itself, with a preview; the rest by the server. */
export function serverCommandMiddleware({ model, history, pinning }: CommandSurroundings): ExecuteCommandMiddleware {
  return {
    executeCommand: async (command, args: unknown[], next): Promise<unknown> => {
      const context = model();
      if (context && command === "stableDiffCoder.server.edit") {
        return edit(args[0] as EditParamsToComplete, context, history);
      }
      if (context && command === "stableDiffCoder.server.infill") {
        return infill(args[0] as InfillParams, context, pinning);
      }
      if (context && command.startsWith("stableDiffCoder.server.")) {
        return context.status.whileWorking(async () => {
          try {
            return (await next(command, args)) as unknown;
          } catch (error) {
            tell(error, nothing, undefined);
            return null;
          }
        });
      }
      return next(command, args);
    },
  };
}

/** Fills every hole of the editor's file. */
export async function fillHoles(editor: TextEditor, context: ModelContext): Promise<void> {
  await run("stableDiffCoder.server.fillHoles", { textDocument: versioned(editor, context.client) }, context);
}

/** Completes the member at the cursor. */
export async function completeMember(editor: TextEditor, context: ModelContext): Promise<void> {
  const position = context.client.code2ProtocolConverter.asPosition(editor.selection.active);
  await run("stableDiffCoder.server.completeMember", { textDocument: versioned(editor, context.client), position }, context);
}

async function run(command: string, argument: unknown, { client, status }: ModelContext): Promise<void> {
  try {
    await status.whileWorking(() => client.sendRequest(ExecuteCommandRequest.type, { command, arguments: [argument] }));
  } catch (error) {
    tell(error, nothing, undefined);
  }
}

type EditParamsToComplete = Omit<EditParams, "instruction"> & Partial<Pick<EditParams, "instruction">>;

async function edit(params: EditParamsToComplete, context: ModelContext, history: InstructionHistory): Promise<void> {
  const instruction = params.instruction ?? (await askInstruction(history));
  const editor = editorOf(params.textDocument.uri, context.client);
  if (instruction !== undefined && editor) {
    await editByInstruction(editor, context.client.protocol2CodeConverter.asRange(params.range), instruction, context);
  }
}

async function infill(params: InfillParams, context: ModelContext, pinning: Pinning): Promise<void> {
  const editor = editorOf(params.textDocument.uri, context.client);
  if (editor) {
    const spans = params.spans.map((span) => context.client.protocol2CodeConverter.asRange(span));
    await infillSpans(editor, spans, context, pinning);
  }
}

function editorOf(uri: string, client: LanguageClient): TextEditor | undefined {
  const wanted = client.protocol2CodeConverter.asUri(uri).toString();
  const editor = window.visibleTextEditors.find(({ document }) => document.uri.toString() === wanted);
  if (!editor) {
    void window.showInformationMessage(`The document is not on the screen any more; ${nothing}.`);
  }
  return editor;
}

function versioned({ document }: TextEditor, client: LanguageClient): { uri: string; version: number } {
  return { uri: client.code2ProtocolConverter.asUri(document.uri), version: document.version };
}
