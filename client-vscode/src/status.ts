/** What the server is doing, as far as the client can tell. */
export type ServerState =
  | { readonly kind: "starting" }
  | { readonly kind: "loading"; readonly percent: number | undefined; readonly message: string | undefined }
  | { readonly kind: "ready" }
  | { readonly kind: "restarting"; readonly delayMilliseconds: number }
  | { readonly kind: "error"; readonly message: string }
  | { readonly kind: "stopped" };

/** The loaded model in the server's words. */
export interface ModelDescription {
  readonly name: string;
  readonly device: string | undefined;
  readonly dataType: string | undefined;
}

/** Everything that the status bar shows. */
export interface Status {
  readonly server: ServerState;
  /** Requests of the user that the model works on. */
  readonly working: number;
  readonly paused: boolean;
  /** The active editor's language, and whether suggestions are on for it. */
  readonly language: { readonly id: string; readonly on: boolean } | undefined;
  /** What the server says of the loaded model. */
  readonly model: ModelDescription | undefined;
  /** The model folder of the settings. */
  readonly modelPath: string | undefined;
}

/** The status bar entry in words. */
export interface StatusText {
  readonly text: string;
  /** For screen readers. */
  readonly label: string;
  /** Lines of the tooltip, in Markdown. */
  readonly tooltip: readonly string[];
  readonly severity: "none" | "warning" | "error";
}

const name = "Stable DiffCoder";

/** Puts the status into words. */
export function describe(status: Status): StatusText {
  const [icon, state, severity] = appearance(status);
  return {
    text: `${icon} DiffCoder${suffix(status)}`,
    label: `${name}: ${state}`,
    tooltip: [`**${name}**: ${state}`, modelLine(status)],
    severity,
  };
}

function modelLine({ model, modelPath }: Status): string {
  return model === undefined
    ? `Model: ${modelPath ?? "the server's own"}`
    : `Model: ${[model.name, model.device, model.dataType].filter((part) => part !== undefined).join(", ")}`;
}

function suffix({ server }: Status): string {
  return server.kind === "loading" && server.percent !== undefined ? ` ${server.percent} %` : "";
}

function appearance(status: Status): [icon: string, state: string, severity: StatusText["severity"]] {
  const { server, language } = status;
  switch (server.kind) {
    case "error":
      return ["$(error)", server.message, "error"];
    case "stopped":
      return ["$(circle-slash)", "not running", "none"];
    case "starting":
      return ["$(loading~spin)", "starting", "none"];
    case "restarting":
      return ["$(loading~spin)", `the server ended; it starts again in ${Math.ceil(server.delayMilliseconds / 1000)} s`, "warning"];
    case "loading":
      return ["$(loading~spin)", `${server.message ?? "loading the model"}${percent(server.percent)}`, "none"];
    case "ready":
      break;
  }
  if (status.working > 0) {
    return ["$(sync~spin)", "working", "none"];
  }
  if (status.paused) {
    return ["$(debug-pause)", "paused; suggestions come only when asked for", "none"];
  }
  if (language && !language.on) {
    return ["$(circle-slash)", `off for ${language.id}`, "none"];
  }
  return ["$(symbol-array)", "ready", "none"];
}

function percent(value: number | undefined): string {
  return value === undefined ? "" : `, ${value} %`;
}
