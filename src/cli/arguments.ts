// A command line becomes a command, its operands and its options. Driven by the command table; knows no command by name.
import { AjarError } from "../core/errors.ts";
import { nearest } from "../core/nearest.ts";
import type { CommandSpec, OptionSpec } from "./command.ts";
import { badOption, Options, readValue } from "./options.ts";

export interface Arguments {
  readonly command: CommandSpec;
  readonly operands: readonly string[];
  readonly options: Options;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The command a line starts with. @throws AjarError UNKNOWN_COMMAND */
export function parseCommand(word: string, commands: readonly CommandSpec[]): CommandSpec {
  const command = commands.find((candidate) => candidate.name === word);
  if (command !== undefined) return command;
  const names = commands.map((candidate) => candidate.name);
  const near = nearest(word, names);
  const hint = near === null ? `Commands: ${names.join(", ")}.` : `Did you mean ajar ${near}?`;
  throw new AjarError("UNKNOWN_COMMAND", "there is no such command", { subject: word, hint });
}

/** Reads the words after the command; options may stand anywhere before `--`. @throws AjarError UNKNOWN_OPTION | BAD_OPTION */
export function parseArguments(command: CommandSpec, words: readonly string[], env: Environment): Arguments {
  const given = new Map<OptionSpec, string[]>();
  const operands: string[] = [];
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === "--") {
      operands.push(...rest.splice(0));
    } else if (word.startsWith("-") && word !== "-") {
      const { spec, value } = readOption(command, word, rest);
      given.set(spec, [...(given.get(spec) ?? []), value]);
    } else {
      operands.push(word);
    }
  }
  const options = new Options(valuesOf(command, given, env));
  if (options.flag("help") !== true) checkOperands(command, operands);
  return { command, operands, options };
}

function readOption(command: CommandSpec, word: string, rest: string[]): { spec: OptionSpec; value: string } {
  return word.startsWith("--") ? readLong(command, word, rest) : readShort(command, word, rest);
}

function readLong(command: CommandSpec, word: string, rest: string[]): { spec: OptionSpec; value: string } {
  const equals = word.indexOf("=");
  const name = word.slice(2, equals === -1 ? undefined : equals);
  const attached = equals === -1 ? undefined : word.slice(equals + 1);
  const spec = command.options.find((option) => option.name === name);
  if (spec !== undefined) return { spec, value: valueFor(spec, `--${name}`, attached, rest) };
  const negated = name.startsWith("no-")
    ? command.options.find((option) => option.kind === "flag" && option.name === name.slice(3))
    : undefined;
  if (negated !== undefined && attached === undefined) return { spec: negated, value: "false" };
  throw unknownOption(command, `--${name}`);
}

function readShort(command: CommandSpec, word: string, rest: string[]): { spec: OptionSpec; value: string } {
  const spec = command.options.find((option) => option.short === word[1]);
  if (spec === undefined) throw unknownOption(command, word.slice(0, 2));
  const tail = word.slice(2);
  if (spec.kind !== "flag")
    return { spec, value: valueFor(spec, `-${spec.short}`, tail === "" ? undefined : tail.replace(/^=/u, ""), rest) };
  // -qv is -q -v: the tail goes back to be read as flags of its own.
  if (tail !== "") rest.unshift(`-${tail}`);
  return { spec, value: "true" };
}

function valueFor(spec: OptionSpec, origin: string, attached: string | undefined, rest: string[]): string {
  if (spec.kind === "flag") return attached ?? "true";
  const value = attached ?? rest.shift();
  if (value === undefined || (attached === undefined && value.startsWith("--"))) {
    throw badOption(origin, "a value is missing", `Write ${origin} ${spec.value ?? "VALUE"}.`);
  }
  return value;
}

function valuesOf(
  command: CommandSpec,
  given: ReadonlyMap<OptionSpec, readonly string[]>,
  env: Environment,
): Map<string, ReturnType<typeof readValue>> {
  const values = new Map<string, ReturnType<typeof readValue>>();
  for (const spec of command.options) {
    const words = given.get(spec);
    const fromEnv = spec.env === undefined ? undefined : env[spec.env];
    if (words !== undefined) values.set(spec.name, readValue(spec, words, `--${spec.name}`));
    // AJAR_LANG may hold any locale name; language.ts reads it.
    else if (fromEnv !== undefined && fromEnv !== "" && spec.name !== "lang")
      values.set(spec.name, readValue(spec, [fromEnv], spec.env ?? ""));
  }
  return values;
}

function checkOperands(command: CommandSpec, operands: readonly string[]): void {
  const missing = command.operands.find((operand, index) => operand.optional !== true && operands[index] === undefined);
  if (missing !== undefined) throw badOption(missing.name, "is missing", `See ajar ${command.name} --help.`);
  const extra = command.operands.at(-1)?.many === true ? undefined : operands[command.operands.length];
  if (extra !== undefined)
    throw badOption(extra, `ajar ${command.name} takes ${command.operands.length} at most`, `See ajar ${command.name} --help.`);
  command.operands.forEach((spec, index) => {
    const word = operands[index];
    if (word === undefined || spec.choices === undefined || spec.choices.includes(word)) return;
    const near = nearest(word, spec.choices);
    throw badOption(word, `is not one of ${spec.choices.join(", ")}`, near === null ? undefined : `Did you mean ${near}?`);
  });
}

function unknownOption(command: CommandSpec, option: string): AjarError {
  const names = command.options.flatMap((spec) => (spec.kind === "flag" ? [`--${spec.name}`, `--no-${spec.name}`] : [`--${spec.name}`]));
  const near = nearest(option, names);
  return new AjarError("UNKNOWN_OPTION", `ajar ${command.name} has no such option`, {
    subject: option,
    hint: near === null ? `See ajar ${command.name} --help.` : `Did you mean ${near}?`,
  });
}
