import { hash } from "node:crypto";
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { folder, logOf } from "../../../test/gate/log/made-up.ts";
import { recordNumber } from "../../../test/gate/log/record-number.ts";
import { newKeyPem } from "../durable/keys.ts";
import { contentKey, unseal } from "./content.ts";
import { readLine } from "./entry.ts";
import { openLog } from "./open.ts";
import { segmentNames } from "./recover.ts";
import { select } from "./select.ts";
import { verifyLog } from "./verify.ts";

async function all(path: string, wanted = {}) {
  const entries = [];
  for await (const lines of select(path, wanted)) entries.push(...lines);
  return entries;
}

describe("a log", () => {
  it("keeps every entry in order, over segments, restarts and checkpoints", async () => {
    const made = await logOf(25);
    await logOf(1, { folder: made });
    await logOf(4, { folder: made });
    const verified = await verifyLog(made);
    expect(verified).toMatchObject({ result: "intact", entries: 30, range: { first: 1, last: 30 }, signedUpTo: 30, problems: [] });
    expect(segmentNames(made).length).toBeGreaterThan(3);
    const entries = await all(made);
    expect(entries.slice(0, 25).map(({ entry }) => entry.entry)).toEqual(Array.from({ length: 25 }, (_, at) => recordNumber(at + 1)));
    expect(entries.map(({ entry }) => entry.seq)).toEqual(Array.from({ length: 30 }, (_, at) => at + 1));
  });

  it("chains appends that nobody waited for in the order in which they came", async () => {
    const made = folder();
    const log = await openLog({ folder: made });
    await Promise.all(Array.from({ length: 500 }, (_, at) => log.append(recordNumber(at + 1))));
    await log.close();
    expect((await all(made)).map(({ entry }) => entry.entry)).toEqual(Array.from({ length: 500 }, (_, at) => recordNumber(at + 1)));
    expect(await verifyLog(made)).toMatchObject({ result: "intact", entries: 500, checkpoints: 2 });
    await expect(log.append(recordNumber(501))).rejects.toMatchObject({ code: "LOG_UNWRITABLE" });
  });

  it("has one writer", async () => {
    const made = folder();
    const log = await openLog({ folder: made });
    await expect(openLog({ folder: made })).rejects.toMatchObject({ code: "IN_USE" });
    await log.close();
    await (await openLog({ folder: made })).close();
  });

  it("is not left behind without an entry, and what was there before is", async () => {
    const base = folder();
    const made = join(base, "a", "log");
    await (await openLog({ folder: made })).close();
    expect(readdirSync(base)).toEqual([]);
    mkdirSync(made, { recursive: true });
    writeFileSync(join(made, "key.pem"), newKeyPem());
    await (await openLog({ folder: made })).close();
    expect(readdirSync(made)).toEqual(["key.pem"]);
    await logOf(2, { folder: made });
    const names = readdirSync(made);
    await (await openLog({ folder: made })).close();
    expect(readdirSync(made)).toEqual(names);
    expect(await verifyLog(made)).toMatchObject({ result: "intact", entries: 2 });
  });

  it("syncs each entry where it is told to", async () => {
    const made = await logOf(3, { sync: "each" });
    expect(await verifyLog(made)).toMatchObject({ result: "intact", entries: 3 });
  });

  it("can be read by others: the hash is over RFC 8785 of the line without it", async () => {
    const made = await logOf(3);
    const [line] = await all(made);
    const { hash, ...rest } = JSON.parse(line?.text ?? "");
    const { canonical, sha256 } = await import("../durable/canonical.ts");
    expect(sha256(canonical(rest))).toBe(hash);
  });

  it("is filtered by what its entries say", async () => {
    const made = await logOf(40);
    const seqs = async (wanted: object) => (await all(made, wanted)).map(({ entry }) => entry.seq);
    expect(await seqs({ kind: "act" })).toEqual([10, 20, 30, 40]);
    expect(await seqs({ outcome: "blocked-response", from: 6, to: 26 })).toEqual([15, 25]);
    expect(await seqs({ model: "smollm2", until: recordNumber(9).at })).toEqual([3, 6]);
    expect(await seqs({ request: "req-000000000007" })).toEqual([7]);
    expect(await seqs({ caller: "key-3", since: recordNumber(30).at })).toEqual([31, 38]);
  });
});

