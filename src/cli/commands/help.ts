import { EXIT, type ExitCode } from "../../core/errors.ts";
import type { CommandContext } from "../command.ts";
import { commandNamed } from "../command-table.ts";
import { commandHelp, overview } from "../help.ts";

/** `ajar help [COMMAND]`, also behind every `--help`. */
export async function run({ operands, language, stdout }: CommandContext): Promise<ExitCode> {
  const command = commandNamed(operands[0] ?? "");
  await stdout.write(command === undefined ? overview(language) : commandHelp(command, language));
  return EXIT.ok;
}
