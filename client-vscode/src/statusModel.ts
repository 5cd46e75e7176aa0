import type { ServerState, Status } from "./status";

/** Holds the status and tells each change. */
export class StatusModel {
  private status: Status = {
    server: { kind: "stopped" },
    working: 0,
    paused: false,
    language: undefined,
    model: undefined,
    modelPath: undefined,
  };
  private readonly listeners: ((status: Status) => void)[] = [];

  get value(): Status {
    return this.status;
  }

  onChange(listener: (status: Status) => void): void {
    this.listeners.push(listener);
    listener(this.status);
  }

  update(change: Partial<Status>): void {
    this.status = { ...this.status, ...change };
    for (const listener of this.listeners) {
      listener(this.status);
    }
  }

  server(server: ServerState): void {
    this.update({ server });
  }

  /** Counts a request while it runs. */
  async whileWorking<T>(request: () => PromiseLike<T>): Promise<T> {
    this.update({ working: this.status.working + 1 });
    try {
      return await request();
    } finally {
      this.update({ working: this.status.working - 1 });
    }
  }
}
