// The command about what is in data. Part of src/cli/command-table.ts.
import type { CommandSpec, OptionSpec } from "./command.ts";
import { color, format, help, jobs, lang, output } from "./option-specs.ts";

const rows: OptionSpec = { name: "rows", kind: "text", value: "WHICH", choices: ["sample", "full"] };

export const DATA_COMMANDS: readonly CommandSpec[] = [
  {
    name: "data",
    operands: [{ name: "TARGET", many: true, completes: "target" }],
    options: [
      rows,
      { ...jobs, text: "data-jobs" },
      { name: "include", kind: "list", value: "GLOB" },
      { name: "exclude", kind: "list", value: "GLOB" },
      { ...format, choices: ["table", "json", "markdown"] },
      output,
      { name: "offline", kind: "flag", env: "AJAR_OFFLINE" },
      { name: "max-bytes", kind: "number", value: "N", bytes: true, least: 1, env: "AJAR_MAX_BYTES" },
      { name: "max-archive-depth", kind: "number", value: "N", least: 0, env: "AJAR_MAX_ARCHIVE_DEPTH" },
      { name: "timeout", kind: "number", value: "SECONDS", least: 1, env: "AJAR_TIMEOUT" },
      lang,
      { name: "verbose", short: "v", kind: "flag" },
      { name: "quiet", short: "q", kind: "flag" },
      color,
      { name: "progress", kind: "flag", shownNegated: true },
      help,
    ],
    examples: ["ajar data train.jsonl.gz", "ajar data ./my-data --rows full -o json=data.json", "ajar data pypi:seaborn -f markdown"],
  },
];
