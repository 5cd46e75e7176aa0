import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["dist/", "server/", "node_modules/"] },
  {
    files: ["src/**/*.ts", "test/**/*.ts"],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // config.ts is the one place that reads settings.
      "no-restricted-properties": ["error", { object: "workspace", property: "getConfiguration", message: "Ask config.ts." }],
      // docs/lsp-extensions.md spells messages as LSP's specification does.
      "@typescript-eslint/consistent-indexed-object-style": "off",
      "no-console": "error",
      eqeqeq: "error",
    },
  },
  { files: ["src/config.ts"], rules: { "no-restricted-properties": "off" } },
);
