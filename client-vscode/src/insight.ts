import type { Decision, StatisticsDay } from "./lspExtensions";

/** A row of a list that the user reads. */
export interface Row {
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
}

/** Why there was no suggestion: the silent decisions, as the server orders them. */
export function silences(decisions: readonly Decision[]): Row[] {
  return decisions
    .filter((decision) => decision.items === 0)
    .map(({ time, uri, line, rule, reason }) => ({
      label: rule ?? "Nothing worth showing",
      description: `${fileName(uri)}${line === undefined ? "" : `:${line + 1}`}, ${time.slice(11, 19)} UTC`,
      ...(reason === undefined ? {} : { detail: reason }),
    }));
}

/** The counts of each day, the newest first. */
export function days(statistics: readonly StatisticsDay[]): Row[] {
  return [...statistics]
    .sort((a, b) => b.date.localeCompare(a.date))
    .map(({ date, offered, acceptedByCommand, acceptedByText, abandoned, silenced }) => {
      const accepted = acceptedByCommand + acceptedByText;
      const share = offered === 0 ? "" : ` (${Math.round((100 * accepted) / offered)} %)`;
      const silent = Object.entries(silenced)
        .sort(([, a], [, b]) => b - a)
        .map(([rule, count]) => `${rule} ${count}`);
      return {
        label: date,
        description: `${offered} offered, ${accepted} accepted${share}, ${abandoned} abandoned`,
        ...(silent.length === 0 ? {} : { detail: `Silent: ${silent.join(", ")}` }),
      };
    });
}

function fileName(uri: string): string {
  return decodeURIComponent(uri.slice(uri.lastIndexOf("/") + 1));
}
