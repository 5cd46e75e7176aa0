// What runs on this machine, read from /proc.
import { readdirSync, readFileSync } from "node:fs";

/** Ids of the processes, other than this one, that have some words in their surroundings. */
export function processesWith(words) {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => read(`/proc/${name}/environ`).includes(words))
    .map(Number);
}

/** The words that a process was started with. */
export function commandLine(id) {
  return read(`/proc/${id}/cmdline`).split("\0");
}

function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // It has ended meanwhile, or is somebody else's.
    return "";
  }
}
