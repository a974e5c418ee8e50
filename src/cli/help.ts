import type { Language } from "../reports/language.ts";
import { lookup, word } from "../reports/messages.ts";
import { textWidth, wrap } from "../reports/width.ts";
import type { CommandSpec, OptionSpec } from "./command.ts";
import { COMMANDS } from "./command-table.ts";

const WIDTH = 80;
/** Where descriptions begin; longer names put theirs on the next line. */
const COLUMN = 28;

/** What `ajar --help` prints: examples first. */
export function overview(language: Language): string {
  const examples = COMMANDS.flatMap((command) => command.examples.slice(0, command.name === "audit" ? 3 : 0));
  return [
    word("cli.about", language),
    "",
    word("cli.examples", language),
    ...examples.map((example) => `  ${example}`),
    "",
    word("cli.commands", language),
    ...COMMANDS.flatMap((command) => entry(usage(command), word(`cli.command.${command.name}`, language))),
    "",
    ...wrap(word("cli.more", language), WIDTH),
    "",
  ].join("\n");
}

/** What `ajar COMMAND --help` prints. */
export function commandHelp(command: CommandSpec, language: Language): string {
  const details = lookup(`cli.details.${command.name}`, language);
  return [
    ...wrap(word(`cli.command.${command.name}`, language), WIDTH),
    "",
    word("cli.examples", language),
    ...command.examples.map((example) => `  ${example}`),
    "",
    word("cli.usage", language),
    `  ajar ${usage(command)}${command.options.length > 0 ? " [OPTIONS]" : ""}`,
    "",
    word("cli.options", language),
    ...command.options.flatMap((option) => entry(optionUsage(option), optionText(option, language))),
    ...(details === undefined
      ? []
      : [
          "",
          ...details
            .trim()
            .split("\n")
            .flatMap((line) => wrap(line, WIDTH)),
        ]),
    "",
  ].join("\n");
}

function usage(command: CommandSpec): string {
  const operands = command.operands.map(({ name, optional, many, choices }) => {
    const word = choices === undefined || choices.length > 4 ? name : choices.join("|");
    const shown = many === true ? `${word}...` : word;
    return optional === true ? `[${shown}]` : shown;
  });
  return [command.name, ...operands].join(" ");
}

/** `-f, --format FORMAT`. */
export function optionUsage({ short, name, value, shownNegated }: OptionSpec): string {
  const start = short === undefined ? "    " : `-${short}, `;
  return `${start}--${shownNegated === true ? "no-" : ""}${name}${value === undefined ? "" : ` ${value}`}`;
}

/** What an option does, its choices and its variable. */
export function optionText(option: OptionSpec, language: Language): string {
  const text = word(`cli.option.${option.text ?? option.name}`, language);
  const notes = [...(option.choices === undefined ? [] : [option.choices.join(", ")]), ...(option.env === undefined ? [] : [option.env])];
  return notes.length === 0 ? text : `${text} (${notes.join("; ")})`;
}

function entry(left: string, text: string): readonly string[] {
  const lines = wrap(text, WIDTH - COLUMN);
  const head = `  ${left}`;
  if (textWidth(head) > COLUMN - 2) return [head, ...lines.map((line) => " ".repeat(COLUMN) + line)];
  return lines.map((line, index) => (index === 0 ? head.padEnd(COLUMN) : " ".repeat(COLUMN)) + line);
}
