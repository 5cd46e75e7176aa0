// One Visual Studio Code with a profile and a workspace of its own, driven as a user drives it: by keys and the mouse.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { once } from "node:events";

const quiet = {
  "chat.disableAIFeatures": true,
  "editor.inlineSuggest.enabled": true,
  "editor.minimap.enabled": false,
  "editor.quickSuggestions": { other: "off", comments: "off", strings: "off" },
  "editor.suggestOnTriggerCharacters": false,
  "editor.wordBasedSuggestions": "off",
  "extensions.ignoreRecommendations": true,
  "files.autoSave": "off",
  "security.workspace.trust.startupPrompt": "never",
  "telemetry.telemetryLevel": "off",
  "window.commandCenter": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
  "workbench.colorTheme": "Default Dark Modern",
};

/** Starts an editor in which the packed extension is installed. */
export async function startEditor(tools, { vsix, settings, machineSettings, workspaceSettings, env, screenshots, trust = false }) {
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
  const files = { user: join(userData, "User/settings.json"), machine: join(userData, "Machine/settings.json") };
  write(files.machine, machineSettings);
  const userSettings = { ...quiet, ...settings, "security.workspace.trust.enabled": trust };
  write(files.user, userSettings);
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
    PATH: `${dirname(tools.node)}:${process.env.PATH}`,
  };
  const run = (...args) =>
    spawn(tools.node, [tools.codeServer, ...places, ...args], { env: surroundings, stdio: ["ignore", "pipe", "pipe"] });

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
  const page = await browser.newPage({ viewport: { width: 1100, height: 700 } });
  page.setDefaultTimeout(120_000);
  await page.goto(`http://127.0.0.1:${port}/?folder=${encodeURIComponent(workspace)}`);
  await page.locator(".monaco-workbench .statusbar-item").first().waitFor();
  const close = async () => {
    await browser.close();
    server.kill();
    await once(server, "exit");
    rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 500 });
  };
  return new Editor({ page, home, workspace, screenshots, files, settings: userSettings, machineSettings, close });
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

/** What the tests do with an editor. */
class Editor {
  constructor(parts) {
    Object.assign(this, parts);
  }

  /** Writes a file and opens it; `¦` in its text is where the cursor goes. */
  async open(name, marked) {
    const place = marked.indexOf("¦");
    const text = marked.replace("¦", "");
    writeFileSync(join(this.workspace, name), text);
    // A full path, since the index of files is behind.
    await this.quickOpen(join(this.workspace, name), name);
    await this.page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
    if (place >= 0) {
      const lines = marked.slice(0, place).split("\n");
      const down = Array.from({ length: lines.length - 1 }, () => "ArrowDown");
      const right = Array.from(lines.at(-1), () => "ArrowRight");
      // Keys pressed before the editor has the focus are lost.
      await this.page.locator(".editor-instance .view-line").first().click();
      await this.press("Control+Home", ...down, ...right);
      await this.page.getByText(`Ln ${lines.length}, Col ${right.length + 1}`, { exact: true }).waitFor();
    }
    return text;
  }

  /** Types into the quick input and takes the entry that begins with what is expected. */
  async quickOpen(text, expected) {
    await this.page.keyboard.press("Control+P");
    const input = this.page.locator(".quick-input-widget:visible input[type=text]");
    await input.waitFor();
    await input.fill(text);
    const words = new RegExp(`^\\s*${expected.replaceAll(/[^\w\s]/g, "\\$&")}`);
    await this.page.locator(".quick-input-list .monaco-list-row").filter({ hasText: words }).first().click();
  }

  /** Runs a command of the palette by its title. */
  async command(title) {
    await this.quickOpen(`>${title}`, title);
  }

  async type(text) {
    await this.page.keyboard.type(text, { delay: 30 });
  }

  async press(...keys) {
    for (const key of keys) {
      await this.page.keyboard.press(key);
    }
  }

  /** The text of the suggestion, once there is one. */
  async ghostText(timeout = 60_000) {
    const ghost = this.page.locator('[class*="ghost-text"]').first();
    await ghost.waitFor({ state: "visible", timeout });
    return (await this.page.locator('[class*="ghost-text"]').allTextContents()).join("").replaceAll("\u00a0", " ");
  }

  async hasGhostText() {
    return (await this.page.locator('[class*="ghost-text"]:visible').count()) > 0;
  }

  /** Waits until there is no suggestion on the screen. */
  async noGhostText() {
    await waitFor(
      async () => !(await this.hasGhostText()),
      10_000,
      () => "the suggestion stays",
    );
  }

  /** The status bar entry's words. */
  async statusNow() {
    const entry = this.page.locator('[id="stable-diffcoder.stable-diffcoder.stableDiffCoder.status"] a').first();
    return (await entry.getAttribute("aria-label")) ?? "";
  }

  /** The same, once they match. */
  async status(pattern, timeout = 60_000) {
    let words = "";
    await waitFor(
      async () => pattern.test((words = await this.statusNow())),
      timeout,
      () => `the status bar says "${words}"; ${pattern} was expected`,
    );
    return words;
  }

  /** The tab of an edit that is shown as a comparison. */
  diffTab() {
    return this.page.locator(".tab", { hasText: "Suggested Edit" });
  }

  async pause() {
    await this.page.waitForTimeout(20);
  }

  async save() {
    await this.press("Control+S");
    await this.page.locator(".tab.active:not(.dirty)").waitFor();
  }

  onDisk(name) {
    return readFileSync(join(this.workspace, name), "utf8");
  }

  /** Waits until the file has changes that are not on disk. */
  async dirty(timeout = 60_000) {
    await this.page.locator(".tab.active.dirty").waitFor({ timeout });
  }

  /** Changes settings of the user while the editor runs. */
  configure(changes) {
    this.settings = { ...this.settings, ...changes };
    write(this.files.user, this.settings);
  }

  /** Changes settings of the machine while the editor runs. */
  configureMachine(changes) {
    this.machineSettings = { ...this.machineSettings, ...changes };
    write(this.files.machine, this.machineSettings);
  }

  /** Ids of the language servers that this editor runs. */
  serverProcesses() {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((id) => this.isServer(id));
  }

  isServer(id) {
    try {
      const words = readFileSync(`/proc/${id}/cmdline`, "utf8").split("\0");
      return words.includes("lsp") && readFileSync(`/proc/${id}/environ`, "utf8").includes(this.home);
    } catch {
      // It has ended meanwhile, or is somebody else's.
      return false;
    }
  }

  async screenshot(name) {
    this.keep(name, await this.page.screenshot());
  }

  /** Keeps a picture among the screenshots. */
  keep(name, picture) {
    mkdirSync(this.screenshots, { recursive: true });
    writeFileSync(join(this.screenshots, `${name}.png`), picture);
  }
}

function write(file, value) {
  writeFileSync(file, JSON.stringify(value, null, 2));
}

function collect(process) {
  let text = "";
  for (const stream of [process.stdout, process.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk) => (text += chunk));
  }
  return () => text;
}

export async function waitFor(condition, milliseconds, complaint) {
  const end = performance.now() + milliseconds;
  while (!(await condition())) {
    if (performance.now() > end) {
      throw new Error(`After ${milliseconds / 1000} s: ${complaint()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function freePort() {
  const listener = createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = listener.address();
  listener.close();
  await once(listener, "close");
  return port;
}
