// The last decisions, for whoever watches. The log itself is the record; this is a look over its shoulder.
import type { AuditLog, JsonObject, LoggedContent, LogRecord } from "../contract.ts";

const KEPT = 500;

export interface SeenRecord {
  /** Counts up from 1 in this process. */
  readonly number: number;
  readonly record: LogRecord;
}

/** A log that remembers its last records once they are written; it never has one that the log has not. */
export class WatchedLog implements AuditLog {
  readonly #log: AuditLog;
  readonly #seen: SeenRecord[] = [];
  #count = 0;

  constructor(log: AuditLog) {
    this.#log = log;
  }

  async append(record: LogRecord, content?: LoggedContent): Promise<void> {
    await this.#log.append(record, content);
    this.#count += 1;
    this.#seen.push({ number: this.#count, record });
    if (this.#seen.length > KEPT) this.#seen.shift();
  }

  close(): Promise<void> {
    return this.#log.close();
  }

  /** Oldest first; `last` is the number to ask from next. */
  after(number: number, most: number): { readonly last: number; readonly records: readonly JsonObject[] } {
    const records = this.#seen.filter((one) => one.number > number).slice(-most);
    return { last: this.#count, records: records.map(({ number: at, record }) => ({ number: at, ...shown(record) })) };
  }
}

/** Ids, counts and hashes: a record holds no text of a request. */
function shown(record: LogRecord): JsonObject {
  if (record.kind === "act") {
    const { kind, at, act, by, subject } = record;
    return { kind, at, act, by, subject };
  }
  const { kind, at, requestId, endpoint, model, basis, caller, outcome, code, status, stream, results } = record;
  const filters = results
    .filter(({ outcome: what }) => what !== "passed")
    .map(({ filter, outcome: what, rules, part }) => ({ filter, outcome: what, rules, part }));
  return { kind, at, requestId, endpoint, model, basis, caller, outcome, code, status, stream, filters };
}
