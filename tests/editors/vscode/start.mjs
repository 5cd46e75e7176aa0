// Starts one Visual Studio Code with a profile and a workspace of its own.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { once } from "node:events";
import { Editor, writeSettings as write } from "./editor.mjs";
import { processesWith } from "./processes.mjs";
import { waitFor } from "./waiting.mjs";

/** What is in the way of whoever drives the editor by its keys and reads the disk. */
const driven = {
  "files.autoSave": "off",
  "security.workspace.trust.startupPrompt": "never",
  "telemetry.telemetryLevel": "off",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
};
/** What would make a test's screen depend on more than the extension. */
const quiet = {
  "chat.disableAIFeatures": true,
  "editor.inlineSuggest.enabled": true,
  "editor.minimap.enabled": false,
  "editor.quickSuggestions": { other: "off", comments: "off", strings: "off" },
  "editor.suggestOnTriggerCharacters": false,
  "editor.wordBasedSuggestions": "off",
  "extensions.ignoreRecommendations": true,
  "window.commandCenter": false,
  "workbench.colorTheme": "Default Dark Modern",
};

/** Starts an editor in which the packed extension is installed. With `untouched` it is as it comes. */
export async function startEditor(tools, options) {
  const { untouched = false } = options;
  const { vsix, settings, machineSettings, workspaceSettings, keybindings, env, screenshots, trust = false } = options;
  const home = mkdtempSync(join(tmpdir(), "stable-diffcoder-vscode-"));
  const folder = (name) => {
    mkdirSync(join(home, name), { recursive: true });
    return join(home, name);
  };
  const workspace = folder("workspace");
  const userData = folder("user-data");
  mkdirSync(join(userData, "User"));
  // A browser's window is a remote one: settings of a machine's scope are read from the file of that machine alone.
  mkdirSync(join(userData, "Machine"));
  const files = {
    user: join(userData, "User/settings.json"),
    machine: join(userData, "Machine/settings.json"),
  };
  write(files.machine, machineSettings);
  const userSettings = {
    ...driven,
    ...(untouched ? {} : quiet),
    ...settings,
    "security.workspace.trust.enabled": trust,
  };
  write(files.user, userSettings);
  write(join(userData, "User/keybindings.json"), keybindings ?? []);
  if (workspaceSettings) {
    mkdirSync(join(workspace, ".vscode"));
    write(join(workspace, ".vscode/settings.json"), workspaceSettings);
  }
  writeFileSync(join(home, "config.yaml"), "auth: none\n");
  const places = ["--config", join(home, "config.yaml"), "--user-data-dir", userData, "--extensions-dir", folder("extensions")];
  const surroundings = {
    ...process.env,
    ...env,
    HOME: folder("home"),
    XDG_CONFIG_HOME: folder("config"),
    XDG_DATA_HOME: folder("data"),
    // The server's own cache stays where it is: what it holds belongs to the machine.
    TMPDIR: folder("tmp"),
    // Else it asks the login shell for another PATH.
    VSCODE_CLI: "1",
    PATH: `${dirname(tools.node)}:${env?.PATH ?? process.env.PATH}`,
  };
  const run = (...args) =>
    spawn(tools.node, [tools.codeServer, ...places, ...args], {
      env: surroundings,
      stdio: ["ignore", "pipe", "pipe"],
    });

  const installing = run("--install-extension", vsix);
  const said = collect(installing);
  if ((await once(installing, "exit"))[0] !== 0) {
    throw new Error(`The extension cannot be installed: ${said()}`);
  }
  const [server, port] = await startServer(run, [
    ...["--auth", "none", "--disable-telemetry", "--disable-update-check", "--disable-getting-started-override", "--disable-proxy"],
    ...[...(trust ? [] : ["--disable-workspace-trust"]), workspace],
  ]);
  const browser = await tools.chromium.launch({
    executablePath: tools.browser,
    headless: true,
    args: [
      ...["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking"],
      ...["--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"],
    ],
  });
  const page = await browser.newPage({
    viewport: { width: 1100, height: 700 },
  });
  page.setDefaultTimeout(120_000);
  const close = async () => {
    await browser.close();
    server.kill();
    await processesEnded(home);
    rmSync(home, {
      recursive: true,
      force: true,
      maxRetries: 5,
      retryDelay: 500,
    });
  };
  const editor = new Editor({
    page,
    home,
    workspace,
    screenshots,
    files,
    settings: userSettings,
    machineSettings,
    close,
  });
  try {
    await page.goto(`http://127.0.0.1:${port}/?folder=${encodeURIComponent(workspace)}`);
    await page.locator(".monaco-workbench .statusbar-item").first().waitFor();
  } catch (error) {
    console.log(`Screenshot of an editor that does not start: ${await editor.screenshot("failed-start")}`);
    await close();
    throw error;
  }
  return editor;
}

/** Starts code-server; it gives up by itself when the machine is so busy that its own parts do not find each other, and is then started again. */
async function startServer(run, options) {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const server = run("--bind-addr", `127.0.0.1:${port}`, ...options);
    const log = collect(server);
    let ended = false;
    server.on("exit", () => (ended = true));
    try {
      await waitFor(
        () => ended || log().includes("HTTP server listening"),
        90_000,
        () => `code-server does not start: ${log()}`,
      );
    } catch (error) {
      server.kill("SIGKILL");
      throw error;
    }
    if (!ended) {
      return [server, port];
    }
    if (attempt === 3) {
      throw new Error(`code-server does not start: ${log()}`);
    }
  }
}

/** Waits until nothing runs any more that was started with a folder, which would write there while it is removed; then it is killed. */
async function processesEnded(home) {
  try {
    await waitFor(
      () => processesWith(home).length === 0,
      30_000,
      () => "some processes stay",
    );
  } catch {
    processesWith(home).forEach((id) => process.kill(id, "SIGKILL"));
  }
}

function collect(child) {
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk) => (text += chunk));
  }
  return () => text;
}

async function freePort() {
  const listener = createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = listener.address();
  listener.close();
  await once(listener, "close");
  return port;
}
