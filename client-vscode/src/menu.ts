import { commandIds } from "./commandIds";
import type { Status } from "./status";

/** An entry of the menu behind the status bar. */
export interface MenuEntry {
  readonly label: string;
  readonly description?: string;
  readonly command: string;
}

/** What the user can do now. */
export function menuEntries(status: Status): MenuEntry[] {
  const entries: MenuEntry[] = [
    status.paused
      ? { label: "$(play) Resume suggestions", command: commandIds.togglePause }
      : {
          label: "$(debug-pause) Pause suggestions",
          description: "until resumed or the window is reloaded",
          command: commandIds.togglePause,
        },
  ];
  if (status.language) {
    const { id, on } = status.language;
    entries.push({
      label: on ? `$(circle-slash) Switch off for ${id}` : `$(check) Switch on for ${id}`,
      command: commandIds.toggleLanguage,
    });
  }
  entries.push(
    { label: "$(folder-opened) Choose model folder…", description: status.modelPath ?? "", command: commandIds.chooseModel },
    { label: "$(question) Why there was no suggestion", command: commandIds.showSilences },
    { label: "$(graph) Statistics", command: commandIds.showStatistics },
    { label: "$(output) Show log", command: commandIds.showLog },
    { label: "$(debug-restart) Restart the server", command: commandIds.restart },
    { label: "$(gear) Settings", command: commandIds.openSettings },
  );
  return entries;
}
