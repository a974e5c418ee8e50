import type { CommandSpec } from "../command.ts";
import { operandWords, spellings, valued } from "./words.ts";

/** Completion for PowerShell 5 and later. */
export function pwshScript(commands: readonly CommandSpec[]): string {
  return `# ajar completion for PowerShell: ajar completion pwsh | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName ajar -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @($commandAst.CommandElements | ForEach-Object { $_.ToString() })
  $prev = if ($wordToComplete -eq '') { $words[-1] } else { $words[-2] }
  $table = @{
${commands.map(commandEntry).join("\n")}
  }
  $values = @{
${commands.flatMap(valueEntries).join("\n")}
  }
  $isFirst = $words.Count -lt 2 -or ($words.Count -eq 2 -and $wordToComplete -ne '')
  $offered = if ($isFirst) { ${list([...commands.map(({ name }) => name), "--help", "--version"])} }
    elseif ($values.ContainsKey("$($words[1]) $prev")) { $values["$($words[1]) $prev"] }
    else { $table[$words[1]] }
  $offered | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
`;
}

function commandEntry(command: CommandSpec): string {
  return `    '${command.name}' = ${list([...operandWords(command), ...command.options.flatMap(spellings)])}`;
}

function valueEntries(command: CommandSpec): readonly string[] {
  return valued(command).flatMap(({ option, words }) =>
    option.choices === undefined ? [] : words.map((word) => `    '${command.name} ${word}' = ${list(option.choices ?? [])}`),
  );
}

function list(words: readonly string[]): string {
  return `@(${words.map((word) => `'${word}'`).join(", ")})`;
}
