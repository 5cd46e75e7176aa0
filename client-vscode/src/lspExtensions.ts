import {
  NotificationType,
  ProgressType,
  RequestType,
  RequestType0,
  type ProgressToken,
  type Range,
  type TextEdit,
  type WorkspaceEdit,
} from "vscode-languageclient/node";

// The messages of docs/lsp-extensions.md; a test compares the interfaces with that page.

export interface InfillParams {
  textDocument: { uri: string; version?: number };
  spans: Range[];
  pinned?: Range[];
  maxNewTokens?: number;
  canvasToken?: ProgressToken;
}

export interface InfillResult {
  version: number;
  spans: {
    range: Range;
    newText: string;
    tokens: number;
    forwards: number;
    confidence: number;
  }[];
  edits: TextEdit[];
}

export const infillRequest = new RequestType<InfillParams, InfillResult, void>("stableDiffCoder/infill");

export interface EditParams {
  textDocument: { uri: string; version?: number };
  range: Range;
  instruction: string;
  canvasToken?: ProgressToken;
}

export const editRequest = new RequestType<EditParams, WorkspaceEdit, void>("stableDiffCoder/edit");

/** What `$/progress` brings under a `canvasToken`; each value replaces the one before. */
export interface CanvasValue {
  step: number;
  spans: CanvasSpan[];
}

export interface CanvasSpan {
  text: string;
  masked: [start: number, end: number][];
  confidence: number;
  range?: Range;
}

export const canvasProgress = new ProgressType<CanvasValue>();

export interface StatusResult {
  state: "loading" | "ready" | "failed";
  problem?: string;
  model?: string;
  device?: string;
  dataType?: string;
  parameters?: number;
  contextLength?: number;
  queue: number;
  tokensPerSecond?: number;
  cacheHitRate?: number;
  documents: number;
  outOfStep: string[];
  folders: string[];
  indexedFiles: number;
  indexing: boolean;
  offered: number;
  accepted: number;
  abandoned: number;
  silenced: number;
  decisions: Decision[];
  stateFolder?: string;
}

export interface Decision {
  time: string;
  uri: string;
  line?: number;
  invoked: boolean;
  items: number;
  confidence?: number;
  rule?: string;
  reason?: string;
  fired: string[];
}

export interface StatisticsResult {
  days: StatisticsDay[];
}

export interface StatisticsDay {
  date: string;
  offered: number;
  acceptedByCommand: number;
  acceptedByText: number;
  abandoned: number;
  silenced: { [rule: string]: number };
}

export const statusRequest = new RequestType0<StatusResult, void>("stableDiffCoder/status");
export const statusNotification = new NotificationType<StatusResult>("stableDiffCoder/didChangeStatus");
export const statisticsRequest = new RequestType0<StatisticsResult, void>("stableDiffCoder/statistics");
export const clearStatisticsRequest = new RequestType0<null, void>("stableDiffCoder/clearStatistics");
