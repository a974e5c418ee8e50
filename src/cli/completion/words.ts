import type { CommandSpec, OptionSpec } from "../command.ts";

/** Every spelling of an option that completion offers. */
export function spellings(option: OptionSpec): readonly string[] {
  const long = option.shownNegated === true ? `--no-${option.name}` : `--${option.name}`;
  return option.short === undefined ? [long] : [long, `-${option.short}`];
}

/** Options that take a value, by spelling. */
export function valued(command: CommandSpec): readonly { readonly option: OptionSpec; readonly words: readonly string[] }[] {
  return command.options.filter((option) => option.kind !== "flag").map((option) => ({ option, words: spellings(option) }));
}

/** Fixed words that may stand as operands. */
export function operandWords(command: CommandSpec): readonly string[] {
  return command.operands.flatMap((operand) => operand.choices ?? []);
}

/** Whether file names may stand as operands. */
export function takesFiles(command: CommandSpec): boolean {
  return command.operands.some((operand) => operand.completes === "file" || operand.completes === "target");
}
