// The doors of one replica: what its store says, for as long as its lease runs, and what its recalls say.
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { DoorBook, DoorState, ServedModel } from "../contract.ts";
import { type DoorAct, ShutTargets } from "./acts.ts";
import { type Clocks, Lease, SYSTEM_CLOCKS } from "./lease.ts";
import { type DoorStore, MAX_LEASE_MS } from "./store.ts";
import { RunningStreams } from "./streams.ts";
import { isMeant, type Known, knownBy, type Target, targetKey } from "./target.ts";
import { WentBack } from "./went-back.ts";

/** What else shuts models: recalls. */
export interface OtherDoors {
  state(model: ServedModel): DoorState;
  onChange(listener: () => void): () => void;
}

export interface BookOptions {
  readonly store: DoorStore;
  /** Milliseconds that this replica goes on without its store; 60 seconds at most. */
  readonly leaseMs?: number;
  /** Milliseconds between beats; a quarter of the lease at most. */
  readonly beatMs?: number;
  readonly others?: OtherDoors;
  /** Told at each beat of the acts that this replica holds to since, in their order; of none, too. Must not throw. */
  readonly applied?: (acts: readonly DoorAct[]) => void;
  readonly clocks?: Clocks;
}

const DEFAULT_LEASE_MS = 5_000;
const DEFAULT_BEAT_MS = 1_000;
const OPEN: DoorState = { kind: "open" };

/** A shutting of this replica that its store does not have yet. */
type Hold = Pick<DoorAct, "target" | "reason" | "at">;

export class LeasedDoorBook implements DoorBook {
  readonly id = randomUUID();
  readonly leaseMs: number;
  readonly streams: RunningStreams;
  readonly #store: DoorStore;
  readonly #clocks: Clocks;
  readonly #lease: Lease;
  readonly #others: OtherDoors | undefined;
  readonly #tellApplied: (acts: readonly DoorAct[]) => void;
  readonly #shut = new ShutTargets();
  readonly #holds = new Map<string, Hold>();
  readonly #listeners = new Set<() => void>();
  readonly #known = new WeakMap<ServedModel, Known>();
  #states = new WeakMap<ServedModel, DoorState>();
  #epoch = 1;
  /** Nobody may go on: since when, and why. Until the first beat nothing is known. */
  #stale: { readonly since: string; readonly reason: string } | null;
  #confirmed = 0;
  #beating: Promise<void> | null = null;
  #again = false;
  #isClosed = false;
  #problem: string | null = null;
  readonly #stops: (() => void)[] = [];

  constructor({ store, leaseMs = DEFAULT_LEASE_MS, beatMs = DEFAULT_BEAT_MS, others, applied, clocks = SYSTEM_CLOCKS }: BookOptions) {
    this.#tellApplied = applied ?? (() => undefined);
    this.#store = store;
    this.leaseMs = Math.min(leaseMs, MAX_LEASE_MS);
    this.#clocks = clocks;
    this.#lease = new Lease(clocks, this.leaseMs);
    this.#others = others;
    this.#stale = { since: this.#now(), reason: "the doors were not read yet" };
    this.streams = new RunningStreams(() => this.#confirm());
    const timer = setInterval(() => void this.beat(), Math.min(beatMs, this.leaseMs / 4));
    // Notices the end of a lease even when nobody asks.
    const watchman = setInterval(() => this.epoch(), Math.max(1, this.leaseMs / 20));
    this.#stops.push(
      () => clearInterval(timer),
      () => clearInterval(watchman),
      store.watch(() => void this.beat()),
    );
    if (others !== undefined) this.#stops.push(others.onChange(() => this.#changed()));
  }

