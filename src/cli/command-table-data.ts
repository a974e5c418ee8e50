// The command about what is in data. Part of src/cli/command-table.ts.
import { SQL_ENGINES } from "../dataset/emit-sql.ts";
import type { CommandSpec, OptionSpec } from "./command.ts";
import { format, jobs, output, reading, talk } from "./option-specs.ts";

const rows: OptionSpec = { name: "rows", kind: "text", value: "WHICH", choices: ["sample", "full"] };

export const DATA_COMMANDS: readonly CommandSpec[] = [
  {
    name: "data",
    operands: [{ name: "TARGET", many: true, completes: "target" }],
    options: [
      rows,
      { ...jobs, text: "data-jobs" },
      { name: "against", kind: "list", value: "FILE", completes: "file" },
      { name: "eu-summary", kind: "flag" },
      { name: "emit-sql", kind: "text", value: "ENGINE", choices: SQL_ENGINES },
      { name: "value-stdin", kind: "flag" },
      { name: "hash", kind: "text", value: "HEX" },
      { name: "salt", kind: "text", value: "TEXT" },
      { name: "index", kind: "number", value: "N", least: 0 },
      { name: "parts", kind: "text", value: "DIR", completes: "file" },
      { name: "wait", kind: "flag" },
      { name: "include", kind: "list", value: "GLOB" },
      { name: "exclude", kind: "list", value: "GLOB" },
      { ...format, choices: ["table", "json", "markdown", "html"] },
      output,
      ...reading,
      ...talk,
    ],
    examples: [
      "ajar data train.jsonl.gz",
      "ajar data ./my-data --rows full --against test-questions.jsonl -o json=data.json",
      "echo me@example.org | ajar data find ./my-data --value-stdin",
    ],
  },
];
