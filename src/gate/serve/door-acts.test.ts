import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import type { LogRecord } from "../contract.ts";
import type { DoorAct } from "../doors/acts.ts";
import { DoorActs } from "./door-acts.ts";

const folders: string[] = [];
afterEach(() => {
  for (const made of folders.splice(0)) rmSync(made, { recursive: true, force: true });
});

function made() {
  const folder = mkdtempSync(join(tmpdir(), "ajar-acts-"));
  folders.push(folder);
  const state = { isFull: false, records: [] as LogRecord[] };
  const log = {
    append: async (record: LogRecord) => {
      if (state.isFull) throw new Error("full");
      state.records.push(record);
    },
    close: async () => undefined,
  };
  const start = () => new DoorActs({ log, folder, now: () => new Date("2026-11-25T00:00:00Z") });
  const seqs = () => state.records.map((record) => (record.kind === "act" ? record.detail["seq"] : null));
  return { folder, state, start, seqs };
}

function act(seq: number, by = "ana"): DoorAct {
  return { seq, act: "shut", target: { kind: "model", value: "tern" }, reason: "why", by, at: `2026-11-24T00:00:0${seq}.000Z` };
}

it("logs each act once, with who made it, when and why, also over a restart", async () => {
  const { state, start, seqs } = made();
  const first = start();
  first.applied([act(1), act(2)]);
  first.applied([act(3)]);
  await first.written();
  expect(state.records[0]).toMatchObject({
    act: "shut",
    by: "ana",
    subject: "model:tern",
    detail: { reason: "why", seq: 1, made: "2026-11-24T00:00:01.000Z" },
  });
  const second = start();
  second.applied([act(1), act(2), act(3), act(4)]);
  second.applied([]);
  await second.written();
  expect(seqs()).toEqual([1, 2, 3, 4]);
});

it("logs all acts of another store, and all where what is remembered is damaged", async () => {
  const { folder, start, seqs } = made();
  const first = start();
  first.applied([act(1), act(2)]);
  await first.written();
  const other = start();
  other.applied([act(1, "bo"), act(2, "bo"), act(3, "bo")]);
  await other.written();
  writeFileSync(join(folder, "door-acts.json"), "{");
  const third = start();
  third.applied([act(1, "bo")]);
  await third.written();
  expect(seqs()).toEqual([1, 2, 1, 2, 3, 1]);
});

it("tries again what a full disk did not take, in the order of the acts", async () => {
  const { state, start, seqs } = made();
  const acts = start();
  state.isFull = true;
  acts.applied([act(1)]);
  await expect(acts.written()).rejects.toThrow("full");
  state.isFull = false;
  acts.applied([]);
  acts.applied([act(2)]);
  await acts.written();
  expect(seqs()).toEqual([1, 2]);
});
