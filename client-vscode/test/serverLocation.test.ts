import { delimiter } from "node:path";
import { describe, expect, test } from "vitest";
import { locateServer } from "../src/serverLocation";

const extension = "/extensions/stable-diffcoder";

function locate(setting: string, files: string[], searchPath: string[] = []): ReturnType<typeof locateServer> {
  return locateServer(setting, extension, {
    platform: "linux",
    searchPath: searchPath.join(delimiter),
    home: "/home/ada",
    isFile: (path) => files.includes(path),
  });
}

const bundled = `${extension}/server/stable-diffcoder`;
const onPath = "/usr/bin/stable-diffcoder";

describe.skipIf(process.platform === "win32")("locateServer", () => {
  test("the setting comes before what is bundled and what is on PATH", () => {
    const found = locate("/opt/sdc/stable-diffcoder", ["/opt/sdc/stable-diffcoder", bundled, onPath], ["/usr/bin"]);
    expect(found).toEqual({ command: "/opt/sdc/stable-diffcoder", args: ["lsp"], source: "setting" });
  });

  test("the bundled server comes before PATH", () => {
    expect(locate("", [bundled, onPath], ["/usr/bin"])).toEqual({ command: bundled, args: ["lsp"], source: "bundled" });
  });

  test("PATH is searched in its order, relative folders left out", () => {
    const found = locate("", ["/b/stable-diffcoder", "/c/stable-diffcoder", "stable-diffcoder"], [".", "", "/a", "/b", "/c"]);
    expect(found).toEqual({ command: "/b/stable-diffcoder", args: ["lsp"], source: "PATH" });
  });

  test("a .dll is started with dotnet", () => {
    const path = "/opt/sdc/stable-diffcoder.dll";
    expect(locate(path, [path])).toEqual({ command: "dotnet", args: [path, "lsp"], source: "setting" });
  });

  test("a setting that begins with ~/ is in the home folder", () => {
    expect(locate("~/sdc", ["/home/ada/sdc"])).toEqual({ command: "/home/ada/sdc", args: ["lsp"], source: "setting" });
  });

  test("a setting that is wrong is never replaced by another server in silence", () => {
    expect(locate("/gone", [bundled])).toEqual({ problem: "settingNotFound", path: "/gone" });
    expect(locate("bin/sdc", ["bin/sdc", bundled])).toEqual({ problem: "settingNotAbsolute", path: "bin/sdc" });
  });

  test("no server anywhere", () => {
    expect(locate("", [], ["/usr/bin"])).toEqual({ problem: "nowhere" });
  });

  test("on Windows the program ends with .exe", () => {
    const program = `${extension}/server/stable-diffcoder.exe`;
    const found = locateServer("", extension, { platform: "win32", searchPath: "", home: "/", isFile: (path) => path === program });
    expect(found).toEqual({ command: program, args: ["lsp"], source: "bundled" });
  });
});
