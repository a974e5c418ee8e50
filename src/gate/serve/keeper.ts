// Turns doors for operators of a running gate. This replica shuts before its store knows of it; the log has every turn.
import type { AuditLog, JsonObject } from "../contract.ts";
import type { LeasedDoorBook } from "../doors/book.ts";
import type { DoorStore } from "../doors/store.ts";
import { targetKey, targetOf } from "../doors/target.ts";
import { openDoor, shutDoor, shutNow } from "../doors/turn.ts";
import type { DoorKeeper } from "./admin.ts";

export interface KeeperParts {
  readonly book: LeasedDoorBook;
  readonly store: DoorStore;
  readonly log: AuditLog;
  /** Feeds with their state and the advisories that concern a served model. */
  readonly feeds: () => readonly JsonObject[];
  readonly now: () => Date;
}

export function doorKeeper({ book, store, log, feeds, now }: KeeperParts): DoorKeeper {
  const act = (what: string, by: string, subject: string, detail: JsonObject): Promise<void> =>
    log.append({ kind: "act", at: now().toISOString(), act: what, by, subject, detail });
  return {
    async shut(subject, reason, by) {
      const target = targetOf(subject);
      const at = now().toISOString();
      book.hold(target, reason, at);
      const result = await shutDoor(store, { target, reason, by, at });
      // The store has it now.
      await book.beat();
      book.release(target);
      await act("shut", by, targetKey(target), { reason, seq: result.act.seq });
      return {
        shut: targetKey(target),
        seq: result.act.seq,
        complete: result.complete,
        took_ms: Math.round(result.tookMs),
        replicas: result.replicas.map(({ name, answer }) => ({ name, answer })),
      };
    },
    async open(subject, reason, by) {
      const target = targetOf(subject);
      const opened = await openDoor(store, { target, reason, by, at: now().toISOString() }, { name: target.value });
      await book.beat();
      await act("open", by, targetKey(target), { reason, seq: opened.seq });
      return { opened: targetKey(target), seq: opened.seq };
    },
    async overview() {
      const shut = await shutNow(store).catch(() => null);
      const known = shut ?? book.shut;
      return {
        shut: known.map(({ target, reason, at }) => ({
          subject: target.kind === "model" ? target.value : shown(target),
          reason,
          since: at,
        })),
        stale: book.stale,
        feeds: [...feeds()],
      };
    },
  };
}

/** As `targetOf` reads it. */
function shown({ kind, value }: { readonly kind: string; readonly value: string }): string {
  return kind === "base" && !value.startsWith("hf:") ? `base:${value}` : value;
}
