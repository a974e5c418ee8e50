// Command lines of ajar in scripts and pages, held against the one table of commands.

import type { CommandSpec } from "../../src/cli/command.ts";
import { COMMANDS, commandNamed } from "../../src/cli/command-table.ts";

/** Command lines that begin with `ajar`, whatever runs it before: a container, a variable, another command. Comments are left out. */
export function commandLines(text: string): readonly string[] {
  const joined = text.replace(/\\\n\s*/gu, " ").replace(/#(?= ).*$/gmu, "");
  const names = COMMANDS.map(({ name }) => name).join("|");
  return [...joined.matchAll(new RegExp(`\\bajar(?= (?:${names})\\b)[^\\n\`|&;)]*`, "gu"))].map(([line]) => line.trim());
}

/** What of a command line Ajar does not know; nothing where all of it is known. */
export function unknownIn(line: string): readonly string[] {
  const [, name = "", ...words] = line.split(/\s+/u);
  const command = commandNamed(name);
  if (command === undefined) return [name];
  return words.flatMap((word) => optionProblems(command, word.replace(/[)"']+$/u, ""))).map((problem) => `${name} ${problem}`);
}

/** Options of a list that a script puts together for one command, such as `options=(--offline)`. */
export function unknownOptions(commandName: string, text: string): readonly string[] {
  const command = commandNamed(commandName);
  if (command === undefined) return [commandName];
  return [...text.matchAll(/\boptions\+?=\(([^)]*)\)/gu)].flatMap(([, words = ""]) =>
    words.split(/\s+/u).flatMap((word) => optionProblems(command, word)),
  );
}

function optionProblems({ options }: CommandSpec, word: string): readonly string[] {
  if (word === "--" || word === "-" || !word.startsWith("-")) return [];
  const bare = word.replace(/=.*$/u, "");
  if (/^-[a-z]$/u.test(bare)) return options.some(({ short }) => short === bare.slice(1)) ? [] : [bare];
  const name = bare.slice(2);
  const isKnown = options.some((option) => option.name === name || (option.kind === "flag" && `no-${option.name}` === name));
  return isKnown ? [] : [bare];
}
