// Options that several commands have.
import { LANGUAGES } from "../reports/language.ts";
import type { OptionSpec } from "./command.ts";

const TEXT_FORMATS = ["table", "json"] as const;

export const help: OptionSpec = { name: "help", short: "h", kind: "flag" };
export const lang: OptionSpec = {
  name: "lang",
  kind: "text",
  value: "LANG",
  choices: LANGUAGES,
  aliases: { zh: "zh-Hans", "zh-CN": "zh-Hans", "zh-TW": "zh-Hant" },
  env: "AJAR_LANG",
};
export const format: OptionSpec = { name: "format", short: "f", kind: "text", value: "FORMAT", choices: TEXT_FORMATS, env: "AJAR_FORMAT" };
export const output: OptionSpec = { name: "output", short: "o", kind: "list", value: "[FORMAT=]FILE", completes: "file" };
export const color: OptionSpec = { name: "color", kind: "flag", shownNegated: true };
export const jobs: OptionSpec = { name: "jobs", short: "j", kind: "number", value: "N", least: 1, env: "AJAR_JOBS" };
