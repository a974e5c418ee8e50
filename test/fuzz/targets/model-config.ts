import { restructureJson } from "../json.ts";
import { scannedAs } from "../scanned.ts";
import type { FuzzTarget } from "../target.ts";

const CONFIGS = [
  { auto_map: { AutoModel: "modeling_x.X", AutoTokenizer: ["a--b.C", null] }, trust_remote_code: true },
  { chat_template: "{% for m in messages %}{{ m['content'] }}{% endfor %}", model_max_length: 1e30 },
  { chat_template: [{ name: "default", template: "{{ bos_token }}" }], added_tokens_decoder: { "0": { content: "<s>" } } },
];

export const target: FuzzTarget = {
  name: "model-config",
  seeds: CONFIGS.map((config) => Buffer.from(JSON.stringify(config))),
  read: scannedAs("tokenizer_config.json"),
  words: ['"auto_map"', '"chat_template"', '"template"', "{{", "\\u005f", "--", "null", "[["],
  restructure: (bytes, random) => Buffer.from(restructureJson(Buffer.from(bytes).toString(), random)),
};
