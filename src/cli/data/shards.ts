// `ajar data shard plan`, `ajar data shard run` and `ajar data merge`: the same work in parts, for any scheduler.
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { ShardPart, ShardPlan } from "../../audit/data/shards.ts";
import type { DataReport } from "../../core/dataset.ts";
import { AjarError, EXIT, type ExitCode } from "../../core/errors.ts";
import type { CommandContext } from "../command.ts";
import { checkWritable, writeWhole } from "../output.ts";
import { dataContext, referenceOf, rowsOf, threadsOf, withProgress } from "./targets.ts";

/** `shard plan TARGET...` or `shard run PLAN`. */
export async function shardData(context: CommandContext, words: readonly string[]): Promise<ExitCode> {
  const [action, ...rest] = words;
  if (action === "plan" && rest.length > 0) return await planData(context, rest);
  if (action === "run" && rest.length === 1) return await runData(context, rest[0] ?? "");
  throw new AjarError("BAD_OPTION", "needs plan TARGET... or run PLAN", {
    subject: "shard",
    hint: "Write ajar data shard plan TARGET -o plan.json, then ajar data shard run plan.json.",
  });
}

async function planData(context: CommandContext, targets: readonly string[]): Promise<ExitCode> {
  const { options, cwd, stdout } = context;
  const file = options.list("output").at(-1);
  if (file !== undefined) checkWritable(file, cwd);
  const plan = await withProgress(context, async (progress) => {
    const { withSources } = await import("../../audit/data/data.ts");
    const { planShards } = await import("../../audit/data/shards.ts");
    const references = targets.map((target) => referenceOf(target, cwd));
    return await withSources(requestOf(context, references, progress), (sources) => planShards(references, sources, rowsOf(context)));
  });
  const text = `${JSON.stringify(plan, null, 1)}\n`;
  if (file === undefined) await stdout.write(text);
  else writeWhole(file, cwd, text);
  return plan.shards.length === 0 ? EXIT.nothing : EXIT.ok;
}

function requestOf(context: CommandContext, references: readonly string[], progress: (message: string) => void) {
  const { options } = context;
  return { references, context: dataContext(context, progress), include: options.list("include"), exclude: options.list("exclude") };
}

/** Runs the shard of `--index`, or every one whose part is not there yet: the part, which appears whole or not at all, is the mark that it is done. */
async function runData(context: CommandContext, file: string): Promise<ExitCode> {
  const { options, cwd, signal } = context;
  const plan = readPlan(file, cwd);
  const folder = resolve(cwd, options.text("parts") ?? ".");
  mkdirSync(folder, { recursive: true });
  const asked = options.number("index");
  if (asked !== undefined && asked >= plan.shards.length) {
    throw new AjarError("BAD_OPTION", `the plan has ${plan.shards.length} shards, counted from 0`, { subject: "--index" });
  }
  const indexes = asked === undefined ? plan.shards.map((_, index) => index) : [asked];
  const wanted = indexes.filter((index) => !existsSync(partFile(folder, index)));
  await withProgress(context, async (progress) => {
    const { withSources } = await import("../../audit/data/data.ts");
    const { runShard } = await import("../../audit/data/shards.ts");
    await withSources(requestOf(context, plan.references, progress), async (sources) => {
      for (const index of wanted) {
        const part = await runShard(plan, index, sources, {
          rows: plan.rows,
          threads: threadsOf(context),
          overlap: null,
          signal,
          progress,
        });
        writeWhole(partFile(folder, index), cwd, `${JSON.stringify(part)}\n`);
      }
    });
  });
  return EXIT.ok;
}

function partFile(folder: string, index: number): string {
  return join(folder, `part-${String(index).padStart(5, "0")}.json`);
}

function readPlan(file: string, cwd: string): ShardPlan {
  return readForm<ShardPlan>(file, cwd, "ajar-data-plan/1", "Give a file that ajar data shard plan wrote.");
}

/** JSON of a form that Ajar wrote itself. @throws AjarError NOT_FOUND, BAD_REPORT */
function readForm<T>(file: string, cwd: string, form: string, hint: string): T {
  try {
    const value: unknown = JSON.parse(readFileSync(resolve(cwd, file), "utf8"));
    if (Object(value)["format"] === form) return value as T;
  } catch (cause) {
    if (Object(cause).code === "ENOENT") throw new AjarError("NOT_FOUND", "there is no such file", { subject: file, hint, cause });
    throw new AjarError("BAD_REPORT", "cannot be read as JSON", { subject: file, hint, cause });
  }
  throw new AjarError("BAD_REPORT", `is not of the form ${form}`, { subject: file, hint });
}

/** One report of the parts named. @throws AjarError BAD_REPORT, BAD_OPTION */
export async function mergeData(context: CommandContext, files: readonly string[]): Promise<DataReport> {
  const { mergeParts } = await import("../../audit/data/shards.ts");
  return mergeParts(
    files.map((file) => readForm<ShardPart>(file, context.cwd, "ajar-data-part/2", "Give files that ajar data shard run wrote.")),
  );
}
