// What was done to doors, in one order, and what is shut after it.
import { AjarError } from "../../core/errors.ts";
import { type Target, targetKey } from "./target.ts";

export interface NewAct {
  readonly act: "shut" | "open";
  readonly target: Target;
  readonly reason: string;
  readonly by: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** How an opening was confirmed: the word that was printed, or the exact name. */
  readonly confirmed?: "word" | "name";
}

export interface DoorAct extends NewAct {
  /** From 1, without gaps: the place of the act among all. It never falls. */
  readonly seq: number;
}

/** What is shut, by target; an opening takes away the shutting of exactly its target. */
export class ShutTargets {
  readonly #shut = new Map<string, DoorAct>();
  #seq = 0;

  get seq(): number {
    return this.#seq;
  }

  /** In the order of their shutting. */
  get list(): readonly DoorAct[] {
    return [...this.#shut.values()];
  }

  find(target: Target): DoorAct | undefined {
    return this.#shut.get(targetKey(target));
  }

  /** Acts known already are passed over. Gives whether there was a new one. @throws AjarError DOOR_STORE_DOWN when one is missing between */
  apply(acts: readonly DoorAct[]): boolean {
    let isNew = false;
    for (const act of [...acts].sort((a, b) => a.seq - b.seq)) {
      if (act.seq <= this.#seq) continue;
      if (act.seq !== this.#seq + 1) {
        throw new AjarError("DOOR_STORE_DOWN", `act ${this.#seq + 1} of the doors is missing`, { hint: "Restore the store of the doors." });
      }
      const key = targetKey(act.target);
      // Shut again is shut for the newer reason, and stands last.
      this.#shut.delete(key);
      if (act.act === "shut") this.#shut.set(key, act);
      this.#seq = act.seq;
      isNew = true;
    }
    return isNew;
  }
}

/** Reads an act as a store kept it; null for what is none. */
export function readAct(value: unknown): DoorAct | null {
  const { seq, act, target, reason, by, at, confirmed }: Partial<Record<keyof DoorAct, unknown>> = Object(value);
  const read = readTarget(target);
  if (typeof seq !== "number" || !Number.isSafeInteger(seq) || seq < 1 || (act !== "shut" && act !== "open") || read === null) return null;
  if (typeof reason !== "string" || typeof by !== "string" || typeof at !== "string") return null;
  return { seq, act, target: read, reason, by, at, ...(confirmed === "word" || confirmed === "name" ? { confirmed } : {}) };
}

function readTarget(value: unknown): Target | null {
  const { kind, value: name, confidence }: Record<string, unknown> = Object(value);
  if (typeof name !== "string") return null;
  if (kind === "model" || kind === "digest") return { kind, value: name };
  const isKnown = confidence === "declared" || confidence === "measured" || confidence === "verified";
  return kind === "base" && isKnown ? { kind, value: name, confidence } : null;
}
