// A model folder that takes instructions: the embedded model's weights with a chat template. It was never trained to follow any, so what it writes
// is of no use; every step of the way to the editor is real.
import { cpSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const template = `{%- for message in messages -%}
{{- bos_token + message['role'] + '\\n' + message['content'] + eos_token -}}
{%- endfor -%}
{%- if add_generation_prompt -%}{{- bos_token + 'assistant\\n' -}}{%- endif -%}
`;

/** Makes the folder beside the system's other temporary ones. */
export function makeEditModel(embedded) {
  const folder = mkdtempSync(join(tmpdir(), "stable-diffcoder-edit-model-"));
  cpSync(embedded, folder, { recursive: true });
  writeFileSync(join(folder, "chat_template.jinja"), template);
  return folder;
}
