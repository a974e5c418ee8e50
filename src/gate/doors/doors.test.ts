import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, describe, expect, it, test, vi } from "vitest";
import { madeUpModel } from "../../../test/gate/doors/made-up-model.ts";
import { eventually } from "../../../test/support/eventually.ts";
import { type DoorAct, readAct, ShutTargets } from "./acts.ts";
import { LeasedDoorBook, openDoorBook } from "./book.ts";
import { FolderStore } from "./folder-store.ts";
import { targetOf } from "./target.ts";
import { openDoor, openingOf, shutDoor, shutNow } from "./turn.ts";

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "ajar-doors-"));
  cleanups.push(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

async function bookOf(place: string, options: { leaseMs?: number; clocks?: { monotonic: () => number; wall: () => number } } = {}) {
  const book = await openDoorBook({ store: new FolderStore(place), beatMs: 50, ...options });
  cleanups.push(() => book.close());
  return book;
}

const at = "2026-11-25T10:00:00.000Z";
const shutting = (stated: string, reason = "a backdoor") => ({ target: targetOf(stated), reason, by: "operator", at });

describe("what a door is shut by", () => {
  const digest = `sha256:${"ab".repeat(32)}`;
  const model = madeUpModel({
    id: "tern",
    ref: "hf:Acme/Tern-7B@0123456",
    fileDigests: [digest],
    weightsDigest: `sha256:${"cd".repeat(32)}`,
    bases: [{ ref: "hf:acme/base", relation: "finetune", confidence: "declared" }],
  });

  test.each([
    ["tern", true],
    ["model:tern", true],
    ["ter", false],
    [digest, true],
    ["AB".repeat(32), true],
    [`sha256:${"cd".repeat(32)}`, true],
    [`sha256:${"00".repeat(32)}`, false],
    ["hf:acme/BASE", true],
    ["hf:acme/tern-7b", true],
    ["hf:acme/other", false],
  ])("%s", async (stated, isShut) => {
    const place = folder();
    const book = await bookOf(place);
    expect(book.state(model).kind).toBe("open");
    await shutDoor(new FolderStore(place), shutting(stated));
    expect(book.state(model)).toEqual(
      isShut ? { kind: "shut", code: "model_disabled", reason: "a backdoor", since: at } : { kind: "open" },
    );
  });

  it("a base shuts only what is linked to it as surely as was asked", async () => {
    const place = folder();
    const book = await bookOf(place);
    await shutDoor(new FolderStore(place), { ...shutting("hf:acme/base"), target: targetOf("hf:acme/base", "measured") });
    expect(book.state(model).kind).toBe("open");
    expect(book.state(madeUpModel({ ...model, bases: [{ ref: "hf:acme/base", relation: "finetune", confidence: "verified" }] })).kind).toBe(
      "shut",
    );
  });

  test.each(["", "sha256:ab", "a\nb", "x".repeat(600)])("%j is refused", (stated) => {
    expect(() => targetOf(stated)).toThrow(expect.objectContaining({ code: "BAD_OPTION" }));
  });
});

describe("doors in a folder", () => {
  const model = madeUpModel({ id: "tern" });

  it("are shut for every book when shut returns, and stay so over restarts", async () => {
    const place = folder();
    const books = [await bookOf(place), await bookOf(place), await bookOf(place)];
    const epochs = books.map((book) => book.epoch());
    const { replicas, act, complete } = await shutDoor(new FolderStore(place), shutting("tern"));
    expect(replicas.map(({ answer }) => answer)).toEqual(["confirmed", "confirmed", "confirmed"]);
    expect({ seq: act.seq, complete }).toEqual({ seq: 1, complete: true });
    for (const [index, book] of books.entries()) {
      expect(book.state(model)).toMatchObject({ kind: "shut", code: "model_disabled" });
      expect(book.epoch()).not.toBe(epochs[index]);
    }
    expect((await bookOf(place)).state(model).kind).toBe("shut");
  });

  it("shut returns only after the streams that it concerns have ended", async () => {
    const place = folder();
    const book = await bookOf(place);
    const order: string[] = [];
    const end = book.streams.begin(model);
    const other = book.streams.begin(madeUpModel({ id: "other" }));
    book.onChange(() => {
      if (book.state(model).kind === "open") return;
      order.push("told");
      setTimeout(() => {
        order.push("ended");
        end();
        end();
      }, 50);
    });
    await shutDoor(new FolderStore(place), shutting("tern"));
    order.push("returned");
    expect(order).toEqual(["told", "ended", "returned"]);
    expect(book.streams.count(() => true)).toBe(1);
    other();
  });

  it("open again after a second confirmation for this very shutting", async () => {
    const place = folder();
    const book = await bookOf(place);
    const store = new FolderStore(place);
    await shutDoor(store, shutting("tern"));
    const { word } = await openingOf(store, targetOf("tern"));
    await expect(openDoor(store, shutting("tern"), { word: "00000000" })).rejects.toMatchObject({ code: "NOT_CONFIRMED" });
    await expect(openDoor(store, shutting("tern"), { name: "Tern" })).rejects.toMatchObject({ code: "NOT_CONFIRMED" });
    await expect(openDoor(store, shutting("puffin"), { name: "puffin" })).rejects.toMatchObject({ code: "NOT_FOUND" });
    // Shut again for another reason: the old word does not open it.
    await shutDoor(store, shutting("tern", "still a backdoor"));
    await expect(openDoor(store, shutting("tern"), { word })).rejects.toMatchObject({ code: "NOT_CONFIRMED" });
    await openDoor(store, shutting("tern", "a new file"), { word: (await openingOf(store, targetOf("tern"))).word });
    await eventually(() => expect(book.state(model).kind).toBe("open"));
    expect(await shutNow(store)).toEqual([]);
    expect((await store.acts()).at(-1)).toMatchObject({ act: "open", confirmed: "word", reason: "a new file" });
  });

  it("a replica that is gone without a word is waited for until its lease is over, once", async () => {
    const place = folder();
    const gone = new FolderStore(place);
    await gone.beat({ id: "gone", name: "host/1", leaseMs: 200, applied: 0, confirmed: 0 });
    const first = await shutDoor(new FolderStore(place), shutting("tern"));
    expect(first.replicas).toEqual([{ id: "gone", name: "host/1", answer: "lease-expired" }]);
    expect((await shutDoor(new FolderStore(place), shutting("puffin"))).replicas).toEqual([]);
  });

  it("acts of several at once get their own numbers, and all are kept", async () => {
    const place = folder();
    const acts = await Promise.all(
      Array.from({ length: 12 }, (_, index) => new FolderStore(place).append({ ...shutting(`m${index}`), act: "shut" })),
    );
    expect(acts.map(({ seq }) => seq).sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
    expect(await shutNow(new FolderStore(place))).toHaveLength(12);
  });

  it("an act that was not finished is none; an altered one is refused", async () => {
    const place = folder();
    await shutDoor(new FolderStore(place), shutting("tern"));
    const path = join(place, "doors.jsonl");
    appendFileSync(path, '{"act":{"act":"op');
    expect(await shutNow(new FolderStore(place))).toHaveLength(1);
    await shutDoor(new FolderStore(place), shutting("puffin"));
    expect(await shutNow(new FolderStore(place))).toHaveLength(2);
    writeFileSync(path, readFileSync(path, "utf8").replace('"act":"shut"', '"act":"open"'));
    await expect(shutNow(new FolderStore(place))).rejects.toMatchObject({ code: "DOOR_STORE_DOWN" });
  });
});

describe("a replica fails closed", () => {
  const model = madeUpModel({ id: "tern" });

  it("when its store was put back to an older state, while it runs and when it starts", async () => {
    const place = folder();
    const older = folder();
    const book = await bookOf(place);
    await shutDoor(new FolderStore(place), shutting("puffin"));
    cpSync(place, older, { recursive: true });
    await shutDoor(new FolderStore(place), shutting("tern"));
    cpSync(join(older, "doors.jsonl"), join(place, "doors.jsonl"));
    await eventually(() => expect(book.stale).toMatch(/older than what was seen/u));
    expect(book.state(madeUpModel({ id: "other" }))).toMatchObject({ kind: "shut", code: "gate_stale" });
    const started = await bookOf(place);
    expect(started.state(model)).toMatchObject({ kind: "shut", code: "gate_stale" });
    // The last word about the one that was shut holds on.
    expect(book.state(model)).toMatchObject({ code: "model_disabled" });
  });

  it("before its store was read, and after it was closed", async () => {
    const book = new LeasedDoorBook({ store: new FolderStore(folder()) });
    expect(book.state(model)).toMatchObject({ kind: "shut", code: "gate_stale" });
    await book.beat();
    expect(book.state(model).kind).toBe("open");
    await book.close();
    expect(book.state(model)).toMatchObject({ kind: "shut", code: "gate_stale" });
  });

  it("when its lease is over by either clock, at the very next question, and opens with the next answer", async () => {
    for (const which of ["monotonic", "wall"] as const) {
      let added = 0;
      const clocks = {
        monotonic: () => performance.now() + (which === "monotonic" ? added : 0),
        wall: () => Date.now() + (which === "wall" ? added : 0),
      };
      const book = await bookOf(folder(), { leaseMs: 30_000, clocks });
      const told = vi.fn();
      book.onChange(told);
      const epoch = book.epoch();
      expect(book.epoch()).toBe(epoch);
      // As after SIGSTOP: no timer ran, time has passed.
      added = 31_000;
      expect(book.epoch()).not.toBe(epoch);
      expect(told).toHaveBeenCalledOnce();
      expect(book.state(model)).toMatchObject({ kind: "shut", code: "gate_stale" });
      await book.beat();
      expect(book.state(model).kind).toBe("open");
      // A clock that is put back prolongs nothing and ends nothing.
      if (which === "wall") added = -1e9;
      expect(book.state(model).kind).toBe("open");
    }
  });

  it("when its folder is gone", async () => {
    const place = folder();
    const book = await bookOf(place, { leaseMs: 200 });
    rmSync(place, { recursive: true });
    writeFileSync(place, "");
    await eventually(() => expect(book.state(model)).toMatchObject({ kind: "shut", code: "gate_stale" }));
    await expect(shutDoor(new FolderStore(folder()), shutting("x"))).resolves.toBeDefined();
    expect(() => new FolderStore(join(place, "x"))).toThrow(expect.objectContaining({ code: "DOOR_STORE_DOWN" }));
  });

  it("a hold shuts at once, without any store", async () => {
    const book = await bookOf(folder());
    book.hold(targetOf("tern"), "now", at);
    expect(book.state(model)).toMatchObject({ code: "model_disabled", reason: "now" });
    book.release(targetOf("tern"));
    expect(book.state(model).kind).toBe("open");
  });
});

describe("histories", () => {
  const targets = ["tern", "puffin", `sha256:${"ab".repeat(32)}`, "hf:acme/base"].map((stated) => targetOf(stated));
  const history = fc
    .array(fc.record({ act: fc.constantFrom("shut", "open"), target: fc.constantFrom(...targets) }))
    .map((acts) => acts.map((act, index): DoorAct => ({ ...act, act: act.act as "shut", seq: index + 1, reason: "r", by: "b", at })));

  it("come to the same whatever the pieces in which a replica hears of them, repeated and out of order", () => {
    fc.assert(
      fc.property(history, fc.array(fc.nat()), (acts, cuts) => {
        const whole = new ShutTargets();
        whole.apply(acts);
        const pieces = new ShutTargets();
        let from = 0;
        for (const cut of cuts) {
          const to = Math.min(acts.length, from + (cut % 4));
          // The last few again, and backwards.
          pieces.apply(acts.slice(Math.max(0, from - 2), to).reverse());
          from = to;
        }
        pieces.apply(acts.slice(from));
        expect(pieces.list).toEqual(whole.list);
        expect(pieces.seq).toBe(acts.length);
        for (const target of targets) {
          const last = acts.findLast((act) => act.target === target);
          expect(whole.find(target)?.seq).toBe(last?.act === "shut" ? last.seq : undefined);
        }
      }),
    );
  });

  it("with a hole are refused", () => {
    fc.assert(
      fc.property(history, fc.nat(), (acts, at) => {
        fc.pre(acts.length > 1);
        const holed = acts.toSpliced(at % (acts.length - 1), 1);
        expect(() => new ShutTargets().apply(holed)).toThrow("is missing");
      }),
    );
  });

  it("are read back as they were written, and any other JSON is no act", () => {
    fc.assert(
      fc.property(history, (acts) => {
        expect(acts.map((act) => readAct(JSON.parse(JSON.stringify(act))))).toEqual(acts);
      }),
    );
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(readAct(value)).toBeNull();
      }),
    );
  });
});
