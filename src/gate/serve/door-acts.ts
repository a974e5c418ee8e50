// Writes every act of the door store that this gate holds to into its log: once each, also over restarts, whoever made it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { AuditLog } from "../contract.ts";
import type { DoorAct } from "../doors/acts.ts";
import { targetKey } from "../doors/target.ts";
import { replaceDurably } from "../durable/files.ts";

/** The last act of the store that the log has. Beside the log, as it is about this log. */
const FILE = "door-acts.json";

export interface DoorActsOptions {
  readonly log: AuditLog;
  /** Folder of the log. */
  readonly folder: string;
  readonly now: () => Date;
}

export class DoorActs {
  readonly #log: AuditLog;
  readonly #path: string;
  readonly #now: () => Date;
  readonly #waiting: DoorAct[] = [];
  #tail: Promise<void> = Promise.resolve();

  constructor({ log, folder, now }: DoorActsOptions) {
    this.#log = log;
    this.#path = join(folder, FILE);
    this.#now = now;
  }

  /** Acts that the doors hold to from now on, in their order. What could not be written before is tried again, also for none. */
  applied(acts: readonly DoorAct[]): void {
    this.#waiting.push(...(acts[0]?.seq === 1 ? this.#notLogged(acts) : acts));
    if (this.#waiting.length > 0) this.written().catch(() => undefined);
  }

  /** Settles when the log has all that was applied so far. @throws AjarError LOG_UNWRITABLE */
  written(): Promise<void> {
    this.#tail = this.#tail.catch(() => undefined).then(() => this.#write());
    return this.#tail;
  }

  async #write(): Promise<void> {
    for (let act = this.#waiting[0]; act !== undefined; act = this.#waiting[0]) {
      const { act: what, by, target, reason, seq, at: made } = act;
      const detail = { reason, seq, made };
      await this.#log.append({ kind: "act", at: this.#now().toISOString(), act: what, by, subject: targetKey(target), detail });
      this.#waiting.shift();
      // The entry is what counts; one that is not remembered stands in the log once more after a restart.
      await replaceDurably(this.#path, `${JSON.stringify({ seq, act: told(act) })}\n`).catch(() => undefined);
    }
  }

  /** All acts of a store, without those that the log has. A store that does not know the last of these is another one: all of its acts are new. */
  #notLogged(acts: readonly DoorAct[]): readonly DoorAct[] {
    const { seq, act: last }: { seq?: unknown; act?: unknown } = Object(this.#last());
    const place = acts.findIndex((act) => act.seq === seq && told(act) === last);
    return acts.slice(place + 1);
  }

  #last(): unknown {
    try {
      return JSON.parse(readFileSync(this.#path, "utf8"));
    } catch {
      return null;
    }
  }
}

function told({ act, target, by, at }: DoorAct): string {
  return `${act} ${targetKey(target)} ${by} ${at}`;
}
