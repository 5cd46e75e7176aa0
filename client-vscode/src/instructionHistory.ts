import type { Memento } from "vscode";

const key = "instructions";
const most = 50;

/** What the user asked for before, newest first; kept on this machine. */
export class InstructionHistory {
  constructor(private readonly memory: Pick<Memento, "get" | "update">) {}

  get entries(): readonly string[] {
    return this.memory.get<string[]>(key, []);
  }

  /** Puts an instruction first. */
  async add(instruction: string): Promise<void> {
    await this.memory.update(key, [instruction, ...this.entries.filter((entry) => entry !== instruction)].slice(0, most));
  }
}

/** What is offered while the user types: the typed words first, then earlier instructions. */
export function offered(typed: string, history: readonly string[]): string[] {
  const words = typed.trim();
  return words === "" ? [...history] : [words, ...history.filter((entry) => entry !== words)];
}