describe("content", () => {
  const key = contentKey(hash("sha256", "one", "hex"), "test");

  it("is kept only where a key is given, encrypted, and opens at its own entry only", async () => {
    const made = folder();
    const without = await openLog({ folder: made });
    await without.append(recordNumber(1), { input: "canary-prompt" });
    await without.close();
    const log = await openLog({ folder: made, content: key });
    await log.append(recordNumber(2), { input: "canary-prompt", output: "an answer" });
    await log.append(recordNumber(3), { input: "another" });
    await log.close();
    for (const name of readdirSync(made)) expect(readFileSync(join(made, name), "latin1")).not.toContain("canary-prompt");
    const [first, second, third] = (await all(made)).map(({ entry }) => entry.content);
    expect(first).toBeUndefined();
    const id = JSON.parse(readFileSync(join(made, "log.json"), "utf8")).id;
    if (second === undefined || third === undefined) throw new Error("no content");
    expect(unseal(second, key, `${id}/2`)).toEqual({ input: "canary-prompt", output: "an answer" });
    expect(() => unseal(second, key, `${id}/3`)).toThrow("belongs to another entry");
    expect(() => unseal(third, contentKey(hash("sha256", "another", "hex"), "test"), `${id}/3`)).toThrow("another key");
    expect(await verifyLog(made)).toMatchObject({ result: "intact" });
  });

  it("wants a key of 32 bytes", () => {
    for (const wrong of ["short", "ab".repeat(32), "a".repeat(43), `${hash("sha256", "one", "hex")}!`, " "]) {
      expect(() => contentKey(wrong, "key.txt")).toThrow(expect.objectContaining({ code: "BAD_KEY", subject: "key.txt" }));
    }
    expect(contentKey(`${hash("sha256", "one", "base64")}\n`, "key.txt")).toEqual(contentKey(hash("sha256", "one", "hex"), "key.txt"));
  });
});

describe("a torn last line", () => {
  it("is being written where the log is, and is torn in a copy, also with the lock", async () => {
    const made = await logOf(3, { segmentBytes: 1e6 });
    const log = await openLog({ folder: made });
    appendFileSync(join(made, segmentNames(made)[0] ?? ""), '{"hash":"ab');
    const copy = folder();
    cpSync(made, copy, { recursive: true, preserveTimestamps: true });
    expect(existsSync(join(copy, "lock"))).toBe(true);
    expect(await verifyLog(made)).toMatchObject({ result: "intact" });
    expect(await verifyLog(copy)).toMatchObject({ result: "incomplete", problems: [{ kind: "unfinished", line: 4 }] });
    await log.close();
  });
});

