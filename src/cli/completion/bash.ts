import type { CommandSpec } from "../command.ts";
import { operandWords, spellings, takesFiles, valued } from "./words.ts";

/** Completion for bash 3.2 and later; needs no bash-completion package. */
export function bashScript(commands: readonly CommandSpec[]): string {
  return `# ajar completion for bash: eval "$(ajar completion bash)"
_ajar() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" words="" files=""
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${commands.map(({ name }) => name).join(" ")} --help --version" -- "$cur"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${commands.map(commandCase).join("\n")}
  esac
  case "$cur" in
    -*) ;;
    *) if [ -n "$files" ]; then COMPREPLY=($(compgen -f -- "$cur")); fi ;;
  esac
  COMPREPLY+=($(compgen -W "$words" -- "$cur"))
}
complete -o filenames -o bashdefault -F _ajar ajar
`;
}

function commandCase(command: CommandSpec): string {
  const values = valued(command).map(({ option, words }) => {
    const pattern = words.join("|");
    const reply = option.choices === undefined ? `compgen -f -- "$cur"` : `compgen -W "${option.choices.join(" ")}" -- "$cur"`;
    return `        ${pattern}) COMPREPLY=($(${reply})); return ;;`;
  });
  const all = [...operandWords(command), ...command.options.flatMap(spellings)].join(" ");
  return `    ${command.name})
      case "$prev" in
${values.join("\n")}
      esac
      words="${all}"${takesFiles(command) ? " files=1" : ""} ;;`;
}
