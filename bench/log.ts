// Log: append rate and verify rate over a million entries against appending bare lines, then every kind of tampering on it.
// Usage: npm run bench:log [-- ENTRIES]   (default 1000000)
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readCheckpoint } from "../src/gate/log/checkpoint.ts";
import { readIdentity } from "../src/gate/log/identity.ts";
import { openLog } from "../src/gate/log/open.ts";
import { verifyLog } from "../src/gate/log/verify.ts";
import { recordNumber } from "../test/gate/log/record-number.ts";
import { forgeWhole, segmentsIn, TAMPERINGS } from "../test/gate/log/tampering.ts";

const entries = Number(process.argv[2] ?? 1_000_000);
/** Requests that a gate answers at the same time. */
const LANES = 256;
const scratch = mkdtempSync(join(tmpdir(), "ajar-bench-log-"));
const seconds = (since: number) => (performance.now() - since) / 1000;
const rate = (count: number, took: number) => `${Math.round(count / took).toLocaleString("en")}/s`;

async function appendAll(folder: string, count: number, sync: "each" | "interval"): Promise<number> {
  const log = await openLog({ folder, sync, segmentBytes: 8 * 1024 ** 2 });
  let next = 1;
  const lane = async (): Promise<void> => {
    while (next <= count) {
      const number = next;
      next += 1;
      await log.append(recordNumber(number));
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: LANES }, lane));
  const took = seconds(start);
  await log.close();
  return took;
}

/** The peer: the same records as bare JSON lines, one write for as many as wait, no chain, nothing signed. */
async function bareLines(path: string, count: number): Promise<number> {
  await using handle = await open(path, "w");
  const start = performance.now();
  for (let number = 1; number <= count; ) {
    const lines: string[] = [];
    for (let lane = 0; lane < LANES && number <= count; lane += 1, number += 1) lines.push(JSON.stringify(recordNumber(number)));
    await handle.write(`${lines.join("\n")}\n`);
  }
  return seconds(start);
}

try {
  const folder = join(scratch, "log");
  const bare = await bareLines(join(scratch, "bare.jsonl"), entries);
  const took = await appendAll(folder, entries, "interval");
  const size = segmentsIn(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  console.log(
    `${entries.toLocaleString("en")} entries, ${(size / 1024 ** 2).toFixed(0)} MiB in ${segmentsIn(folder).length} segments, ${LANES} appends at a time`,
  );
  console.log(`append   ${rate(entries, took)} (bare JSON lines ${rate(entries, bare)}: ${(bare / took).toFixed(2)} of it)`);
  const few = Math.min(entries, 20_000);
  console.log(`append, synced each   ${rate(few, await appendAll(join(scratch, "each"), few, "each"))}`);
  const alone = await openLog({ folder: join(scratch, "alone") });
  const times: number[] = [];
  for (let number = 1; number <= few; number += 1) {
    const start = performance.now();
    await alone.append(recordNumber(number));
    times.push(performance.now() - start);
  }
  await alone.close();
  times.sort((a, b) => a - b);
  const at = (share: number) => `${((times[Math.floor(times.length * share)] ?? 0) * 1000).toFixed(0)} µs`;
  console.log(`one append at a time   p50 ${at(0.5)}, p99 ${at(0.99)}`);

  const start = performance.now();
  const verified = await verifyLog(folder);
  const verifyTook = seconds(start);
  console.log(
    `verify   ${rate(entries, verifyTook)}, ${(size / 1024 ** 2 / verifyTook).toFixed(0)} MiB/s: ${verified.result}, ${verified.checkpoints} checkpoints`,
  );
  console.log(`memory   ${(process.memoryUsage().rss / 1024 ** 2).toFixed(0)} MiB resident after it`);
  if (verified.result !== "intact" || verified.entries !== entries) throw new Error("an untouched log does not verify");

  const identity = readIdentity(readFileSync(join(folder, "log.json"), "utf8"));
  const kept = readCheckpoint(readFileSync(join(folder, "head.json"), "utf8"));
  if (identity === null || kept === null) throw new Error("no log");
  let state = 20261124;
  const pick = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state % below;
  };
  let missed = 0;
  for (const [name, tamper] of Object.entries(TAMPERINGS)) {
    const copy = join(scratch, "copy");
    cpSync(folder, copy, { recursive: true });
    const place = tamper(copy, pick);
    const { result, problems } = await verifyLog(copy);
    const hit = problems.find(({ file, line }) => file === place.file && (place.line === null || line === place.line));
    if (result !== "tampered" || hit === undefined) missed += 1;
    const where = hit === undefined ? "NOT FOUND" : `${hit.kind} at ${hit.file}:${hit.line ?? "-"}, entry ${hit.seq ?? "-"}`;
    console.log(`${name.padEnd(38)} ${where} (${problems.length} in all)`);
    rmSync(copy, { recursive: true });
  }
  forgeWhole(folder);
  const within = await verifyLog(folder);
  const byKey = await verifyLog(folder, { key: identity.key });
  const byCheckpoint = await verifyLog(folder, { checkpoint: kept });
  console.log(
    `written anew as a whole, another key   in itself ${within.result}; with --key ${byKey.result}; with --checkpoint ${byCheckpoint.result}`,
  );
  if (byKey.result !== "tampered" || byCheckpoint.result !== "tampered") missed += 1;
  console.log(`${Object.keys(TAMPERINGS).length + 1} kinds of tampering, ${missed} missed`);
  if (missed > 0) process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
