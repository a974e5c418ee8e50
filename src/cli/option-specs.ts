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

/** How far a command may go to read its targets. */
export const reading: readonly OptionSpec[] = [
  { name: "offline", kind: "flag", env: "AJAR_OFFLINE" },
  { name: "max-bytes", kind: "number", value: "N", bytes: true, least: 1, env: "AJAR_MAX_BYTES" },
  { name: "max-archive-depth", kind: "number", value: "N", least: 0, env: "AJAR_MAX_ARCHIVE_DEPTH" },
  { name: "timeout", kind: "number", value: "SECONDS", least: 1, env: "AJAR_TIMEOUT" },
];

/** How a command talks. */
export const talk: readonly OptionSpec[] = [
  lang,
  { name: "verbose", short: "v", kind: "flag" },
  { name: "quiet", short: "q", kind: "flag" },
  color,
  { name: "progress", kind: "flag", shownNegated: true },
  help,
];
