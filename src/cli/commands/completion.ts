import { AjarError, EXIT, type ExitCode } from "../../core/errors.ts";
import type { CommandContext } from "../command.ts";
import { COMMANDS } from "../command-table.ts";
import { bashScript } from "../completion/bash.ts";
import { fishScript } from "../completion/fish.ts";
import { pwshScript } from "../completion/pwsh.ts";
import { zshScript } from "../completion/zsh.ts";

const SCRIPTS = new Map([
  ["bash", bashScript],
  ["zsh", zshScript],
  ["fish", fishScript],
  ["pwsh", pwshScript],
]);

/** `ajar completion SHELL`: a script made from the command table. */
export async function run({ operands, stdout, language }: CommandContext): Promise<ExitCode> {
  const script = SCRIPTS.get(operands[0] ?? "");
  if (script === undefined) throw new AjarError("BAD_OPTION", "there is no completion for it", { subject: operands[0] ?? "SHELL" });
  await stdout.write(script(COMMANDS, language));
  return EXIT.ok;
}
