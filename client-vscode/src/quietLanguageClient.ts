import { LanguageClient } from "vscode-languageclient/node";

/** A language client that says nothing itself of a server that cannot be reached: {@link Server} does, once, and with what helps. */
export class QuietLanguageClient extends LanguageClient {
  override error(message: string, data?: unknown, showNotification?: boolean | "force"): void {
    super.error(message, data, showNotification === "force" ? false : showNotification);
  }
}
