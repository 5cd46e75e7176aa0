import { existsSync, statSync } from "node:fs";
import { homedir } from "node:os";
import type { LogOutputChannel } from "vscode";
import { CloseAction, ErrorAction, type LanguageClient, type LanguageClientOptions } from "vscode-languageclient/node";
import { QuietLanguageClient } from "./quietLanguageClient";
import { RestartPolicy } from "./restartPolicy";
import { explainEnd, explainMissing, lacksDotnet, type Explanation, type ServerEnd } from "./serverFailure";
import { locateServer, type ServerCommand } from "./serverLocation";
import { ServerProcess, ServerStartError } from "./serverProcess";
import type { StatusModel } from "./statusModel";

/** What the supervisor is given. */
export interface ServerDependencies {
  readonly extensionFolder: string;
  readonly log: LogOutputChannel;
  readonly status: StatusModel;
  /** The setting that names the server. */
  readonly serverPath: () => string;
  /** How the client behaves, its error handling excepted. */
  readonly clientOptions: () => LanguageClientOptions;
  /** Prepares a client that is about to start. */
  readonly onClient: (client: LanguageClient) => void;
  /** Tells the user why there is no server. */
  readonly explain: (explanation: Explanation) => void;
}

/** Keeps one server running: finds it, starts it, and starts it again after a crash until that is hopeless. */
export class Server {
  private readonly policy = new RestartPolicy();
  private current: { client: LanguageClient; process: ServerProcess | undefined } | undefined;
  private restarting: NodeJS.Timeout | undefined;
  /** Grows with each start and stop asked for; what an older one still does no longer counts. */
  private generation = 0;

  constructor(private readonly dependencies: ServerDependencies) {}

  /** The client of a running server. */
  get client(): LanguageClient | undefined {
    return this.current?.client.isRunning() ? this.current.client : undefined;
  }

  /** Starts, or starts anew. Earlier crashes are forgotten. */
  async restart(): Promise<void> {
    await this.stop();
    this.policy.forget();
    await this.start();
  }

  async stop(): Promise<void> {
    this.generation++;
    clearTimeout(this.restarting);
    this.dependencies.status.server({ kind: "stopped" });
    await this.discard();
  }

  private async discard(): Promise<void> {
    const { current } = this;
    this.current = undefined;
    if (current) {
      await current.client.dispose().catch((error: unknown) => {
        this.dependencies.log.debug(`The client did not stop in order: ${String(error)}`);
      });
      await current.process?.end();
    }
  }

  private async start(): Promise<void> {
    const { status, log, extensionFolder, serverPath, explain } = this.dependencies;
    const command = locateServer(serverPath(), extensionFolder, {
      platform: process.platform,
      searchPath: process.env["PATH"] ?? "",
      home: homedir(),
      isFile: (path) => existsSync(path) && statSync(path).isFile(),
    });
    if ("problem" in command) {
      const explanation = explainMissing(command);
      status.server({ kind: "error", message: explanation.message });
      explain(explanation);
      return;
    }
    log.info(`Starting ${[command.command, ...command.args].join(" ")} (${command.source})`);
    await this.run(command);
  }

  private async run(command: ServerCommand): Promise<void> {
    const { status, log, clientOptions, onClient } = this.dependencies;
    const generation = ++this.generation;
    status.server({ kind: "starting" });
    const crashed = (end: ServerEnd): void => {
      if (generation === this.generation) {
        this.crashed(end, command);
      }
    };
    const client = new QuietLanguageClient(
      "stableDiffCoder",
      "Stable DiffCoder",
      async () => {
        const started = await ServerProcess.start(command);
        this.current = { client, process: started };
        return started.child;
      },
      {
        ...clientOptions(),
        initializationFailedHandler: () => false,
        errorHandler: {
          error: () => ({ action: ErrorAction.Continue, handled: true }),
          closed: async () => {
            const process = this.current?.client === client ? this.current.process : undefined;
            const running = client.isRunning();
            const end = await process?.end();
            if (running && end) {
              // The client is still in the middle of its own cleaning up.
              setImmediate(() => {
                crashed(end);
              });
            }
            return { action: CloseAction.DoNotRestart, handled: true };
          },
        },
      },
    );
    this.current = { client, process: undefined };
    onClient(client);
    try {
      await client.start();
    } catch (error) {
      if (error instanceof ServerStartError) {
        crashed(error.end);
      } else if (generation === this.generation) {
        log.error(`The server did not start: ${String(error)}`);
        const end = await this.current.process?.end();
        crashed(end ?? { lastWords: String(error) });
      }
      return;
    }
    // Its progress says when the model is there.
    if (generation === this.generation && status.value.server.kind === "starting") {
      status.server({ kind: "loading", percent: undefined, message: undefined });
    }
  }

  private crashed(end: ServerEnd, command: ServerCommand): void {
    const { status, log, explain } = this.dependencies;
    log.error(`The server ended: exit code ${end.exitCode ?? "none"}, signal ${end.signal ?? "none"}\n${end.lastWords}`);
    const hopeless = end.startError !== undefined || lacksDotnet(end, command.command);
    const decision = hopeless ? ({ kind: "giveUp" } as const) : this.policy.crashed(performance.now());
    const generation = ++this.generation;
    if (decision.kind === "giveUp") {
      const explanation = explainEnd(end, command.command);
      status.server({ kind: "error", message: explanation.message });
      explain(explanation);
      void this.discard();
      return;
    }
    status.server({ kind: "restarting", delayMilliseconds: decision.delayMilliseconds });
    const discarded = this.discard();
    this.restarting = setTimeout(() => {
      void discarded.then(() => (generation === this.generation ? this.run(command) : undefined));
    }, decision.delayMilliseconds);
  }
}
