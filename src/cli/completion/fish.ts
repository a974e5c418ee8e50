import type { Language } from "../../reports/language.ts";
import { word } from "../../reports/messages.ts";
import type { CommandSpec, OptionSpec } from "../command.ts";

/** Completion for fish 3 and later. */
export function fishScript(commands: readonly CommandSpec[], language: Language): string {
  const lines = commands.flatMap((command) => {
    const text = word(`cli.command.${command.name}`, language);
    const inside = `__fish_seen_subcommand_from ${command.name}`;
    const operands = command.operands.flatMap(({ choices }) =>
      choices === undefined ? [] : [`complete -c ajar -f -n ${quote(inside)} -a ${quote(choices.join(" "))}`],
    );
    return [
      `complete -c ajar -f -n __fish_use_subcommand -a ${command.name} -d ${quote(text)}`,
      ...operands,
      ...command.options.map((option) => optionLine(option, inside, language)),
    ];
  });
  return `# ajar completion for fish: ajar completion fish | source\n${lines.join("\n")}\n`;
}

function optionLine(option: OptionSpec, inside: string, language: Language): string {
  const long = option.shownNegated === true ? `no-${option.name}` : option.name;
  const short = option.short === undefined ? "" : ` -s ${option.short}`;
  const value = option.kind === "flag" ? "" : option.choices === undefined ? " -r" : ` -x -a ${quote(option.choices.join(" "))}`;
  return `complete -c ajar -n ${quote(inside)} -l ${long}${short}${value} -d ${quote(word(`cli.option.${option.text ?? option.name}`, language))}`;
}

function quote(text: string): string {
  return `'${text.replace(/['\\]/gu, "\\$&")}'`;
}
