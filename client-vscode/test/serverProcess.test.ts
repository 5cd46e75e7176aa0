import { expect, test } from "vitest";
import { explainEnd, lacksDotnet } from "../src/serverFailure";
import { ServerProcess, ServerStartError } from "../src/serverProcess";

function node(script: string): Promise<ServerProcess> {
  return ServerProcess.start({ command: process.execPath, args: ["-e", script], source: "setting" });
}

test("the end of a process has its code and its last words", async () => {
  const started = await node("console.error('no such model'); process.exitCode = 3");
  expect(await started.end()).toEqual({ exitCode: 3, signal: undefined, lastWords: "no such model\n" });
});

test("a process that is killed has a signal", async () => {
  const started = await node("setInterval(() => {}, 1000)");
  started.child.kill("SIGKILL");
  expect(await started.end()).toMatchObject({ exitCode: undefined, signal: "SIGKILL" });
});

test("the server's process opens no diagnostics socket", async () => {
  const started = await node("process.stdout.write(String(process.env.DOTNET_EnableDiagnostics))");
  const chunks: Buffer[] = [];
  started.child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  await started.end();
  expect(Buffer.concat(chunks).toString()).toBe("0");
});

test("a program that does not exist is told with its code", async () => {
  const start = ServerProcess.start({ command: "/no/such/program", args: [], source: "setting" });
  const failure = await start.catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ServerStartError);
  expect((failure as ServerStartError).end.startError).toBe("ENOENT");
});

test("the codes with which .NET's host misses a runtime offer .NET", async () => {
  for (const code of [0x83, 0x96]) {
    const end = await (await node(`process.exitCode = ${code}`)).end();
    expect(lacksDotnet(end, "stable-diffcoder")).toBe(true);
    expect(explainEnd(end, "stable-diffcoder").remedy).toBe("installDotnet");
  }
});

test("a missing dotnet offers .NET, a missing server the setting", () => {
  const end = { startError: "ENOENT", lastWords: "" };
  expect(explainEnd(end, "dotnet").remedy).toBe("installDotnet");
  expect(explainEnd(end, "/opt/sdc").remedy).toBe("openSettings");
});

test("an ordinary crash points at the log", () => {
  const explanation = explainEnd({ exitCode: 134, lastWords: "" }, "stable-diffcoder");
  expect(explanation.remedy).toBe("showLog");
  expect(explanation.message).toContain("134");
});
