import { resolve } from "node:path";
import { patternRules } from "../../audit/data/rule-infos.ts";
import { AjarError, EXIT, type ExitCode } from "../../core/errors.ts";
import { emitSql, SQL_ENGINES, type SqlSource } from "../../dataset/emit-sql.ts";
import { kindByEnding } from "../../dataset/formats.ts";
import type { CommandContext } from "../command.ts";

/** `ajar data --emit-sql ENGINE FILE...`: the same questions for a warehouse; nothing is read. */
export async function printSql(context: CommandContext, targets: readonly string[]): Promise<ExitCode> {
  const engine = SQL_ENGINES.find((one) => one === context.options.text("emit-sql")) ?? "duckdb";
  const sources = targets.map((target): SqlSource => {
    const format = kindByEnding(target)?.format;
    if (format !== "jsonl" && format !== "csv" && format !== "tsv" && format !== "parquet") {
      throw new AjarError("BAD_OPTION", "SQL reads JSON Lines, CSV, TSV and Parquet", {
        subject: target,
        hint: "Name files of these forms, or a pattern with their ending.",
      });
    }
    return { path: /^[a-z][a-z0-9+.-]*:\/\//iu.test(target) ? target : resolve(context.cwd, target), format };
  });
  await context.stdout.write(emitSql(engine, sources, patternRules()));
  return EXIT.ok;
}
