// The one table that parsing, help, completion and "did you mean" are driven by. Texts: rules/messages/<lang>/cli.yaml.

import { USES } from "../core/terms.ts";
import { FORMATS } from "../reports/formats.generated.ts";
import type { CommandSpec, OptionSpec } from "./command.ts";
import { DATA_COMMANDS } from "./command-table-data.ts";
import { DOOR_COMMANDS } from "./command-table-doors.ts";
import { GATE_COMMANDS } from "./command-table-gate.ts";
import { IDENTITY_COMMANDS } from "./command-table-identity.ts";
import { color, format, help, jobs, lang, output, reading, talk } from "./option-specs.ts";

const SHELLS = ["bash", "zsh", "fish", "pwsh"] as const;
const FAIL_LEVELS = ["none", "critical", "high", "medium", "low"] as const;

const reportFormat: OptionSpec = { ...format, choices: FORMATS };
const policy: OptionSpec = { name: "policy", kind: "text", value: "FILE", completes: "file", env: "AJAR_POLICY" };
const json: OptionSpec = { name: "json", kind: "flag" };

function part(name: string): OptionSpec {
  return { name, kind: "list", value: "TARGET", completes: "target" };
}

const WORKING: readonly CommandSpec[] = [
  {
    name: "audit",
    operands: [{ name: "TARGET", optional: true, completes: "target" }],
    options: [
      { name: "rev", kind: "text", value: "REV" },
      part("code"),
      part("data"),
      part("docs"),
      part("weights"),
      { name: "include", kind: "list", value: "GLOB" },
      { name: "exclude", kind: "list", value: "GLOB" },
      { name: "parent", kind: "list", value: "[NAME=]TARGET", completes: "target" },
      { name: "follow", kind: "flag" },
      {
        name: "standard",
        kind: "list",
        value: "ID",
        commas: true,
        choices: ["g7-2026", "osaid-1.0", "mof", "osaii-2026", "eu-ai-act-53-2"],
        aliases: { g7: "g7-2026", osaid: "osaid-1.0", osaii: "osaii-2026", osai: "osaii-2026", eu: "eu-ai-act-53-2" },
      },
      { name: "accept-claims", kind: "flag" },
      { name: "digests", kind: "text", value: "WHICH", choices: ["listed", "full"] },
      { name: "rows", kind: "text", value: "WHICH", choices: ["none", "sample", "full"], text: "audit-rows" },
      { name: "fail-on", kind: "text", value: "SEVERITY", choices: FAIL_LEVELS, env: "AJAR_FAIL_ON" },
      { name: "baseline", kind: "text", value: "FILE", completes: "file", env: "AJAR_BASELINE" },
      { name: "ignore-file", kind: "text", value: "FILE", completes: "file", env: "AJAR_IGNORE_FILE" },
      { name: "show-suppressed", kind: "flag" },
      policy,
      { name: "as-of", kind: "text", value: "DAY" },
      reportFormat,
      output,
      ...reading,
      { name: "config", kind: "text", value: "FILE", completes: "file", env: "AJAR_CONFIG" },
      ...talk,
    ],
    examples: [
      "ajar audit ./my-model",
      "ajar audit hf:allenai/OLMo-2-1124-7B --code https://github.com/allenai/OLMo",
      "ajar audit npm:nsfwjs -o json=report.json --fail-on high",
    ],
  },
  {
    name: "use",
    operands: [{ name: "TARGET", completes: "target" }],
    options: [
      {
        name: "for",
        kind: "list",
        value: "USE",
        commas: true,
        choices: USES,
        aliases: { finetune: "fine-tune", distill: "train-on-outputs" },
      },
      { name: "users", kind: "number", value: "N", least: 0 },
      { name: "revenue", kind: "number", value: "N", least: 0 },
      { name: "region", kind: "text", value: "XX" },
      { name: "overrides", kind: "text", value: "FILE", completes: "file", env: "AJAR_OVERRIDES" },
      policy,
      { name: "notices", kind: "text", value: "DIR", completes: "file" },
      { name: "force", kind: "flag" },
      { name: "as-of", kind: "text", value: "DAY" },
      { name: "rev", kind: "text", value: "REV" },
      part("code"),
      part("data"),
      part("docs"),
      part("weights"),
      { name: "parent", kind: "list", value: "[NAME=]TARGET", completes: "target" },
      { name: "follow", kind: "flag" },
      format,
      output,
      ...reading,
      { name: "config", kind: "text", value: "FILE", completes: "file", env: "AJAR_CONFIG" },
      ...talk,
    ],
    examples: [
      "ajar use ./my-model --for commercial --users 20000 --region DE",
      "ajar use hf:owner/name --for redistribute --notices ./to-ship",
      "ajar use report.json --for commercial,fine-tune --overrides decisions.yaml -f json",
    ],
  },
  {
    name: "scan",
    operands: [{ name: "PATH", many: true, completes: "target" }],
    options: [
      { name: "strict", kind: "flag" },
      jobs,
      { name: "include", kind: "list", value: "GLOB" },
      { name: "exclude", kind: "list", value: "GLOB" },
      { name: "fail-on", kind: "text", value: "SEVERITY", choices: FAIL_LEVELS, env: "AJAR_FAIL_ON" },
      format,
      output,
      { name: "offline", kind: "flag", env: "AJAR_OFFLINE" },
      { name: "timeout", kind: "number", value: "SECONDS", least: 1, env: "AJAR_TIMEOUT" },
      ...talk,
    ],
    examples: ["ajar scan pytorch_model.bin", "ajar scan ./my-model --strict -o json=scan.json", "ajar scan hf:owner/name --fail-on high"],
  },
  {
    name: "report",
    operands: [{ name: "FILE", completes: "file" }],
    options: [reportFormat, output, lang, { name: "verbose", short: "v", kind: "flag" }, color, help],
    examples: ["ajar report a.json -f markdown", "ajar report a.json -o html=a.html -o sarif=a.sarif", "cat a.json | ajar report - -f csv"],
  },
  {
    name: "catalogue",
    operands: [
      { name: "ACTION", choices: ["add", "import", "list", "query", "matrix", "show", "export", "serve", "enqueue", "queue"] },
      { name: "WORD", optional: true, many: true, completes: "file" },
    ],
    options: [
      { name: "where", kind: "list", value: "CELL=VALUE" },
      { name: "limit", kind: "number", value: "N", least: 1 },
      { name: "after", kind: "number", value: "N", least: 1 },
      reportFormat,
      { name: "catalogue", kind: "text", value: "FILE", completes: "file", env: "AJAR_CATALOGUE" },
      lang,
      { name: "verbose", short: "v", kind: "flag" },
      color,
      help,
    ],
    examples: [
      "ajar catalogue import reports/ more.jsonl",
      "ajar catalogue query --where standard:osaid-1.0=met --where license=Apache-2.0 weights -f csv",
      "ajar catalogue matrix --where publisher=allenai -f html > allenai.html",
    ],
  },
  {
    name: "ui",
    operands: [],
    options: [
      { name: "host", kind: "text", value: "ADDRESS" },
      { name: "port", kind: "number", value: "N", least: 0 },
      { name: "catalogue", kind: "text", value: "FILE", completes: "file", env: "AJAR_CATALOGUE" },
      { name: "audits", kind: "flag", shownNegated: true },
      { name: "allow-local", kind: "flag" },
      { name: "allow-git", kind: "flag" },
      { name: "offline", kind: "flag", env: "AJAR_OFFLINE" },
      lang,
      help,
    ],
    examples: ["ajar ui", "ajar ui --port 8080 --allow-local", "AJAR_TOKEN=$(openssl rand -hex 32) ajar ui --host 0.0.0.0 --no-audits"],
  },
  {
    name: "worker",
    operands: [],
    options: [
      { name: "parallel", kind: "number", value: "N", least: 1 },
      { name: "rate", kind: "number", value: "N", least: 1 },
      { name: "until-empty", kind: "flag" },
      lang,
      help,
    ],
    examples: ["ajar worker", "ajar worker --parallel 8 --rate 10", "ajar catalogue enqueue - < targets.txt && ajar worker --until-empty"],
  },
  ...GATE_COMMANDS,
  ...DOOR_COMMANDS,
  ...DATA_COMMANDS,
  ...IDENTITY_COMMANDS,
  {
    name: "compare",
    operands: [{ name: "FILE", many: true, completes: "file" }],
    options: [{ ...format, choices: ["table", "csv", "html", "json", "markdown"] }, output, lang, color, help],
    examples: [
      "ajar compare a.json b.json c.json",
      "ajar compare *.json -f csv -o matrix.csv",
      "ajar compare a.json b.json -o matrix.html",
    ],
  },
  {
    name: "diff",
    operands: [
      { name: "OLD", completes: "file" },
      { name: "NEW", completes: "file" },
    ],
    options: [
      { ...format, choices: ["table", "json", "markdown"] },
      { name: "fail-on", kind: "text", value: "WHAT", choices: ["none", "worse", "changed"] },
      lang,
      { name: "verbose", short: "v", kind: "flag" },
      color,
      help,
    ],
    examples: [
      "ajar diff old.json new.json",
      "ajar diff old.json new.json --fail-on worse",
      "ajar audit . -f json | ajar diff old.json - -f markdown",
    ],
  },
  {
    name: "recheck",
    operands: [{ name: "FILE", completes: "file" }],
    options: [
      format,
      { name: "offline", kind: "flag", env: "AJAR_OFFLINE" },
      { name: "timeout", kind: "number", value: "SECONDS", least: 1, env: "AJAR_TIMEOUT" },
      lang,
      { name: "verbose", short: "v", kind: "flag" },
      color,
      { name: "progress", kind: "flag", shownNegated: true },
      help,
    ],
    examples: ["ajar recheck report.json", "ajar recheck report.json -f json", "ajar recheck report.json --offline"],
  },
  {
    name: "explain",
    operands: [{ name: "ID", completes: "id" }],
    options: [format, lang, color, help],
    examples: ["ajar explain osaid-1.0/data-information", "ajar explain LicenseRef-llama-2", "ajar explain OVER_LIMIT"],
  },
  {
    name: "license",
    operands: [
      { name: "FILE", completes: "file" },
      { name: "OTHER", optional: true, completes: "file" },
    ],
    options: [{ name: "compare", kind: "flag" }, format, lang, color, help],
    examples: ["ajar license LICENSE", "ajar license --compare llama2 llama3.1", "cat LICENSE | ajar license -"],
  },
  {
    name: "doctor",
    operands: [],
    options: [json, lang, color, help],
    examples: ["ajar doctor", "ajar doctor --json", "HTTPS_PROXY=http://proxy:3128 ajar doctor"],
  },
  {
    name: "completion",
    operands: [{ name: "SHELL", choices: SHELLS }],
    options: [lang, help],
    examples: ['eval "$(ajar completion bash)"', "ajar completion zsh > ~/.zfunc/_ajar", "ajar completion fish | source"],
  },
  {
    name: "schema",
    operands: [{ name: "NAME", choices: ["report", "scan", "use"] }],
    options: [lang, help],
    examples: [
      "ajar schema report",
      "ajar schema report > report.schema.json",
      "ajar audit ./my-model -f json | ajv validate -s report.schema.json -d -",
    ],
  },
];

/** Every command, in the order in which help lists them; help knows all the others. */
export const COMMANDS: readonly CommandSpec[] = [
  ...WORKING,
  {
    name: "help",
    operands: [{ name: "COMMAND", optional: true, choices: [...WORKING.map(({ name }) => name), "help"] }],
    options: [lang],
    examples: ["ajar help", "ajar help audit", "ajar help audit --lang zh-Hans"],
  },
];

/** Two words that are another command, options and all. */
export const SAME_COMMANDS: Readonly<Record<string, string>> = { "catalogue serve": "ui" };

/** The command of that name. */
export function commandNamed(name: string): CommandSpec | undefined {
  return COMMANDS.find((command) => command.name === name);
}
