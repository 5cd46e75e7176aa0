import type { ServerMissing } from "./serverLocation";

/** How a server process ended, or failed to start. */
export interface ServerEnd {
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  /** The operating system's code when there was no process at all, such as ENOENT. */
  readonly startError?: string | undefined;
  /** The end of what the process wrote to stderr. */
  readonly lastWords: string;
}

/** What helps against a failure; one button of the message. */
export type Remedy = "openSettings" | "installDotnet" | "showLog" | "readme";

/** A failure in words, and the button that helps. */
export interface Explanation {
  readonly message: string;
  readonly remedy: Remedy;
}

export const dotnetVersion = 10;

// The .NET host ends with the low byte of its status codes: 0x80008083 (no hostfxr) and 0x80008096 (no such framework).
const hostWithoutDotnet = [0x83, 0x96];

/** Says why there is no server to start. */
export function explainMissing(missing: ServerMissing): Explanation {
  switch (missing.problem) {
    case "settingNotFound":
      return {
        message: `The setting stableDiffCoder.server.path names ${missing.path}, and there is no such file.`,
        remedy: "openSettings",
      };
    case "settingNotAbsolute":
      return { message: `The setting stableDiffCoder.server.path is ${missing.path}; use a full path.`, remedy: "openSettings" };
    case "nowhere":
      return {
        message:
          "No language server came with this build of Stable DiffCoder and there is no stable-diffcoder on PATH. " +
          "Build it, or name it in the setting stableDiffCoder.server.path.",
        remedy: "readme",
      };
  }
}

/** Whether the process ended because .NET is missing: starting it again would not help. */
export function lacksDotnet(end: ServerEnd, command: string): boolean {
  return end.startError === "ENOENT" ? command === "dotnet" : end.exitCode !== undefined && hostWithoutDotnet.includes(end.exitCode & 0xff);
}

/** Says why the server was given up. */
export function explainEnd(end: ServerEnd, command: string): Explanation {
  if (lacksDotnet(end, command)) {
    return { message: `The language server needs the .NET ${dotnetVersion} runtime, which was not found.`, remedy: "installDotnet" };
  }
  if (end.startError !== undefined) {
    return { message: `${command} cannot be started (${end.startError}).`, remedy: "openSettings" };
  }
  const how = end.signal ? `was ended by ${end.signal}` : `ended with code ${end.exitCode ?? "unknown"}`;
  return { message: `The language server ${how} five times within three minutes and is not started again.`, remedy: "showLog" };
}