describe("after a crash", () => {
  it("a torn last line is kept aside, cut off and told of", async () => {
    const made = await logOf(5, { segmentBytes: 1e6 });
    const [name = ""] = segmentNames(made);
    const before = readFileSync(join(made, name));
    appendFileSync(join(made, name), '{"hash":"ab');
    expect(await verifyLog(made)).toMatchObject({ result: "incomplete", problems: [{ kind: "unfinished", line: 6 }] });
    await logOf(1, { folder: made, segmentBytes: 1e6 });
    expect(readFileSync(join(made, `${name}.torn`), "utf8")).toBe('{"hash":"ab');
    expect(readFileSync(join(made, name)).subarray(0, before.byteLength)).toEqual(before);
    expect(await verifyLog(made)).toMatchObject({ result: "intact", entries: 7 });
    const told = (await all(made, { kind: "act" })).at(-1)?.entry.entry;
    expect(told).toMatchObject({ act: "recovered", detail: { bytes: 11, keptAs: `${name}.torn` } });
  });

  it("goes on from any cut behind the last checkpoint, and from none before it", async () => {
    const made = folder();
    await logOf(10, { folder: made, segmentBytes: 1e6, checkpointEntries: 1e6 });
    const [name = ""] = segmentNames(made);
    const signed = readFileSync(join(made, name)).byteLength;
    // A process that was killed signs no more.
    const checkpoints = readFileSync(join(made, "checkpoints.jsonl"));
    const head = readFileSync(join(made, "head.json"));
    await logOf(5, { folder: made, segmentBytes: 1e6, checkpointEntries: 1e6 });
    const whole = readFileSync(join(made, name));
    for (let size = signed - 3; size <= whole.byteLength; size += 97) {
      writeFileSync(join(made, name), whole.subarray(0, size));
      writeFileSync(join(made, "checkpoints.jsonl"), checkpoints);
      writeFileSync(join(made, "head.json"), head);
      if (size < signed) {
        await expect(openLog({ folder: made })).rejects.toMatchObject({ code: "LOG_DAMAGED" });
        continue;
      }
      await logOf(2, { folder: made, segmentBytes: 1e6 });
      expect(await verifyLog(made)).toMatchObject({ result: "intact" });
    }
  });

  it("an unfinished checkpoint is written over", async () => {
    const made = await logOf(5);
    appendFileSync(join(made, "checkpoints.jsonl"), '{"at":"2026');
    await logOf(5, { folder: made });
    expect(await verifyLog(made)).toMatchObject({ result: "intact", entries: 10 });
  });

  it.each([
    ["an entry before the last was changed", (path: string, text: string) => writeFileSync(path, text.replace("key-2", "key-3"))],
    ["an entry was taken out", (path: string, text: string) => writeFileSync(path, text.split("\n").toSpliced(1, 1).join("\n"))],
    ["whole entries were cut off", (path: string, text: string) => writeFileSync(path, `${text.split("\n").slice(0, 3).join("\n")}\n`)],
  ])("a log is not gone on with when %s", async (_, change) => {
    const made = await logOf(5, { segmentBytes: 1e6 });
    const path = join(made, segmentNames(made)[0] ?? "");
    change(path, readFileSync(path, "utf8"));
    await expect(openLog({ folder: made })).rejects.toMatchObject({ code: "LOG_DAMAGED" });
    expect(existsSync(join(made, "lock"))).toBe(false);
  });

  it("a log goes on under its own key only", async () => {
    const made = await logOf(2);
    rmSync(join(made, "key.pem"));
    await expect(openLog({ folder: made })).rejects.toMatchObject({ code: "BAD_KEY" });
    rmSync(join(made, "log.json"));
    await expect(openLog({ folder: made })).rejects.toMatchObject({ code: "LOG_DAMAGED" });
  });
});

describe("a disk that fails", () => {
  it.skipIf(process.getuid?.() === 0)("cannot open in a folder that it may not write to", async () => {
    const made = folder();
    chmodSync(made, 0o500);
    await expect(openLog({ folder: join(made, "log") })).rejects.toMatchObject({ code: "LOG_UNWRITABLE" });
  });

  it("cannot open where a file is in the way", async () => {
    const made = folder();
    writeFileSync(join(made, "file"), "");
    await expect(openLog({ folder: join(made, "file") })).rejects.toMatchObject({ code: "LOG_UNWRITABLE" });
  });

  it("a segment that vanished under the writer makes the next one refuse, and nothing acknowledged is lost", async () => {
    const made = folder();
    const log = await openLog({ folder: made, segmentBytes: 1 });
    await log.append(recordNumber(1));
    // The name of the next segment is taken by a folder.
    const { mkdirSync } = await import("node:fs");
    mkdirSync(join(made, "0000000000000002.jsonl"));
    await expect(log.append(recordNumber(2))).rejects.toMatchObject({ code: "LOG_UNWRITABLE" });
    rmSync(join(made, "0000000000000002.jsonl"), { recursive: true });
    await log.append(recordNumber(2));
    await log.close();
    expect(await verifyLog(made)).toMatchObject({ result: "intact", entries: 2 });
  });
});

describe("lines", () => {
  it("of any bytes are an entry or not, and are left as they were", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.constantFrom("", '{"hash":"', `{"hash":"${"a".repeat(64)}",`), (bytes, start) => {
        const line = Buffer.concat([Buffer.from(start), bytes]);
        const copy = Buffer.from(line);
        readLine(line);
        expect(line).toEqual(copy);
      }),
    );
  });

  it("longer than an entry may be end nothing", async () => {
    const made = await logOf(3, { segmentBytes: 1e9 });
    const path = join(made, segmentNames(made)[0] ?? "");
    appendFileSync(path, `${"x".repeat(17 * 1024 ** 2)}\n`);
    expect(await verifyLog(made)).toMatchObject({ result: "tampered", entries: 3, problems: [{ kind: "not-an-entry", line: 4 }] });
    truncateSync(path, 10);
    expect((await verifyLog(made)).result).toBe("tampered");
  });
});
