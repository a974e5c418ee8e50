// Shutting and opening through a store. Shutting ends when no replica can let anything out any more: each has confirmed it, or has gone
// without an answer for so long that its lease is over.
import { setTimeout as wait } from "node:timers/promises";
import { AjarError } from "../../core/errors.ts";
import { sha256 } from "../durable/canonical.ts";
import { type DoorAct, type NewAct, ShutTargets } from "./acts.ts";
import { type DoorStore, MAX_LEASE_MS, type Replica } from "./store.ts";
import { isNameOf, type Target, targetKey } from "./target.ts";

interface ReplicaAnswer {
  readonly id: string;
  readonly name: string;
  /** `confirmed`: it refuses new calls and runs none any more. `applied`: it lets nothing out, calls are still ending. `lease-expired`: it said nothing, and may not go on. */
  readonly answer: "confirmed" | "applied" | "lease-expired";
}

export interface ShutResult {
  readonly act: DoorAct;
  readonly replicas: readonly ReplicaAnswer[];
  /** False when the store could not be asked about its replicas to the end: then the longest lease was waited out. */
  readonly complete: boolean;
  /** Milliseconds from the call to the end of waiting. */
  readonly tookMs: number;
}

export interface TurnOptions {
  readonly monotonic?: () => number;
  readonly signal?: AbortSignal;
}

const POLL_MS = 50;
/** Clocks of two machines may run at different speeds: so much is added to a lease before it is taken to be over. */
const DRIFT = 1.02;
const MARGIN_MS = 100;

/** Shuts, and waits for every replica that is known. @throws AjarError DOOR_STORE_DOWN when the act could not be kept */
export async function shutDoor(store: DoorStore, act: Omit<NewAct, "act" | "confirmed">, options: TurnOptions = {}): Promise<ShutResult> {
  const monotonic = options.monotonic ?? (() => performance.now());
  const began = monotonic();
  const made = await store.append({ ...act, act: "shut" });
  // A replica that was told of an earlier state asked before this moment.
  const since = monotonic();
  const waiting = new Waiting(store, made.seq, () => monotonic() - since);
  const stop = store.watch(() => waiting.wake());
  try {
    while (!(await waiting.isOver())) await waiting.pause(options.signal);
  } finally {
    stop();
  }
  return { act: made, replicas: waiting.answers, complete: waiting.isComplete, tookMs: monotonic() - began };
}

class Waiting {
  readonly #store: DoorStore;
  readonly #seq: number;
  readonly #elapsed: () => number;
  readonly #answers = new Map<string, ReplicaAnswer>();
  #wake: () => void = () => undefined;
  /** Whether the replicas were listed since the act. */
  #isListed = false;
  #isReachable = true;

  constructor(store: DoorStore, seq: number, elapsed: () => number) {
    this.#store = store;
    this.#seq = seq;
    this.#elapsed = elapsed;
  }

  get answers(): readonly ReplicaAnswer[] {
    return [...this.#answers.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  get isComplete(): boolean {
    return this.#isListed && this.#isReachable;
  }

  wake(): void {
    this.#wake();
  }

  async pause(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    await Promise.race([wait(POLL_MS), new Promise<void>((resolve) => (this.#wake = resolve))]);
  }

  async isOver(): Promise<boolean> {
    let replicas: readonly Replica[];
    try {
      replicas = await this.#store.replicas();
      this.#isReachable = true;
      this.#isListed = true;
    } catch {
      // Nobody renews a lease at a store that cannot be reached; if others reach it, the longest lease bounds them too.
      this.#isReachable = false;
      return this.#elapsed() > MAX_LEASE_MS * DRIFT + MARGIN_MS;
    }
    const open = replicas.filter((replica) => !this.#settled(replica));
    await Promise.all(open.filter((replica) => this.#isExpired(replica)).map((replica) => this.#expire(replica)));
    return open.every(({ id }) => this.#answers.has(id));
  }

  #settled({ id, name, confirmed, applied, ...rest }: Replica): boolean {
    if (confirmed >= this.#seq) this.#answers.set(id, { id, name, answer: "confirmed" });
    // It can have renewed its lease only by applying the act.
    else if (applied >= this.#seq && this.#isExpired(rest)) this.#answers.set(id, { id, name, answer: "applied" });
    return this.#answers.get(id)?.answer === "confirmed" || this.#answers.has(id);
  }

  #isExpired({ leaseMs }: Pick<Replica, "leaseMs">): boolean {
    return this.#elapsed() > leaseMs * DRIFT + MARGIN_MS;
  }

  async #expire({ id, name, beats }: Replica): Promise<void> {
    this.#answers.set(id, { id, name, answer: "lease-expired" });
    // One that comes back registers anew; one that is dead is waited for only once.
    await this.#store.forget(id, beats).catch(() => undefined);
  }
}

export interface Opening {
  /** The shutting that would be taken back. */
  readonly shut: DoorAct;
  /** What has to be said to open this door, as it was shut: another shutting has another word. */
  readonly word: string;
}

/** What opening takes. @throws AjarError NOT_FOUND when nothing shuts exactly this; DOOR_STORE_DOWN */
export async function openingOf(store: DoorStore, target: Target): Promise<Opening> {
  const doors = new ShutTargets();
  doors.apply(await store.acts());
  const shut = doors.find(target);
  if (shut === undefined) {
    throw new AjarError("NOT_FOUND", "nothing is shut by this name", {
      subject: targetKey(target),
      hint: "ajar doors lists what is shut, and by what.",
    });
  }
  const word = sha256(`${shut.seq} ${targetKey(target)} ${shut.at} ${shut.reason}`).slice(0, 8);
  return { shut, word };
}

export type Confirmation = { readonly word: string } | { readonly name: string };

/** Opens what was shut, once it was confirmed for this very shutting. @throws AjarError NOT_CONFIRMED | NOT_FOUND | DOOR_STORE_DOWN */
export async function openDoor(store: DoorStore, act: Omit<NewAct, "act" | "confirmed">, confirmation: Confirmation): Promise<DoorAct> {
  const { word } = await openingOf(store, act.target);
  const isWord = "word" in confirmation;
  const isRight = isWord ? confirmation.word === word : isNameOf(confirmation.name, act.target);
  if (!isRight) {
    throw new AjarError("NOT_CONFIRMED", "the confirmation is not that of this door as it was shut", {
      subject: targetKey(act.target),
      hint: isWord ? "Run ajar open without --confirm for the word of today." : `Give --yes the exact name: ${act.target.value}`,
    });
  }
  return await store.append({ ...act, act: "open", confirmed: isWord ? "word" : "name" });
}

/** Everything that is shut, in the order of its shutting. @throws AjarError DOOR_STORE_DOWN */
export async function shutNow(store: DoorStore): Promise<readonly DoorAct[]> {
  const doors = new ShutTargets();
  doors.apply(await store.acts());
  return doors.list;
}
