import { setTimeout as wait } from "node:timers/promises";
import { audit } from "../../audit/audit.ts";
import { auditContext } from "../../audit/context.ts";
import { openCatalogue } from "../../catalogue/open.ts";
import { EXIT, type ExitCode } from "../../core/errors.ts";
import type { DataTools } from "../../jobs/data-jobs.ts";
import { SharedQueue } from "../../jobs/shared-queue.ts";
import { safeText } from "../../reports/safe-text.ts";
import type { CommandContext } from "../command.ts";
import { databaseUrl } from "../database-url.ts";

const IDLE_POLL_MS = 1000;
/** Requests to one host from all workers together, each second. */
const DEFAULT_RATE = 5;

/** `ajar worker`: audits, and measures shards of data, that others enqueued, until it is interrupted. @throws AjarError BAD_OPTION | STORE_UNUSABLE */
export async function run(context: CommandContext): Promise<ExitCode> {
  const { options, env, cwd, stderr, signal } = context;
  const url = databaseUrl(env);
  const catalogue = await openCatalogue({ env, cwd });
  const queue = await SharedQueue.open(url);
  const stop = new AbortController();
  const end = (): void => stop.abort();
  signal.addEventListener("abort", end, { once: true });
  const everyMs = 1000 / (options.number("rate") ?? DEFAULT_RATE);
  const turn = async (host: string): Promise<void> => {
    await wait(await catalogue.turn(host, everyMs), undefined, { signal: stop.signal }).catch(() => undefined);
  };
  try {
    const tools = {
      audit,
      add: (report: Parameters<typeof catalogue.add>[0], addedAt: string) => catalogue.add(report, addedAt),
      context: (progress: (message: string) => void, jobSignal: AbortSignal) =>
        auditContext({ env, cwd, progress, signal: jobSignal, turn }),
      now: context.now,
    };
    if (options.flag("until-empty") === true) void stopWhenEmpty(queue, stop);
    const parallel = options.number("parallel") ?? 2;
    const audits = queue.work(tools, parallel, stop.signal, (target, state) => {
      void stderr.write(
        `${state.state} ${safeText(target)}${state.state === "failed" ? ` [${state.code}] ${safeText(state.message)}` : ""}\n`,
      );
    });
    const shards = queue.data.work(dataTools(context, turn, parallel), stop.signal, (shard) => void stderr.write(`done ${shard}\n`));
    await Promise.all([audits, shards]);
    return EXIT.ok;
  } finally {
    await queue.close();
    await catalogue.close();
  }
}

/** Data are read to their end, however large. */
function dataTools({ env }: CommandContext, turn: (host: string) => Promise<void>, threads: number): DataTools {
  return {
    context: (cwd, signal) => {
      const base = auditContext({ env, cwd, signal, turn });
      return { ...base, limits: { ...base.limits, maxBytes: Number.MAX_SAFE_INTEGER } };
    },
    threads,
  };
}

/** Nothing waits and nothing runs, here or at any other worker. */
async function stopWhenEmpty(queue: SharedQueue, stop: AbortController): Promise<void> {
  while (!stop.signal.aborted) {
    await wait(IDLE_POLL_MS);
    const counts = await queue.counts().catch(() => null);
    if (counts !== null && counts.waiting + counts.running === 0) stop.abort();
  }
}
