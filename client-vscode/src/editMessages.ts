import { ProgressType, RequestType, type ProgressToken, type Range, type WorkspaceEdit } from "vscode-languageclient/node";

export interface EditParams {
  textDocument: { uri: string; version?: number };
  range: Range;
  instruction: string;
  canvasToken?: ProgressToken;
}

export const editRequest = new RequestType<EditParams, WorkspaceEdit | null, void>("stableDiffCoder/edit");

/** The state of a request's spans after a denoising step. A later one replaces it. */
export interface Canvas {
  step: number;
  spans: CanvasSpan[];
}

export interface CanvasSpan {
  /** The range that the text is to replace; left out where it is the requested one. */
  range?: Range;
  text: string;
  /** Ranges of the text that are masked still, end excluded. */
  masked: [number, number][];
  confidence: number;
}

/** What `$/progress` carries for a request's `canvasToken`. */
export const canvasProgress = new ProgressType<Canvas>();
