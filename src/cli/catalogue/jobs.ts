// Targets into the queue of a shared catalogue, and how it stands.
import { AjarError, EXIT, type ExitCode } from "../../core/errors.ts";
import type { SharedQueue } from "../../jobs/shared-queue.ts";
import { toJson } from "../../reports/json.ts";
import { text } from "../../reports/messages.ts";
import type { CommandContext } from "../command.ts";
import { databaseUrl } from "../database-url.ts";
import { linesOf } from "./lines.ts";

/** Targets sent at once. */
const BATCH = 1000;
/** A target is a name or an address; a longer line is something else. */
const MAX_TARGET_BYTES = 8192;

const NAMED = "Name targets, or - to read one a line.";

/** Targets for the workers: words of the command line, and lines of standard input for `-`, however many. @throws AjarError BAD_OPTION */
export async function enqueue(context: CommandContext, words: readonly string[]): Promise<ExitCode> {
  let count = 0;
  await withQueue(context, async (shared) => {
    for await (const targets of batches(targetsOf(context, words))) {
      await shared.enqueueAll(targets.map((target) => ({ target })));
      count += targets.length;
    }
  });
  if (count === 0) throw new AjarError("BAD_OPTION", "is missing", { subject: "TARGET", hint: NAMED });
  await context.stderr.write(`${text({ id: "catalogue.enqueued", args: { count } }, context.language)}\n`);
  return EXIT.ok;
}

async function* targetsOf(context: CommandContext, words: readonly string[]): AsyncGenerator<string> {
  for (const word of words) {
    if (word !== "-") {
      yield word;
      continue;
    }
    let number = 0;
    for await (const line of linesOf(context.stdin(), MAX_TARGET_BYTES)) {
      number += 1;
      if (line === null) {
        throw new AjarError("OVER_LIMIT", `the line is over the limit of ${MAX_TARGET_BYTES} bytes`, {
          subject: `-:${number}`,
          hint: NAMED,
        });
      }
      const target = line.trim();
      if (target !== "" && !target.startsWith("#")) yield target;
    }
  }
}

async function* batches(targets: AsyncIterable<string>): AsyncGenerator<readonly string[]> {
  let batch: string[] = [];
  for await (const target of targets) {
    batch.push(target);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** How many jobs wait, run, are done and have failed. */
export async function queue(context: CommandContext): Promise<ExitCode> {
  await withQueue(context, async (shared) => context.stdout.write(toJson(await shared.counts())));
  return EXIT.ok;
}

async function withQueue(context: CommandContext, work: (shared: SharedQueue) => Promise<void>): Promise<void> {
  const { SharedQueue: Shared } = await import("../../jobs/shared-queue.ts");
  const shared = await Shared.open(databaseUrl(context.env));
  try {
    await work(shared);
  } finally {
    await shared.close();
  }
}
