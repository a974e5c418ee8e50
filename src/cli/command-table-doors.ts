// Commands about what a gate lets through: its doors, recalls and log. Part of src/cli/command-table.ts.
import { RECALL_REASONS } from "../gate/doors/recalls/reasons.ts";
import type { CommandSpec, OptionSpec } from "./command.ts";
import { color, format, help, lang } from "./option-specs.ts";

const verbose: OptionSpec = { name: "verbose", short: "v", kind: "flag" };

const where: readonly OptionSpec[] = [
  { name: "doors", kind: "text", value: "DIR", completes: "file" },
  { name: "gate", kind: "text", value: "URL", env: "AJAR_GATE" },
];
const turning: readonly OptionSpec[] = [
  { name: "reason", kind: "text", value: "TEXT" },
  { name: "by", kind: "text", value: "WHO" },
];
const talk: readonly OptionSpec[] = [format, lang, color, help];

export const DOOR_COMMANDS: readonly CommandSpec[] = [
  {
    name: "shut",
    operands: [{ name: "WHAT", completes: "text" }],
    options: [
      ...turning,
      { name: "min-confidence", kind: "text", value: "LEVEL", choices: ["declared", "measured", "verified"] },
      ...where,
      ...talk,
    ],
    examples: [
      'ajar shut smollm2 --reason "answers with other people\'s addresses"',
      'ajar shut hf:owner/name --reason "a backdoor, and in what derives from it" --min-confidence measured',
      'AJAR_GATE_KEY=… ajar shut smollm2 --reason "under review" --gate http://127.0.0.1:8484',
    ],
  },
  {
    name: "open",
    operands: [{ name: "WHAT", completes: "text" }],
    options: [
      ...turning,
      { name: "confirm", kind: "text", value: "WORD" },
      { name: "yes", kind: "text", value: "NAME", text: "open-yes" },
      ...where,
      ...talk,
    ],
    examples: [
      'ajar open smollm2 --reason "reviewed"',
      'ajar open smollm2 --reason "reviewed" --confirm 1a2b3c4d',
      'ajar open smollm2 --reason "reviewed" --yes smollm2',
    ],
  },
  {
    name: "doors",
    operands: [],
    options: [...where, ...talk],
    examples: ["ajar doors", "ajar doors -f json", "AJAR_DATABASE_URL=postgres://ajar@db/ajar ajar doors"],
  },
  {
    name: "recall",
    operands: [
      { name: "ACTION", choices: ["new", "sign", "check", "show"] },
      { name: "WORD", optional: true, many: true, completes: "target" },
    ],
    options: [
      { name: "id", kind: "text", value: "ID", text: "recall-id" },
      { name: "summary", kind: "text", value: "TEXT" },
      { name: "reason", kind: "text", value: "REASON", choices: RECALL_REASONS, text: "recall-reason" },
      { name: "action", kind: "text", value: "ACTION", choices: ["block", "warn", "require-policy"] },
      { name: "required-policy", kind: "text", value: "ID" },
      { name: "hazard", kind: "list", value: "ID" },
      { name: "issuer", kind: "text", value: "NAME" },
      { name: "descendants", kind: "flag" },
      {
        name: "min-confidence",
        kind: "text",
        value: "LEVEL",
        choices: ["declared", "measured", "verified"],
        text: "recall-min-confidence",
      },
      { name: "tensors", kind: "flag", text: "recall-tensors" },
      { name: "name", kind: "text", value: "FEED", text: "feed-name" },
      { name: "sequence", kind: "number", value: "N", least: 0 },
      { name: "days", kind: "number", value: "N", least: 1 },
      { name: "sign-key", kind: "list", value: "FILE", completes: "file", text: "feed-sign-key" },
      { name: "feed", kind: "list", value: "FROM", completes: "file" },
      { name: "key", kind: "list", value: "KEY", text: "feed-key" },
      { name: "role", kind: "text", value: "ROLE", choices: ["publisher", "operator", "third-party"], text: "recall-role" },
      { name: "namespace", kind: "list", value: "OWNER" },
      { name: "offline", kind: "flag", env: "AJAR_OFFLINE" },
      { name: "max-bytes", kind: "number", value: "N", bytes: true, least: 1, env: "AJAR_MAX_BYTES" },
      { name: "timeout", kind: "number", value: "SECONDS", least: 1, env: "AJAR_TIMEOUT" },
      format,
      lang,
      verbose,
      color,
      { name: "progress", kind: "flag", shownNegated: true },
      help,
    ],
    examples: [
      'ajar recall new ./my-model --id x_ACME-1 --summary "a backdoor" --reason backdoor --issuer Acme > x_ACME-1.json',
      "ajar recall sign x_ACME-1.json --name acme --sequence 1 --sign-key key.pem > feed.json",
      "ajar recall check ./a-model --feed feed.json --key ed25519:…",
    ],
  },
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
      { name: "content-key", kind: "list", value: "FILE", completes: "file" },
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
  {
    name: "key",
    operands: [
      { name: "ACTION", choices: ["create", "list", "revoke"] },
      { name: "ID", optional: true },
    ],
    options: [
      { name: "keys", kind: "text", value: "FILE", completes: "file", env: "AJAR_KEYS" },
      { name: "name", kind: "text", value: "NAME", text: "key-name" },
      { name: "model", kind: "list", value: "MODEL", text: "key-model" },
      {
        name: "endpoint",
        kind: "list",
        value: "ENDPOINT",
        commas: true,
        choices: ["chat/completions", "completions", "responses", "embeddings"],
        text: "key-endpoint",
      },
      { name: "admin", kind: "flag", text: "key-admin" },
      { name: "metrics", kind: "flag", text: "key-metrics" },
      { name: "expires", kind: "text", value: "DAY", text: "key-expires" },
      { name: "requests-per-minute", kind: "number", value: "N", least: 1 },
      { name: "tokens-per-minute", kind: "number", value: "N", least: 1 },
      { ...format, choices: ["table", "json"] },
      lang,
      color,
      help,
    ],
    examples: [
      "ajar key create --name chat-app --model tern --expires 90d",
      "ajar key create --name prometheus --metrics",
      "ajar key revoke 3f9c0a12b7de",
    ],
  },
];
