import type { Language } from "../../reports/language.ts";
import { word } from "../../reports/messages.ts";
import type { CommandSpec, OptionSpec } from "../command.ts";
import { spellings } from "./words.ts";

/** Completion for zsh, to be saved as `_ajar` in a folder of `fpath`. */
export function zshScript(commands: readonly CommandSpec[], language: Language): string {
  return `#compdef ajar
# ajar completion for zsh: ajar completion zsh > ~/.zfunc/_ajar
_ajar() {
  local -a commands
  commands=(
${commands.map(({ name }) => `    ${quote(`${name}:${word(`cli.command.${name}`, language)}`)}`).join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe -t commands command commands
    _arguments '--help' '--version'
    return
  fi
  local name="$words[2]"
  shift words
  (( CURRENT-- ))
  case "$name" in
${commands.map((command) => commandCase(command, language)).join("\n")}
  esac
}
if [ "$funcstack[1]" = "_ajar" ]; then _ajar "$@"; else compdef _ajar ajar; fi
`;
}

function commandCase(command: CommandSpec, language: Language): string {
  const options = command.options.flatMap((option) => spellings(option).map((spelling) => optionSpec(option, spelling, language)));
  const operands = command.operands.map(({ name, many, choices, completes }, index) => {
    const action = choices === undefined ? (completes === "id" || completes === "text" ? " " : "_files") : `(${choices.join(" ")})`;
    return quote(`${many === true ? "*" : index + 1}:${name}:${action}`);
  });
  return `    ${command.name}) _arguments ${[...options, ...operands].join(" \\\n      ")} ;;`;
}

function optionSpec(option: OptionSpec, spelling: string, language: Language): string {
  const text = word(`cli.option.${option.text ?? option.name}`, language).replace(/[[\]:\\]/gu, "\\$&");
  const repeat = option.kind === "list" ? "*" : "";
  if (option.kind === "flag") return quote(`${spelling}[${text}]`);
  const action = option.choices === undefined ? "_files" : `(${option.choices.join(" ")})`;
  return quote(`${repeat}${spelling}[${text}]:${(option.value ?? "VALUE").replace(/[[\]:=]/gu, "")}:${action}`);
}

function quote(text: string): string {
  return `'${text.replace(/'/gu, `'\\''`)}'`;
}
