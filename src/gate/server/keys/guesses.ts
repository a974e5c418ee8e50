// Who tries keys that are none is soon not heard any more.

/** Wrong keys from one address before it has to wait. */
const FREE = 10;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 15 * 60_000;
/** Addresses kept in mind; those that failed longest ago are forgotten first. */
const MOST_ADDRESSES = 10_000;
/** Keys known to be right from one address. */
const MOST_PROVEN = 64;

interface Record {
  failures: number;
  /** Milliseconds; nothing is heard until then. */
  until: number;
}

/**
 * Counts wrong keys by address. From the eleventh on the address waits, twice as long each time. Keys that were right from there
 * within the process's life stay usable: behind a proxy everybody has one address, and one guesser must not shut out the others.
 */
export class Guesses {
  readonly #records = new Map<string, Record>();
  readonly #proven = new Map<string, Set<string>>();

  /** Whole seconds to wait, 0 for none. */
  wait(remote: string, now: number): number {
    if (this.#records.size === 0) return 0;
    const record = this.#records.get(addressOf(remote));
    return record === undefined || record.until <= now ? 0 : Math.ceil((record.until - now) / 1000);
  }

  /** Whether that key id was right from that address before. */
  isProven(remote: string, keyId: string): boolean {
    return this.#proven.get(addressOf(remote))?.has(keyId) === true;
  }

  failed(remote: string, now: number): void {
    const address = addressOf(remote);
    const record = this.#records.get(address) ?? { failures: 0, until: 0 };
    // Taken out and put in again, the newest is last.
    this.#records.delete(address);
    this.#records.set(address, record);
    record.failures += 1;
    if (record.failures >= FREE) record.until = now + Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (record.failures - FREE));
    dropOldest(this.#records);
  }

  succeeded(remote: string, keyId: string): void {
    const known = this.#proven.get(remote);
    if (known?.has(keyId) === true) return;
    const address = addressOf(remote);
    const proven = this.#proven.get(address) ?? new Set();
    this.#proven.set(address, proven);
    if (proven.size < MOST_PROVEN) proven.add(keyId);
    dropOldest(this.#proven);
  }
}

function dropOldest(map: Map<string, unknown>): void {
  if (map.size <= MOST_ADDRESSES) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}

/** One subscriber has a /64 of IPv6 at least: its first four groups count as the address. */
function addressOf(remote: string): string {
  if (!remote.includes(":")) return remote;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/iu.exec(remote)?.[1];
  if (mapped !== undefined) return mapped;
  const [head = "", tail] = remote.split("::");
  const groups = head === "" ? [] : head.split(":");
  const behind = tail === undefined || tail === "" ? [] : tail.split(":");
  const middle = tail === undefined ? [] : new Array<string>(Math.max(0, 8 - groups.length - behind.length)).fill("0");
  return [...groups, ...middle, ...behind].slice(0, 4).join(":");
}
