import { expect, test } from "vitest";
import { mostCrashes, RestartPolicy, windowMilliseconds, type RestartDecision } from "../src/restartPolicy";

function delays(decisions: RestartDecision[]): (number | "giveUp")[] {
  return decisions.map((decision) => (decision.kind === "giveUp" ? "giveUp" : decision.delayMilliseconds));
}

test("crashes in a row wait twice as long each time, and the fifth is the last", () => {
  const policy = new RestartPolicy();
  expect(delays([0, 1_000, 2_000, 3_000, 4_000].map((now) => policy.crashed(now)))).toEqual([250, 500, 1_000, 2_000, "giveUp"]);
});

test("four crashes in three minutes never give up, however long it goes on", () => {
  const policy = new RestartPolicy();
  const decisions = Array.from({ length: 50 }, (_, i) => policy.crashed((i * windowMilliseconds) / (mostCrashes - 1)));
  expect(delays(decisions)).not.toContain("giveUp");
});

test("a crash after a quiet time waits no longer than the first", () => {
  const policy = new RestartPolicy();
  policy.crashed(0);
  policy.crashed(1_000);
  expect(policy.crashed(1_000 + windowMilliseconds)).toEqual({ kind: "restart", delayMilliseconds: 250 });
});

test("asking for a new start forgets the crashes", () => {
  const policy = new RestartPolicy();
  [0, 1, 2, 3].forEach((now) => policy.crashed(now));
  policy.forget();
  expect(policy.crashed(4)).toEqual({ kind: "restart", delayMilliseconds: 250 });
});
