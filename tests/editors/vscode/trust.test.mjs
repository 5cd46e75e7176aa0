// A workspace that is not trusted chooses neither the server nor the model; once it is trusted, it does.
import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { useEditor } from "./session.mjs";

const folder = mkdtempSync(join(tmpdir(), "stable-diffcoder-trust-"));
const mark = join(folder, "ran");
const program = join(folder, "workspace-server");
writeFileSync(program, `#!/bin/sh\ntouch '${mark}'\nexit 1\n`);
chmodSync(program, 0o755);
after(() => {
  rmSync(folder, { recursive: true, force: true });
});

const current = useEditor({
  trust: true,
  workspaceSettings: { "stableDiffCoder.server.path": program, "stableDiffCoder.model.path": "/nowhere/model" },
});

test("the server and the model of an untrusted workspace are left alone, and suggestions come", async () => {
  const editor = current();
  await editor.open("Untrusted.cs", "class A\n{\n    int Count()\n    {\n        return¦\n    }\n}\n");
  await editor.page.getByText("Restricted Mode").first().waitFor();
  await editor.status(/ready/);
  await editor.type(" ");
  await editor.ghostText();
  await editor.screenshot("untrusted");
  assert.ok(!existsSync(mark), "the workspace's program ran");
});

test("once it is trusted, the workspace's server is started", async () => {
  const editor = current();
  await editor.command("Workspaces: Manage Workspace Trust");
  await editor.page.locator(".workspace-trust-editor").getByRole("button", { name: "Trust", exact: true }).first().click();
  await editor.status(/starts again|ended|five times/);
  assert.ok(existsSync(mark), "the workspace's program did not run");
});
