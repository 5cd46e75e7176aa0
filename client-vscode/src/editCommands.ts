import { Range, type TextEditor } from "vscode";
import type { ModelContext } from "./canvasRequest";
import { chooseDiagnostic } from "./diagnostics";
import { editByInstruction } from "./edit";
import type { InstructionHistory } from "./instructionHistory";
import { askInstruction } from "./instructionPrompt";

/** Asks for an instruction and rewrites the selection by it; without a selection the line of the cursor. */
export async function editSelection(editor: TextEditor, history: InstructionHistory, context: ModelContext): Promise<void> {
  const range = editor.selection.isEmpty ? lineOf(editor, editor.selection) : new Range(editor.selection.start, editor.selection.end);
  const instruction = await askInstruction(history);
  if (instruction !== undefined) {
    await editByInstruction(editor, range, instruction, context);
  }
}

/** Rewrites the lines of a diagnostic, its message being the instruction. */
export async function fixDiagnostic(editor: TextEditor, context: ModelContext): Promise<void> {
  const diagnostic = await chooseDiagnostic(editor);
  if (diagnostic) {
    await editByInstruction(editor, lineOf(editor, diagnostic.range), diagnostic.message, context);
  }
}

/** Whole lines, without the first one's indentation. */
function lineOf({ document }: TextEditor, { start, end }: Range): Range {
  return new Range(
    start.line,
    document.lineAt(start.line).firstNonWhitespaceCharacterIndex,
    end.line,
    document.lineAt(end.line).range.end.character,
  );
}
