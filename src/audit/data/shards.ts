// Data measured in parts that know nothing of each other: a plan, the part that one run makes of a shard, and their merge.
import { createHash } from "node:crypto";
import type { DataReport } from "../../core/dataset.ts";
import { AjarError } from "../../core/errors.ts";
import type { Source } from "../../core/source.ts";
import { decodeParts, type EncodedParts, encodeParts } from "../../dataset/parts-file.ts";
import type { Rows, Share } from "../../dataset/plan.ts";
import { dataReport, type FileOutcome } from "../../dataset/result.ts";
import { Tally } from "../../dataset/tally.ts";
import { type DataOptions, measureAll, type OpenedData, openAll } from "./measure.ts";
import { patternIds, ruleInfos } from "./rule-infos.ts";

const PLAN_FORMAT = "ajar-data-plan/1";
const PART_FORMAT = "ajar-data-part/2";
/** Bytes of files that one shard reads. */
const SHARD_BYTES = 256 * 1024 * 1024;

interface PlannedShare {
  readonly source: string;
  readonly path: string;
  readonly sizeBytes: number;
  readonly digest: string;
  readonly share: Share;
}

export interface ShardPlan {
  readonly format: typeof PLAN_FORMAT;
  readonly rows: Rows;
  readonly references: readonly string[];
  /** Rules in force; parts made with others do not add up. */
  readonly rules: readonly string[];
  readonly shards: readonly (readonly PlannedShare[])[];
}

export interface ShardPart {
  readonly format: typeof PART_FORMAT;
  /** SHA-256 of the plan. */
  readonly plan: string;
  readonly index: number;
  readonly of: number;
  readonly rows: Rows;
  readonly outcomes: readonly FileOutcome[];
  readonly tally: EncodedParts;
}

/** Shares of all files, put together to shards of about `shardBytes`. @throws AjarError as listing */
export async function planShards(
  references: readonly string[],
  sources: readonly Source[],
  rows: Rows,
  shardBytes = SHARD_BYTES,
): Promise<ShardPlan> {
  const shards: PlannedShare[][] = [];
  let open: PlannedShare[] = [];
  let bytes = 0;
  for (const { source, entry, plan } of await openAll(sources, rows)) {
    const { path, sizeBytes, digest } = entry;
    // A file that cannot be opened has a share too, so that some part reports it.
    const shares: readonly Share[] = plan.shares.length === 0 ? [{ kind: "stream", limit: null }] : plan.shares;
    for (const share of shares) {
      open.push({ source: source.ref, path, sizeBytes, digest, share });
      bytes += sizeBytes / shares.length;
      if (bytes < shardBytes) continue;
      shards.push(open);
      open = [];
      bytes = 0;
    }
  }
  if (open.length > 0) shards.push(open);
  return { format: PLAN_FORMAT, rows, references, rules: patternIds(), shards };
}

/**
 * Measures one shard of a plan.
 * @throws AjarError CHANGED_WHILE_READ where a file is not the one that was planned, BAD_REPORT where the plan is for other rules
 */
export async function runShard(plan: ShardPlan, index: number, sources: readonly Source[], options: DataOptions): Promise<ShardPart> {
  if (plan.rules.join() !== patternIds().join()) {
    throw new AjarError("BAD_REPORT", "the plan was made with other rules", { subject: "PLAN", hint: "Plan again." });
  }
  const wanted = plan.shards[index] ?? [];
  const opened = await openAll(sources, plan.rows);
  const files: OpenedData[] = [];
  for (const planned of wanted) {
    const file = opened.find(({ source, entry }) => source.ref === planned.source && entry.path === planned.path);
    if (file === undefined || file.entry.sizeBytes !== planned.sizeBytes || file.entry.digest !== planned.digest) {
      throw new AjarError("CHANGED_WHILE_READ", `${planned.path}: not the file that was planned`, {
        subject: planned.path,
        hint: "Plan again.",
      });
    }
    const last = files.at(-1);
    const shares = file.plan.shares.length === 0 ? [] : [planned.share];
    if (last?.name === file.name) files[files.length - 1] = { ...last, plan: { ...last.plan, shares: [...last.plan.shares, ...shares] } };
    else files.push({ ...file, plan: { ...file.plan, shares } });
  }
  const { tally, outcomes } = await measureAll(files, options);
  return {
    format: PART_FORMAT,
    plan: planDigest(plan),
    index,
    of: plan.shards.length,
    rows: plan.rows,
    outcomes,
    tally: encodeParts(tally.parts()),
  };
}

/** What a plan is known by (hex): the same plan is the same work. */
export function planDigest(plan: ShardPlan): string {
  return createHash("sha256").update(JSON.stringify(plan)).digest("hex");
}

/** One report of all parts of a plan, whatever their order. @throws AjarError BAD_OPTION where parts are missing or of other plans */
export function mergeParts(parts: readonly ShardPart[]): DataReport {
  const [first] = parts;
  if (first === undefined)
    throw new AjarError("BAD_OPTION", "there is no part to merge", {
      subject: "PART",
      hint: "Name the files that ajar data shard run wrote.",
    });
  if (parts.some(({ plan }) => plan !== first.plan)) {
    throw new AjarError("BAD_OPTION", "the parts are of different plans", { subject: "PART", hint: "Merge parts of one plan." });
  }
  const byIndex = new Map(parts.map((part) => [part.index, part]));
  const missing = Array.from({ length: first.of }, (_, index) => index).filter((index) => !byIndex.has(index));
  if (missing.length > 0) {
    throw new AjarError("BAD_OPTION", `parts are missing: ${missing.slice(0, 20).join(", ")}`, {
      subject: "PART",
      hint: "Run ajar data shard run PLAN for them first.",
    });
  }
  const merging = new Merging(first.rows);
  for (const part of [...byIndex.values()].sort((a, b) => a.index - b.index)) merging.add(part);
  return merging.report();
}

/** Parts of one plan, taken in one after another. */
export class Merging {
  readonly #rows: Rows;
  readonly #tally = new Tally();
  readonly #outcomes = new Map<string, FileOutcome>();

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  /** Each part once. */
  add(part: ShardPart): void {
    this.#tally.merge(decodeParts(part.tally));
    for (const outcome of part.outcomes) {
      const known = this.#outcomes.get(outcome.name);
      this.#outcomes.set(
        outcome.name,
        known === undefined || known.problem === null ? { ...outcome, problem: outcome.problem ?? known?.problem ?? null } : known,
      );
    }
  }

  report(): DataReport {
    return dataReport(this.#tally, {
      mode: this.#rows,
      outcomes: [...this.#outcomes.values()],
      looked: patternIds(),
      overlap: null,
      infos: ruleInfos(),
    });
  }
}
