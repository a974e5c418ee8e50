// `ajar data shard` and `ajar data merge`: the same work in parts, for any scheduler or the workers of a shared catalogue.
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { ShardPlan } from "../../audit/data/shards.ts";
import type { DataReport } from "../../core/dataset.ts";
import { AjarError, EXIT, type ExitCode } from "../../core/errors.ts";
import type { DataJobState } from "../../jobs/data-jobs.ts";
import type { SharedQueue } from "../../jobs/shared-queue.ts";
import { text } from "../../reports/messages.ts";
import type { CommandContext } from "../command.ts";
import { databaseUrl } from "../database-url.ts";
import { checkWritable, writeWhole } from "../output.ts";
import { dataContext, referenceOf, rowsOf, threadsOf, withProgress } from "./targets.ts";

/** `shard plan TARGET...`, `shard run PLAN` or `shard enqueue PLAN`; `shard report` is a report like others. */
export async function shardData(context: CommandContext, words: readonly string[]): Promise<ExitCode> {
  const [action, ...rest] = words;
  if (action === "plan" && rest.length > 0) return await planData(context, rest);
  if (action === "run" && rest.length === 1) return await runData(context, rest[0] ?? "");
  if (action === "enqueue" && rest.length === 1) return await enqueueData(context, rest[0] ?? "");
  throw new AjarError("BAD_OPTION", "needs plan TARGET..., or run, enqueue or report and a PLAN", {
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
  const written = `${JSON.stringify(plan, null, 1)}\n`;
  if (file === undefined) await stdout.write(written);
  else writeWhole(file, cwd, written);
  return plan.shards.length === 0 ? EXIT.nothing : EXIT.ok;
}

function requestOf(context: CommandContext, references: readonly string[], progress: (message: string) => void) {
  const { options } = context;
  return { references, context: dataContext(context, progress), include: options.list("include"), exclude: options.list("exclude") };
}

/** Runs the shard of `--index`, or every one whose part is not there yet: the part, which appears whole or not at all, is the mark that it is done. */
async function runData(context: CommandContext, file: string): Promise<ExitCode> {
  const { options, cwd, signal } = context;
  const plan = await readPlan(file, cwd);
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

/** Sends what is left of a plan to the workers; the folder of this call is where its paths count from. */
async function enqueueData(context: CommandContext, file: string): Promise<ExitCode> {
  const { cwd, stderr, language } = context;
  const plan = await readPlan(file, cwd);
  if (plan.shards.length === 0) {
    throw new AjarError("NOTHING_AUDITABLE", "the plan has no shards", { subject: file, hint: "Plan targets that hold data." });
  }
  await withQueue(context, (queue) => queue.data.enqueue(plan, cwd));
  await stderr.write(`${text({ id: "data.shards.enqueued", args: { shards: plan.shards.length } }, language)}\n`);
  return EXIT.ok;
}

/** The report that workers made of a plan. @throws AjarError UNFINISHED while they have not, and where shards failed */
export async function queuedReport(context: CommandContext, files: readonly string[]): Promise<DataReport> {
  const [file, ...others] = files;
  if (file === undefined || others.length > 0) {
    throw new AjarError("BAD_OPTION", "needs the PLAN that was enqueued", { subject: "report" });
  }
  const plan = await readPlan(file, context.cwd);
  return await withQueue(context, async (queue) => {
    for (;;) {
      const state = await queue.data.state(plan);
      if (state.state === "done") return state.report;
      if (state.state !== "running" || context.options.flag("wait") !== true) throw notDone(file, state);
      await wait(POLL_MS, undefined, { signal: context.signal }).catch(() => undefined);
      if (context.signal.aborted) throw new AjarError("INTERRUPTED", "stopped waiting for the workers", { subject: file });
    }
  });
}

/** How often the workers' progress is looked at. */
const POLL_MS = 500;

function notDone(file: string, state: Exclude<DataJobState, { readonly state: "done" }>): AjarError {
  if (state.state === "none") {
    return new AjarError("BAD_OPTION", "was not enqueued", { subject: file, hint: "Run ajar data shard enqueue PLAN first." });
  }
  if (state.state === "running") {
    return new AjarError("UNFINISHED", `${state.done} of ${state.shards} shards are measured`, {
      subject: file,
      hint: "Ask again later, or with --wait; ajar worker measures them.",
    });
  }
  const [first] = state.failures;
  return new AjarError("UNFINISHED", `shard ${first?.shard} failed: ${first?.message}`, {
    subject: file,
    hint: "Mend what it says, and enqueue the plan again.",
  });
}

async function withQueue<T>(context: CommandContext, work: (queue: SharedQueue) => Promise<T>): Promise<T> {
  const { SharedQueue: Shared } = await import("../../jobs/shared-queue.ts");
  const queue = await Shared.open(databaseUrl(context.env));
  try {
    return await work(queue);
  } finally {
    await queue.close();
  }
}

function partFile(folder: string, index: number): string {
  return join(folder, `part-${String(index).padStart(5, "0")}.json`);
}

/** @throws AjarError NOT_FOUND, BAD_REPORT */
async function readPlan(file: string, cwd: string): Promise<ShardPlan> {
  const { isShardPlan } = await import("../../audit/data/shard-forms.ts");
  return readForm(file, cwd, isShardPlan, "Give a file that ajar data shard plan wrote.");
}

/** JSON of a form that Ajar wrote itself. @throws AjarError NOT_FOUND, BAD_REPORT */
function readForm<T>(file: string, cwd: string, isForm: (value: unknown) => value is T, hint: string): T {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(resolve(cwd, file), "utf8"));
  } catch (cause) {
    if (Object(cause).code === "ENOENT") throw new AjarError("NOT_FOUND", "there is no such file", { subject: file, hint, cause });
    throw new AjarError("BAD_REPORT", "cannot be read as JSON", { subject: file, hint, cause });
  }
  if (isForm(value)) return value;
  throw new AjarError("BAD_REPORT", "is not of the form that Ajar writes", { subject: file, hint });
}

/** One report of the parts named. @throws AjarError BAD_REPORT, BAD_OPTION */
export async function mergeData(context: CommandContext, files: readonly string[]): Promise<DataReport> {
  const { mergeParts } = await import("../../audit/data/shards.ts");
  const { isShardPart } = await import("../../audit/data/shard-forms.ts");
  return mergeParts(files.map((file) => readForm(file, context.cwd, isShardPart, "Give files that ajar data shard run wrote.")));
}
