import { RequestType, type Range } from "vscode-languageclient/node";

// The messages of docs/lsp-extensions.md; a test compares the interfaces with that page.

export interface InfillParams {
  textDocument: { uri: string; version?: number };
  spans: Range[];
  maxNewTokens?: number;
}

export interface InfillResult {
  version: number;
  spans: {
    range: Range;
    newText: string;
    tokens: number;
    forwards: number;
  }[];
}

export const infillRequest = new RequestType<InfillParams, InfillResult, void>("stableDiffCoder/infill");
