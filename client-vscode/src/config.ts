import { ConfigurationTarget, workspace, type ConfigurationChangeEvent } from "vscode";

/** The section of all settings; the server asks for it too. */
export const section = "stableDiffCoder";

const names = {
  serverPath: "server.path",
  modelPath: "model.path",
  disabledLanguages: "activation.disabledLanguages",
} as const;

/** The settings that the client itself acts on. The others are the server's, which asks for them. */
export interface ClientSettings {
  /** Full path of the server; empty looks for it. */
  readonly serverPath: string;
  /** The model folder; undefined is the server's own choice. */
  readonly modelPath: string | undefined;
  /** Language ids without suggestions unasked. */
  readonly disabledLanguages: readonly string[];
}

/** Reads the settings; nothing else in the client does. */
export function readSettings(): ClientSettings {
  const settings = workspace.getConfiguration(section);
  return {
    serverPath: settings.get(names.serverPath, "").trim(),
    modelPath: settings.get<string | null>(names.modelPath, null) ?? undefined,
    disabledLanguages: settings.get<string[]>(names.disabledLanguages, []),
  };
}

/** Whether a change makes another server necessary. */
export function changesServer(event: ConfigurationChangeEvent): boolean {
  return event.affectsConfiguration(`${section}.${names.serverPath}`);
}

/** Whether any setting of the extension changed. */
export function changesAnything(event: ConfigurationChangeEvent): boolean {
  return event.affectsConfiguration(section);
}

/** Sets the model folder for this machine; undefined goes back to the server's own choice. */
export async function chooseModel(folder: string | undefined): Promise<void> {
  await workspace.getConfiguration(section).update(names.modelPath, folder, ConfigurationTarget.Global);
}

/** Switches suggestions of a language on or off for this user. */
export async function switchLanguage(languageId: string, on: boolean): Promise<void> {
  const others = readSettings().disabledLanguages.filter((id) => id !== languageId);
  const next = on ? others : [...others, languageId].sort();
  await workspace.getConfiguration(section).update(names.disabledLanguages, next.length > 0 ? next : undefined, ConfigurationTarget.Global);
}
