import { delimiter, isAbsolute, join } from "node:path";

/** Where the server was found. */
export type ServerSource = "setting" | "bundled" | "PATH";

/** How to start the server. */
export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly source: ServerSource;
}

/** Why no server can be started; `path` is what the setting names. */
export type ServerMissing =
  | { readonly problem: "settingNotFound"; readonly path: string }
  | { readonly problem: "settingNotAbsolute"; readonly path: string }
  | { readonly problem: "nowhere" };

/** What looking for a server depends on. */
export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly searchPath: string;
  readonly home: string;
  isFile(path: string): boolean;
}

/** Finds the server: the setting, else the one that came with the extension, else `stable-diffcoder` on PATH. */
export function locateServer(setting: string, extensionFolder: string, surroundings: Surroundings): ServerCommand | ServerMissing {
  if (setting !== "") {
    const path = setting.startsWith("~/") ? join(surroundings.home, setting.slice(2)) : setting;
    if (!isAbsolute(path)) {
      return { problem: "settingNotAbsolute", path: setting };
    }
    return surroundings.isFile(path) ? start(path, "setting") : { problem: "settingNotFound", path: setting };
  }
  const program = surroundings.platform === "win32" ? "stable-diffcoder.exe" : "stable-diffcoder";
  const bundled = join(extensionFolder, "server");
  const candidates: [string, ServerSource][] = [
    [join(bundled, program), "bundled"],
    [join(bundled, "stable-diffcoder.dll"), "bundled"],
    ...surroundings.searchPath
      .split(delimiter)
      .filter(isAbsolute)
      .map((folder): [string, ServerSource] => [join(folder, program), "PATH"]),
  ];
  const found = candidates.find(([path]) => surroundings.isFile(path));
  return found ? start(...found) : { problem: "nowhere" };
}

function start(path: string, source: ServerSource): ServerCommand {
  return path.endsWith(".dll") ? { command: "dotnet", args: [path, "lsp"], source } : { command: path, args: ["lsp"], source };
}
