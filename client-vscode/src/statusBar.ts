import { MarkdownString, StatusBarAlignment, ThemeColor, window, type Disposable, type StatusBarItem } from "vscode";
import { commandIds } from "./commandIds";
import { describe, type Status } from "./status";

/** Shows the status; a click opens the menu. */
export class StatusBar implements Disposable {
  private readonly item: StatusBarItem = window.createStatusBarItem("stableDiffCoder.status", StatusBarAlignment.Right, 100);

  constructor() {
    this.item.name = "Stable DiffCoder";
    this.item.command = commandIds.showMenu;
    this.item.show();
  }

  show(status: Status): void {
    const { text, label, tooltip, severity } = describe(status);
    this.item.text = text;
    this.item.accessibilityInformation = { label, role: "button" };
    this.item.tooltip = new MarkdownString(tooltip.join("\n\n"));
    this.item.backgroundColor = severity === "none" ? undefined : new ThemeColor(`statusBarItem.${severity}Background`);
  }

  dispose(): void {
    this.item.dispose();
  }
}
