import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import type { ServerEnd } from "./serverFailure";
import type { ServerCommand } from "./serverLocation";

const mostLastWords = 4_000;
const graceMilliseconds = 5_000;

/** A running server, and how it ends. */
export class ServerProcess {
  private lastWords = "";

  private constructor(readonly child: ChildProcessWithoutNullStreams) {
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.lastWords = (this.lastWords + text).slice(-mostLastWords);
    });
  }

  /** Starts the server. Rejects with a {@link ServerEnd} when there is no process. */
  static async start(command: ServerCommand): Promise<ServerProcess> {
    // Without it the .NET runtime opens a socket for debuggers, and any process of the user could attach to the one that holds the source.
    const env = { ...process.env, DOTNET_EnableDiagnostics: "0" };
    const child = spawn(command.command, command.args, { env, stdio: "pipe", windowsHide: true });
    const started = new ServerProcess(child);
    try {
      await once(child, "spawn");
    } catch (error) {
      throw new ServerStartError({ startError: (error as NodeJS.ErrnoException).code ?? "unknown", lastWords: String(error) });
    }
    // A broken pipe is told by the connection; unhandled it would end the extension host.
    child.on("error", () => undefined);
    child.stdin.on("error", () => undefined);
    return started;
  }

  /** How the process ended, once it has; killed when that takes too long. */
  async end(): Promise<ServerEnd> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const killing = setTimeout(() => this.child.kill("SIGKILL"), graceMilliseconds);
      await once(this.child, "exit");
      clearTimeout(killing);
    }
    return { exitCode: this.child.exitCode ?? undefined, signal: this.child.signalCode ?? undefined, lastWords: this.lastWords };
  }
}

/** There is no server process. */
export class ServerStartError extends Error {
  constructor(readonly end: ServerEnd) {
    super(end.lastWords);
  }
}
