// A log of a gate that is about to start: records wait until it does, so that one that never starts leaves none.
import type { AuditLog, LoggedContent, LogRecord } from "../contract.ts";

interface Held {
  readonly record: LogRecord;
  readonly content: LoggedContent | undefined;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export class HeldLog implements AuditLog {
  readonly #log: AuditLog;
  /** Null once records go on at once. */
  #held: Held[] | null = [];

  constructor(log: AuditLog) {
    this.#log = log;
  }

  /** Before `begin` it settles only with it, or with `close`. */
  append(record: LogRecord, content?: LoggedContent): Promise<void> {
    const held = this.#held;
    if (held === null) return this.#log.append(record, content);
    return new Promise((resolve, reject) => held.push({ record, content, resolve, reject }));
  }

  /** Writes what waits, in its order. @throws AjarError LOG_UNWRITABLE */
  async begin(): Promise<void> {
    await Promise.all(this.#settle());
  }

  /** What still waits is refused. */
  async close(): Promise<void> {
    await this.#log.close();
    await Promise.allSettled(this.#settle());
  }

  #settle(): readonly Promise<void>[] {
    const held = this.#held ?? [];
    this.#held = null;
    return held.map(async ({ record, content, resolve, reject }) => {
      try {
        await this.#log.append(record, content);
        resolve();
      } catch (error) {
        reject(error);
        throw error;
      }
    });
  }
}
