// Commands about what a gate lets through: its log. Part of src/cli/command-table.ts.
import type { CommandSpec, OptionSpec } from "./command.ts";
import { color, format, help, lang } from "./option-specs.ts";

const verbose: OptionSpec = { name: "verbose", short: "v", kind: "flag" };

export const DOOR_COMMANDS: readonly CommandSpec[] = [
  {
    name: "log",
    operands: [
      { name: "ACTION", choices: ["verify", "show", "export", "checkpoint"] },
      { name: "PATH", optional: true, completes: "file" },
    ],
    options: [
      { name: "key", kind: "text", value: "KEY", text: "log-key" },
      { name: "checkpoint", kind: "text", value: "FILE", completes: "file" },
      { name: "from", kind: "number", value: "N", least: 1, text: "log-from" },
      { name: "to", kind: "number", value: "N", least: 1, text: "log-to" },
      { name: "since", kind: "text", value: "TIME", text: "log-since" },
      { name: "until", kind: "text", value: "TIME", text: "log-until" },
      { name: "kind", kind: "text", value: "KIND", choices: ["decision", "act"] },
      { name: "model", kind: "text", value: "MODEL", text: "log-model" },
      { name: "caller", kind: "text", value: "KEY_ID" },
      { name: "outcome", kind: "text", value: "OUTCOME" },
      { name: "request", kind: "text", value: "ID", text: "log-request" },
      { name: "last", kind: "number", value: "N", least: 1 },
      { name: "content-key", kind: "text", value: "FILE", completes: "file" },
      format,
      lang,
      verbose,
      color,
      help,
    ],
    examples: [
      "ajar log verify",
      "ajar log verify ./log --checkpoint kept-elsewhere.json -f json",
      "ajar log export --outcome blocked-response --since 2026-11-01 > blocked.jsonl",
    ],
  },
];
