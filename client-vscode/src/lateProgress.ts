import { ProgressLocation, window, type Progress } from "vscode";

const patienceMilliseconds = 1_000;

/** A notification with a percentage, shown once something takes longer than a moment, until it ends. */
export class LateProgressBar {
  private timer: NodeJS.Timeout | undefined;
  private bar: Progress<{ message?: string; increment?: number }> | undefined;
  private close: (() => void) | undefined;
  private shown = 0;
  private latest: { percent: number | undefined; message: string | undefined } = { percent: undefined, message: undefined };

  begin(title: string): void {
    this.end();
    this.timer = setTimeout(() => {
      void window.withProgress({ location: ProgressLocation.Notification, title }, async (bar) => {
        this.bar = bar;
        this.draw();
        await new Promise<void>((resolve) => {
          this.close = resolve;
        });
      });
    }, patienceMilliseconds);
  }

  report(percent: number | undefined, message: string | undefined): void {
    this.latest = { percent, message };
    this.draw();
  }

  end(): void {
    clearTimeout(this.timer);
    this.close?.();
    this.bar = undefined;
    this.close = undefined;
    this.shown = 0;
  }

  private draw(): void {
    const { percent, message } = this.latest;
    const increment = Math.max((percent ?? 0) - this.shown, 0);
    this.shown += increment;
    this.bar?.report({ increment, ...(message === undefined ? {} : { message }) });
  }
}