  epoch(): number {
    if (this.#stale === null && this.#lease.isOver()) this.#goStale(this.#problem ?? "the store of the doors did not answer in time");
    return this.#epoch;
  }

  state(model: ServedModel): DoorState {
    this.epoch();
    const cached = this.#states.get(model);
    if (cached !== undefined) return cached;
    const state = this.#stateOf(model);
    this.#states.set(model, state);
    return state;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What is shut, as far as this replica knows. */
  get shut(): readonly Hold[] {
    return [...this.#shut.list, ...this.#holds.values()];
  }

  get seq(): number {
    return this.#shut.seq;
  }

  /** Why nothing is served now; null while the store answers. */
  get stale(): string | null {
    this.epoch();
    return this.#stale?.reason ?? null;
  }

  /** Shuts at once, here, before any store knows of it; until `release`, or until the store has it. */
  hold(target: Target, reason: string, at: string): void {
    this.#holds.set(targetKey(target), { target, reason, at });
    this.#changed();
  }

  release(target: Target): void {
    if (this.#holds.delete(targetKey(target))) this.#changed();
  }

  /** Running replies behind doors that are shut. */
  stillRunning(): number {
    return this.streams.count((model) => this.state(model).kind === "shut");
  }

  /** Asks the store now; one question at a time, and a last one after all that asked. Never rejects. */
  beat(): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    if (this.#beating !== null) {
      this.#again = true;
      return this.#beating;
    }
    this.#beating = this.#beatAll().finally(() => {
      this.#beating = null;
    });
    return this.#beating;
  }

  async #beatAll(): Promise<void> {
    do {
      this.#again = false;
      await this.#beatOnce();
    } while (this.#again && !this.#isClosed);
  }

  async #beatOnce(): Promise<void> {
    const from = this.#lease.now();
    const state = {
      id: this.id,
      name: `${hostname()}/${process.pid}`,
      leaseMs: this.leaseMs,
      applied: this.#shut.seq,
      confirmed: this.#confirmed,
    };
    try {
      const isNew = this.#apply(await this.#store.beat(state));
      this.#problem = null;
      this.#lease.renew(from);
      const wasStale = this.#stale !== null;
      // The answer itself may have taken longer than the lease.
      if (!this.#lease.isOver()) this.#stale = null;
      if (isNew || wasStale) this.#changed();
    } catch (error) {
      this.#problem = error instanceof Error ? error.message : String(error);
      if (error instanceof WentBack) this.#goStale(this.#problem);
      return;
    }
    this.#confirm();
  }

  #apply(acts: readonly DoorAct[]): boolean {
    const before = this.#shut.seq;
    try {
      return this.#shut.apply(acts);
    } finally {
      const applied = acts.filter(({ seq }) => seq > before && seq <= this.#shut.seq);
      this.#tellApplied(applied.sort((a, b) => a.seq - b.seq));
    }
  }

  /** Tells the store once no reply runs that what is applied has shut. */
  #confirm(): void {
    if (this.#confirmed >= this.#shut.seq || this.#isClosed) return;
    for (const model of this.streams.models()) if (this.#disabled(model) !== null) return;
    this.#confirmed = this.#shut.seq;
    void this.beat();
  }

  #stateOf(model: ServedModel): DoorState {
    const disabled = this.#disabled(model);
    if (disabled !== null) return disabled;
    if (this.#stale !== null) return { kind: "shut", code: "gate_stale", ...this.#stale };
    return this.#others?.state(model) ?? OPEN;
  }

  #disabled(model: ServedModel): DoorState | null {
    let known = this.#known.get(model);
    if (known === undefined) {
      known = knownBy(model);
      this.#known.set(model, known);
    }
    for (const { target, reason, at } of this.shut) {
      if (isMeant(target, model, known)) return { kind: "shut", code: "model_disabled", reason, since: at };
    }
    return null;
  }

  #goStale(reason: string): void {
    this.#lease.end();
    if (this.#stale?.reason === reason) return;
    this.#stale = { since: this.#now(), reason };
    this.#changed();
  }

  #changed(): void {
    this.#epoch += 1;
    this.#states = new WeakMap();
    for (const listener of [...this.#listeners]) listener();
  }

  #now(): string {
    return new Date(this.#clocks.wall()).toISOString();
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    await this.#beating;
    this.#isClosed = true;
    for (const stop of this.#stops) stop();
    this.#goStale("this gate is closing");
    await this.#store.close();
  }
}

/** Opens the book and asks once; a store that does not answer leaves every door shut until it does. */
export async function openDoorBook(options: BookOptions): Promise<LeasedDoorBook> {
  const book = new LeasedDoorBook(options);
  await book.beat();
  return book;
}
