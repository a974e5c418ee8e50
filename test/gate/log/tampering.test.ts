// What is done to a log is found, and found where it was done.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { readCheckpoint } from "../../../src/gate/log/checkpoint.ts";
import { readIdentity } from "../../../src/gate/log/identity.ts";
import { verifyLog } from "../../../src/gate/log/verify.ts";
import { folder, logOf } from "./made-up.ts";
import { forgeWhole, segmentsIn, TAMPERINGS } from "./tampering.ts";

let intact = "";
beforeAll(async () => {
  intact = await logOf(60, { folder: mkdtempSync(join(tmpdir(), "ajar-log-intact-")) });
  return () => rmSync(intact, { recursive: true, force: true });
});

function copy(): string {
  const made = folder();
  cpSync(intact, made, { recursive: true });
  return made;
}

describe.each(Object.entries(TAMPERINGS))("%s", (_, tamper) => {
  it("is found and located", async () => {
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.nat()), async (numbers) => {
        const made = copy();
        const place = tamper(made, (below) => (numbers.next().value ?? 0) % Math.max(1, below));
        const { result, problems } = await verifyLog(made);
        expect(result).toBe("tampered");
        const here = problems.filter(({ file, line }) => file === place.file && (place.line === null || line === place.line));
        expect(here, JSON.stringify({ place, problems })).not.toEqual([]);
        // One deed is not told as many.
        expect(problems.length).toBeLessThan(12);
      }),
      { numRuns: 12 },
    );
  });
});

it("no tampering means no problem", async () => {
  expect(await verifyLog(copy())).toMatchObject({ result: "intact", entries: 60, anchored: false });
});

describe("a log written anew as a whole, with another key", () => {
  it("is without a flaw in itself, and found by the key or by a checkpoint that was kept elsewhere", async () => {
    const made = copy();
    const key = readIdentity(readFileSync(join(made, "log.json"), "utf8"))?.key;
    const checkpoint = readCheckpoint(readFileSync(join(made, "head.json"), "utf8"));
    if (key === undefined || checkpoint === null) throw new Error("no log");
    forgeWhole(made);
    expect(await verifyLog(made)).toMatchObject({ result: "intact", anchored: false });
    const byKey = await verifyLog(made, { key });
    expect(byKey).toMatchObject({ result: "tampered", anchored: true });
    expect(byKey.problems).toContainEqual({ kind: "other-key", file: "log.json", line: null, seq: null });
    const byCheckpoint = await verifyLog(made, { checkpoint });
    expect(byCheckpoint.result).toBe("tampered");
    expect(byCheckpoint.problems).toContainEqual({ kind: "other-key", file: "--checkpoint", line: null, seq: 60 });
  });
});

describe("a tail that is cut off with every checkpoint of it", () => {
  it("is found by a checkpoint that was kept elsewhere, and by nothing else", async () => {
    const made = copy();
    const kept = readCheckpoint(readFileSync(join(made, "head.json"), "utf8"));
    const all = readFileSync(join(made, "checkpoints.jsonl"), "utf8").split("\n").slice(0, -1);
    const earlier = all.at(-2) ?? "";
    writeFileSync(join(made, "checkpoints.jsonl"), `${all.slice(0, -1).join("\n")}\n`);
    writeFileSync(join(made, "head.json"), `${earlier}\n`);
    const upTo = readCheckpoint(earlier)?.seq ?? 0;
    for (const name of segmentsIn(made)) {
      const path = join(made, name);
      const lines = readFileSync(path, "utf8")
        .split("\n")
        .slice(0, -1)
        .filter((line) => JSON.parse(line).seq <= upTo);
      if (lines.length === 0) rmSync(path);
      else writeFileSync(path, lines.map((line) => `${line}\n`).join(""));
    }
    expect(await verifyLog(made)).toMatchObject({ result: "intact", entries: upTo });
    if (kept === null) throw new Error("no checkpoint");
    const found = await verifyLog(made, { checkpoint: kept });
    expect(found.problems).toEqual([
      { kind: "missing-checkpoint", file: "checkpoints.jsonl", line: null, seq: 60 },
      { kind: "truncated", file: "--checkpoint", line: null, seq: upTo + 1, missing: 60 - upTo },
    ]);
  });
});

describe("checkpoints that were taken away", () => {
  it.each(["checkpoints.jsonl", "head.json"])("%s alone is found", async (file) => {
    const made = copy();
    rmSync(join(made, file));
    const { result, problems } = await verifyLog(made);
    expect(result).toBe("tampered");
    expect(problems).toEqual([{ kind: "missing-checkpoint", file, line: null, seq: file === "head.json" ? null : 60 }]);
  });

  it("all of them leave a log that nothing vouches for, unless one was kept elsewhere", async () => {
    const made = copy();
    const kept = readCheckpoint(readFileSync(join(made, "head.json"), "utf8"));
    for (const file of ["checkpoints.jsonl", "head.json"]) rmSync(join(made, file));
    expect(await verifyLog(made)).toMatchObject({ result: "unsigned", checkpoints: 0, problems: [] });
    if (kept === null) throw new Error("no checkpoint");
    expect((await verifyLog(made, { checkpoint: kept })).problems).toMatchObject([{ kind: "missing-checkpoint" }]);
  });

  it("a process that was killed between its first checkpoint and the file of the latest took none", async () => {
    const made = await logOf(5, { checkpointEntries: 1000 });
    rmSync(join(made, "head.json"));
    expect(await verifyLog(made)).toMatchObject({ result: "intact", checkpoints: 1 });
  });
});

it("random changes of bytes anywhere in the entries are found", async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }), async (which, where, flip) => {
      const made = copy();
      const names = segmentsIn(made);
      const path = join(made, names[which % names.length] ?? "");
      const bytes = readFileSync(path);
      const at = where % bytes.byteLength;
      bytes[at] = (bytes[at] ?? 0) ^ flip;
      writeFileSync(path, bytes);
      expect((await verifyLog(made)).result).not.toBe("intact");
    }),
    { numRuns: 150 },
  );
});

it("a part of a log is verified as what it is", async () => {
  const made = copy();
  const name = segmentsIn(made)[2] ?? "";
  const verified = await verifyLog(join(made, name));
  expect(verified).toMatchObject({ result: "intact", id: null, checkpoints: 0, signedUpTo: 0 });
  expect(verified.range?.first).toBe(Number(name.slice(0, 16)));
});
