/** What to do after the server ended by itself: start it again after a pause, or give up. */
export type RestartDecision = { readonly kind: "restart"; readonly delayMilliseconds: number } | { readonly kind: "giveUp" };

export const mostCrashes = 5;
export const windowMilliseconds = 3 * 60_000;
const firstDelay = 250;
const longestDelay = 8_000;

/** Counts the server's crashes: each within the window doubles the pause, and the fifth is the last. */
export class RestartPolicy {
  private crashes: number[] = [];

  /** Notes a crash. `now` is in milliseconds and never goes back. */
  crashed(now: number): RestartDecision {
    this.crashes = [...this.crashes.filter((time) => now - time < windowMilliseconds), now];
    return this.crashes.length >= mostCrashes
      ? { kind: "giveUp" }
      : { kind: "restart", delayMilliseconds: Math.min(firstDelay * 2 ** (this.crashes.length - 1), longestDelay) };
  }

  /** Forgets all crashes: the user asked for a new start. */
  forget(): void {
    this.crashes = [];
  }
}
