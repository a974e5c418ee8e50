import { readFileSync } from "node:fs";
import { join } from "node:path";
import { EXIT, type ExitCode } from "../../core/errors.ts";
import { packageRoot } from "../../rules/load.ts";
import type { CommandContext } from "../command.ts";

/** `ajar schema report`: the JSON Schema that `-f json` follows. */
export async function run({ operands, stdout }: CommandContext): Promise<ExitCode> {
  await stdout.write(readFileSync(join(packageRoot, "schema", `${operands[0] ?? "report"}.schema.json`), "utf8"));
  return EXIT.ok;
}
