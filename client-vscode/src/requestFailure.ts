import { window } from "vscode";
import { ErrorCodes, LSPErrorCodes, ResponseError } from "vscode-languageclient/node";
import type { Verdict } from "./preview";

/** Tells why a request of the user came to nothing, and that `nothing` happened; what the user did on purpose needs no words. */
export function tell(error: unknown, nothing: string, verdict: Verdict | undefined): void {
  if (verdict === "rejected") {
    return;
  }
  const code = verdict === "overtaken" ? LSPErrorCodes.ContentModified : error instanceof ResponseError ? error.code : undefined;
  switch (code) {
    case LSPErrorCodes.RequestCancelled:
      return;
    case LSPErrorCodes.ContentModified:
      tellOvertaken(nothing);
      return;
    case ErrorCodes.PendingResponseRejected:
    case ErrorCodes.ConnectionInactive:
      void window.showWarningMessage(`The language server ended while it was at work; ${nothing}.`);
      return;
    default:
      void window.showErrorMessage(`${capital(nothing)}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Tells that the document went on without the request's answer. */
export function tellOvertaken(nothing: string): void {
  void window.showInformationMessage(`The document changed while the model was at work; ${nothing}.`);
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
