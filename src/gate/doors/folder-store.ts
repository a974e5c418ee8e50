// Doors in a folder: works with no database. One line for each act, chained; each replica tells of itself in a file of its own.
import { type FSWatcher, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, watch, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { AjarError } from "../../core/errors.ts";
import { type Canonical, canonical, sha256 } from "../durable/canonical.ts";
import { isSystemError, replaceDurably, writeDurablyAt } from "../durable/files.ts";
import { takeLock } from "../durable/lock.ts";
import { type DoorAct, type NewAct, readAct } from "./acts.ts";
import type { DoorStore, Replica, ReplicaState } from "./store.ts";
import { wentBack } from "./went-back.ts";

const JOURNAL = "doors.jsonl";
/** The newest act that was ever acknowledged: a journal that was put back to an older state is noticed. */
const NEWEST = "newest.json";
const LOCK = "lock";
const REPLICAS = "replicas";
const POLL_MS = 200;
/** Another writer holds the lock for the time of one write. */
const LOCK_TRIES = 250;
const LOCK_WAIT_MS = 20;

interface Journal {
  readonly acts: readonly DoorAct[];
  readonly head: string;
  /** Where the next line goes; what follows was not finished. */
  readonly end: number;
}

export class FolderStore implements DoorStore {
  readonly place: string;
  readonly #stops = new Set<() => void>();
  readonly #beats = new Map<string, number>();
  #cached: { readonly mark: string; readonly journal: Journal } | null = null;

  /** @throws AjarError DOOR_STORE_DOWN */
  constructor(folder: string) {
    this.place = folder;
    guarded(folder, () => mkdirSync(join(folder, REPLICAS), { recursive: true, mode: 0o700 }));
  }

  async beat(state: ReplicaState): Promise<readonly DoorAct[]> {
    const beats = (this.#beats.get(state.id) ?? 0) + 1;
    this.#beats.set(state.id, beats);
    return guarded(this.place, () => {
      const path = join(this.place, REPLICAS, `${state.id}.json`);
      // Told before the journal is read: who shuts a door after this finds the replica.
      writeFileSync(`${path}.part`, JSON.stringify({ ...state, beats }), { mode: 0o600 });
      renameSync(`${path}.part`, path);
      const { acts } = this.#read();
      if (acts.length < state.applied) throw wentBack(this.place);
      return acts.slice(state.applied);
    });
  }

  async acts(): Promise<readonly DoorAct[]> {
    return guarded(this.place, () => this.#read().acts);
  }

  async append(act: NewAct): Promise<DoorAct> {
    const release = await this.#lock();
    try {
      const { acts, head, end } = guarded(this.place, () => this.#read());
      const made: DoorAct = { ...act, seq: acts.length + 1 };
      const line = lineOf(made, head);
      await writeDurablyAt(join(this.place, JOURNAL), end, line.text);
      await replaceDurably(join(this.place, NEWEST), `${JSON.stringify({ seq: made.seq, hash: line.hash })}\n`);
      return made;
    } catch (error) {
      throw down(this.place, error);
    } finally {
      release();
    }
  }

  async replicas(): Promise<readonly Replica[]> {
    return guarded(this.place, () =>
      readdirSync(join(this.place, REPLICAS))
        .filter((name) => name.endsWith(".json"))
        .sort()
        .flatMap((name) => replicaIn(join(this.place, REPLICAS, name))),
    );
  }

  async forget(id: string, beats: number): Promise<void> {
    const path = join(this.place, REPLICAS, `${id}.json`);
    if (replicaIn(path)[0]?.beats === beats) rmSync(path, { force: true });
  }

  watch(changed: () => void): () => void {
    let mark = this.#mark();
    const look = (): void => {
      const seen = this.#mark();
      if (seen === mark) return;
      mark = seen;
      changed();
    };
    const timer = setInterval(look, POLL_MS);
    let watcher: FSWatcher | null = null;
    try {
      watcher = watch(this.place, { persistent: false }, look).on("error", () => undefined);
    } catch {
      // Looking now and then is enough.
    }
    const stop = (): void => {
      clearInterval(timer);
      watcher?.close();
      this.#stops.delete(stop);
    };
    this.#stops.add(stop);
    return stop;
  }

  async close(): Promise<void> {
    for (const stop of [...this.#stops]) stop();
    try {
      for (const id of this.#beats.keys()) rmSync(join(this.place, REPLICAS, `${id}.json`), { force: true });
    } catch {
      // The folder is gone, and with it everybody who would wait for this replica.
    }
    this.#beats.clear();
  }

  async #lock(): Promise<() => void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return takeLock(join(this.place, LOCK), "these doors").release;
      } catch (error) {
        const isBusy = error instanceof AjarError && error.code === "IN_USE";
        if (!isBusy || attempt === LOCK_TRIES) throw isBusy ? error : down(this.place, error);
        await wait(LOCK_WAIT_MS);
      }
    }
  }

  #mark(): string {
    return markOf(join(this.place, JOURNAL));
  }

  #read(): Journal {
    const path = join(this.place, JOURNAL);
    const mark = `${markOf(path)} ${markOf(join(this.place, NEWEST))}`;
    if (this.#cached?.mark === mark) return this.#cached.journal;
    const journal = journalOf(path);
    const newest = newestIn(join(this.place, NEWEST));
    if (newest !== null && (journal.acts.length < newest.seq || (journal.acts.length === newest.seq && journal.head !== newest.hash))) {
      throw wentBack(this.place);
    }
    this.#cached = { mark, journal };
    return journal;
  }
}

function journalOf(path: string): Journal {
  const text = textOf(path);
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  const acts: DoorAct[] = [];
  let head = "";
  for (const line of whole.split("\n").slice(0, -1)) {
    const { act, hash }: { act?: unknown; hash?: unknown } = Object(JSON.parse(line));
    const read = readAct(act);
    if (read === null || read.seq !== acts.length + 1 || hash !== lineOf(read, head).hash) {
      throw new AjarError("DOOR_STORE_DOWN", `line ${acts.length + 1} of the doors was changed`, {
        subject: path,
        hint: "Restore the file as it was.",
      });
    }
    acts.push(read);
    head = hash;
  }
  return { acts, head, end: Buffer.byteLength(whole) };
}

function lineOf(act: DoorAct, prev: string): { readonly text: string; readonly hash: string } {
  const hash = sha256(canonical({ act: act as unknown as Canonical, prev }));
  return { hash, text: `${canonical({ act: act as unknown as Canonical, prev, hash })}\n` };
}

function newestIn(path: string): { readonly seq: number; readonly hash: string } | null {
  const text = textOf(path);
  if (text === "") return null;
  const { seq, hash }: { seq?: unknown; hash?: unknown } = Object(JSON.parse(text));
  return typeof seq === "number" && typeof hash === "string" ? { seq, hash } : null;
}

function replicaIn(path: string): readonly Replica[] {
  try {
    const { id, name, leaseMs, applied, confirmed, beats }: Partial<Record<keyof Replica, unknown>> = Object(JSON.parse(textOf(path)));
    const numbers = [leaseMs, applied, confirmed, beats].every((value) => typeof value === "number");
    return numbers && typeof id === "string" && typeof name === "string"
      ? [{ id, name, leaseMs, applied, confirmed, beats } as Replica]
      : [];
  } catch {
    return [];
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return "";
    throw error;
  }
}

function markOf(path: string): string {
  try {
    const { ino, size, mtimeMs } = statSync(path);
    return `${ino}:${size}:${mtimeMs}`;
  } catch {
    return "";
  }
}

function guarded<T>(folder: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw down(folder, error);
  }
}

function down(folder: string, cause: unknown): unknown {
  if (!(cause instanceof Error) || cause instanceof AjarError || cause.name === "WentBack") return cause;
  return new AjarError("DOOR_STORE_DOWN", `the doors cannot be read or written: ${cause.message}`, {
    subject: folder,
    hint: "Check that the folder may be written to.",
    cause,
  });
}
