import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { madeUpModel } from "../../../test/gate/doors/made-up-model.ts";
import { AjarError } from "../../core/errors.ts";
import type { LogRecord } from "../contract.ts";
import type { DoorAct } from "../doors/acts.ts";
import { LeasedDoorBook } from "../doors/book.ts";
import type { DoorStore } from "../doors/store.ts";
import { DoorActs } from "./door-acts.ts";
import { doorKeeper } from "./keeper.ts";

/** A store in memory that a test takes down. */
class TestStore implements DoorStore {
  readonly place = "memory";
  readonly kept: DoorAct[] = [];
  isDown = false;

  #up(): void {
    if (this.isDown) throw new AjarError("DOOR_STORE_DOWN", "down");
  }
  async beat({ applied }: { readonly applied: number }) {
    this.#up();
    return this.kept.slice(applied);
  }
  async append(act: Omit<DoorAct, "seq">) {
    this.#up();
    const made = { ...act, seq: this.kept.length + 1 };
    this.kept.push(made);
    return made;
  }
  async acts() {
    this.#up();
    return this.kept;
  }
  async replicas() {
    this.#up();
    return [];
  }
  async forget() {}
  watch() {
    return () => undefined;
  }
  async close() {}
}

const model = madeUpModel({ id: "tern" });

const books: LeasedDoorBook[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const book of books.splice(0)) await book.close();
});

async function keeper() {
  const store = new TestStore();
  const records: LogRecord[] = [];
  const log = { append: async (record: LogRecord) => void records.push(record), close: async () => undefined };
  const now = () => new Date("2026-11-25T00:00:00Z");
  const acts = new DoorActs({ log, folder: join(import.meta.dirname, "no-folder"), now });
  const book = new LeasedDoorBook({ store, leaseMs: 60_000, beatMs: 15_000, applied: (applied) => acts.applied(applied) });
  books.push(book);
  await book.beat();
  return {
    store,
    book,
    records,
    keeper: doorKeeper({ book, store, log, logged: () => acts.written(), served: [model], feeds: () => [], now }),
  };
}

it("a door that is shut is shut here and in the store, and opens again", async () => {
  const { store, book, records, keeper: doors } = await keeper();
  expect(await doors.shut("tern", "why", "key-1")).toMatchObject({ shut: "model:tern", seq: 1, complete: true });
  expect(book.state(model)).toMatchObject({ code: "model_disabled" });
  expect(await doors.open("tern", "mended", "key-1")).toEqual({ opened: "model:tern", seq: 2 });
  expect(book.state(model).kind).toBe("open");
  expect(store.kept.map(({ act }) => act)).toEqual(["shut", "open"]);
  expect(records.map((record) => (record.kind === "act" ? record.act : ""))).toEqual(["shut", "open"]);
});

it("an act that somebody else made in the store is logged as theirs, and those of this gate only once", async () => {
  const { store, book, records, keeper: doors } = await keeper();
  await store.append({ act: "shut", target: { kind: "model", value: "tern" }, reason: "r", by: "ana@desk", at: "2026-11-24T00:00:00Z" });
  await book.beat();
  await doors.open("tern", "mended", "key-1");
  const told = records.flatMap((record) => (record.kind === "act" ? [[record.act, record.by, record.subject, record.detail["seq"]]] : []));
  expect(told).toEqual([
    ["shut", "ana@desk", "model:tern", 1],
    ["open", "key-1", "model:tern", 2],
  ]);
});

it("tells which models that are served here a shutting meant, also when it is none", async () => {
  const { store, keeper: doors } = await keeper();
  expect(await doors.shut("tern", "why", "key-1")).toMatchObject({ models: ["tern"] });
  expect(await doors.shut("hf:Acme/tern", "why", "key-1")).toMatchObject({ models: ["tern"] });
  expect(await doors.shut("tren", "why", "key-1")).toMatchObject({ shut: "model:tren", models: [], complete: true });
  store.isDown = true;
  expect(await doors.shut("trne", "why", "key-1")).toMatchObject({ models: [], seq: null });
});

it("without its store a door shuts here at once, and the store is told when it is back", async () => {
  const { store, book, keeper: doors } = await keeper();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  store.isDown = true;
  expect(await doors.shut("tern", "why", "key-1")).toMatchObject({ seq: null, complete: false });
  expect(book.state(model)).toMatchObject({ code: "model_disabled", reason: "why" });
  expect(await doors.overview()).toMatchObject({ shut: [{ subject: "tern" }] });
  await vi.advanceTimersByTimeAsync(2_500);
  expect(store.kept).toEqual([]);
  store.isDown = false;
  await vi.advanceTimersByTimeAsync(2_500);
  expect(store.kept).toMatchObject([{ act: "shut", seq: 1, by: "key-1" }]);
  expect(book.state(model)).toMatchObject({ code: "model_disabled" });
  expect(book.seq).toBe(1);
});

it("what only this replica holds can be opened while the store is down", async () => {
  const { store, book, keeper: doors } = await keeper();
  store.isDown = true;
  await doors.shut("tern", "why", "key-1");
  expect(await doors.open("tern", "a mistake", "key-1")).toEqual({ opened: "model:tern", seq: null });
  expect(book.state(model).kind).toBe("open");
  await expect(doors.open("tern", "again", "key-1")).rejects.toMatchObject({ code: "DOOR_STORE_DOWN" });
});
