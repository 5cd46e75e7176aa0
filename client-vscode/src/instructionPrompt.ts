import { window } from "vscode";
import { offered, type InstructionHistory } from "./instructionHistory";

/** Asks what is to be done; undefined when the user turns away. */
export async function askInstruction(history: InstructionHistory): Promise<string | undefined> {
  const pick = window.createQuickPick();
  pick.title = "Edit by Instruction";
  pick.placeholder = "What is to be done with the selected code? Earlier instructions are listed.";
  const list = (): void => {
    const typed = pick.value.trim();
    pick.items = offered(typed, history.entries).map((label) => ({ label, alwaysShow: label === typed }));
  };
  pick.onDidChangeValue(list);
  list();
  const instruction = await new Promise<string | undefined>((resolve) => {
    pick.onDidAccept(() => {
      resolve(pick.activeItems[0]?.label ?? (pick.value.trim() || undefined));
    });
    pick.onDidHide(() => {
      resolve(undefined);
    });
    pick.show();
  });
  pick.dispose();
  if (instruction !== undefined) {
    await history.add(instruction);
  }
  return instruction;
}
