// One Visual Studio Code with a profile and a workspace of its own, driven as a user drives it: by keys and the mouse.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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
  "security.workspace.trust.enabled": false,
  "telemetry.telemetryLevel": "off",
  "window.commandCenter": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
  "workbench.colorTheme": "Default Dark Modern",
};

/** Starts an editor in which the packed extension is installed. */
export async function startEditor(tools, { vsix, settings, machineSettings, env, screenshots }) {
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
  writeFileSync(join(userData, "Machine/settings.json"), JSON.stringify(machineSettings, null, 2));
  writeFileSync(join(userData, "User/settings.json"), JSON.stringify({ ...quiet, ...settings }, null, 2));
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
  const port = await freePort();
  const server = run(
    ...["--auth", "none", "--bind-addr", `127.0.0.1:${port}`, "--disable-telemetry", "--disable-update-check"],
    ...["--disable-workspace-trust", "--disable-getting-started-override", "--disable-proxy", workspace],
  );
  const log = collect(server);
  await waitFor(
    () => log().includes("HTTP server listening"),
    60_000,
    () => `code-server does not start: ${log()}`,
  );
  const browser = await tools.chromium.launch({
    executablePath: tools.browser,
    headless: true,
    args: [
      ...["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking"],
      ...["--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"],
    ],
  });
  const page = await browser.newPage({ viewport: { width: 1100, height: 700 } });
  page.setDefaultTimeout(60_000);
  await page.goto(`http://127.0.0.1:${port}/?folder=${encodeURIComponent(workspace)}`);
  await page.locator(".monaco-workbench .statusbar-item").first().waitFor();
  return new Editor(page, workspace, screenshots, join(userData, "User/settings.json"), settings, async () => {
    await browser.close();
    server.kill();
    await once(server, "exit");
    rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 500 });
  });
}

/** What the tests do with an editor. */
class Editor {
  constructor(page, workspace, screenshots, settingsFile, settings, close) {
    Object.assign(this, { page, workspace, screenshots, settingsFile, settings, close });
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

  /** Types into the quick input and takes its first entry, once that says what is expected. */
  async quickOpen(text, expected) {
    await this.page.keyboard.press("Control+P");
    const input = this.page.locator(".quick-input-widget:visible input[type=text]");
    await input.waitFor();
    await input.fill(text);
    await this.page
      .locator(".quick-input-list .monaco-list-row")
      .first()
      .filter({ hasText: new RegExp(expected, "i") })
      .waitFor();
    await this.page.keyboard.press("Enter");
    await input.waitFor({ state: "hidden" });
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

  /** The status bar entry's words, once they match. */
  async status(pattern, timeout = 60_000) {
    const entry = this.page.locator('[id="stable-diffcoder.stable-diffcoder.stableDiffCoder.status"]');
    let label = "";
    await waitFor(
      async () => pattern.test((label = (await entry.locator("a").first().getAttribute("aria-label")) ?? "")),
      timeout,
      () => `the status bar says "${label}"; ${pattern} was expected`,
    );
    return label;
  }

  async save() {
    await this.press("Control+S");
    await this.page.locator(".tab.active:not(.dirty)").waitFor();
  }

  onDisk(name) {
    return readFileSync(join(this.workspace, name), "utf8");
  }

  /** Changes settings of the user while the editor runs. */
  configure(changes) {
    this.settings = { ...this.settings, ...changes };
    writeFileSync(this.settingsFile, JSON.stringify({ ...quiet, ...this.settings }, null, 2));
  }

  async screenshot(name) {
    mkdirSync(this.screenshots, { recursive: true });
    await this.page.screenshot({ path: join(this.screenshots, `${name}.png`) });
  }
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
    await new Promise((resolve) => setTimeout(resolve, 100));
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
