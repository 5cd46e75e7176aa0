// Bundles the extension into dist/extension.js; --minify for a release, --watch while developing.
import { build, context } from "esbuild";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

const minify = process.argv.includes("--minify");
const options = {
  absWorkingDir: dirname(dirname(fileURLToPath(import.meta.url))),
  entryPoints: ["src/extension.ts"],
  outfile: "dist/extension.js",
  bundle: true,
  format: "cjs",
  platform: "node",
  target: "node20",
  external: ["vscode"],
  minify,
  sourcemap: !minify,
  logLevel: "warning",
};
await (process.argv.includes("--watch") ? (await context(options)).watch() : build(options));
