// Turns doors for operators of a running gate. This replica shuts before its store knows of it; what only this replica holds is logged here.
import { AjarError } from "../../core/errors.ts";
import type { AuditLog, JsonObject, ServedModel } from "../contract.ts";
import type { LeasedDoorBook } from "../doors/book.ts";
import type { DoorStore } from "../doors/store.ts";
import { isMeant, knownBy, type Target, targetKey, targetOf } from "../doors/target.ts";
import { openDoor, type ShutResult, shutDoor, shutNow } from "../doors/turn.ts";
import type { DoorKeeper } from "./admin.ts";

export interface KeeperParts {
  readonly book: LeasedDoorBook;
  readonly store: DoorStore;
  readonly log: AuditLog;
  /** Settles when the log has the acts of the store that the book has. @throws AjarError LOG_UNWRITABLE */
  readonly logged: () => Promise<void>;
  /** What this gate serves: a shutting tells which of them it meant. */
  readonly served: readonly ServedModel[];
  /** Feeds with their state and the advisories that concern a served model. */
  readonly feeds: () => readonly JsonObject[];
  readonly now: () => Date;
}

/** Milliseconds after which a shutting that the store could not take is tried again. */
const AGAIN_MS = 2_000;

interface Turn {
  readonly target: Target;
  readonly reason: string;
  readonly by: string;
  readonly at: string;
}

export function doorKeeper(parts: KeeperParts): DoorKeeper {
  return new Keeper(parts);
}

class Keeper implements DoorKeeper {
  readonly #parts: KeeperParts;
  /** Shuttings that hold here and that the store does not have. */
  readonly #waiting = new Map<string, Turn>();
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: KeeperParts) {
    this.#parts = parts;
  }

  async shut(subject: string, reason: string, by: string): Promise<JsonObject> {
    const { book, store, now } = this.#parts;
    const turn: Turn = { target: targetOf(subject), reason, by, at: now().toISOString() };
    const key = targetKey(turn.target);
    book.hold(turn.target, reason, turn.at);
    let result: ShutResult;
    try {
      result = await shutDoor(store, turn);
    } catch (error) {
      if (!(error instanceof AjarError) || error.code !== "DOOR_STORE_DOWN") throw error;
      await this.#act("shut", by, key, { reason, seq: null });
      this.#waiting.set(key, turn);
      this.#tryAgain();
      const replicas = [{ name: HERE, answer: "applied" }];
      return { shut: key, models: this.#meantBy(turn.target), seq: null, complete: false, took_ms: 0, replicas, problem: error.message };
    }
    await this.#kept(turn, result.act.seq);
    return {
      shut: key,
      models: this.#meantBy(turn.target),
      seq: result.act.seq,
      complete: result.complete,
      took_ms: Math.round(result.tookMs),
      replicas: result.replicas.map(({ name, answer }) => ({ name, answer })),
    };
  }

  #meantBy(target: Target): readonly string[] {
    return this.#parts.served.filter((model) => isMeant(target, model, knownBy(model))).map(({ id }) => id);
  }

  async open(subject: string, reason: string, by: string): Promise<JsonObject> {
    const { book, store, now } = this.#parts;
    const target = targetOf(subject);
    const key = targetKey(target);
    const isOnlyHere = this.#waiting.delete(key);
    const seq = await openDoor(store, { target, reason, by, at: now().toISOString() }, { name: target.value }).then(
      (opened) => opened.seq,
      (error: unknown) => {
        // The store never had it, or cannot be asked whether it has.
        if (isOnlyHere) return null;
        throw error;
      },
    );
    await book.beat();
    book.release(target);
    if (seq === null) await this.#act("open", by, key, { reason, seq });
    else await this.#parts.logged();
    return { opened: key, seq };
  }

  async overview(): Promise<JsonObject> {
    const { book, store, feeds } = this.#parts;
    const kept = await shutNow(store).catch(() => null);
    const known = kept === null ? book.shut : [...kept, ...this.#waiting.values()];
    return {
      shut: known.map(({ target, reason, at }) => ({
        subject: target.kind === "model" ? target.value : shown(target),
        reason,
        since: at,
      })),
      stale: book.stale,
      feeds: [...feeds()],
    };
  }

  /** The hold of this replica may end once it has the act from the store. */
  async #kept({ target }: Turn, seq: number): Promise<void> {
    const { book } = this.#parts;
    await book.beat();
    if (book.seq >= seq) book.release(target);
    await this.#parts.logged();
  }

  #tryAgain(): void {
    clearTimeout(this.#timer);
    if (this.#waiting.size === 0) return;
    this.#timer = setTimeout(() => void this.#push().finally(() => this.#tryAgain()), AGAIN_MS).unref();
  }

  async #push(): Promise<void> {
    for (const [key, turn] of this.#waiting) {
      try {
        const { seq } = await this.#parts.store.append({ ...turn, act: "shut" });
        this.#waiting.delete(key);
        await this.#kept(turn, seq);
      } catch {
        // Still down: it holds here, and is tried again.
      }
    }
  }

  #act(what: string, by: string, subject: string, detail: JsonObject): Promise<void> {
    const { log, now } = this.#parts;
    return log.append({ kind: "act", at: now().toISOString(), act: what, by, subject, detail });
  }
}

const HERE = "this replica";

/** As `targetOf` reads it. */
function shown({ kind, value }: { readonly kind: string; readonly value: string }): string {
  return kind === "base" && !value.startsWith("hf:") ? `base:${value}` : value;
}
