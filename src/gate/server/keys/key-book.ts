// The keys in memory, kept as the file is.
import { statSync } from "node:fs";
import type { KeyBook, KeyHolder } from "../../contract.ts";
import { idOf, isKeyOf, type KeyRecord } from "./key.ts";
import { readKeys } from "./key-file.ts";

interface Held {
  readonly digest: Uint8Array;
  readonly holder: KeyHolder;
  /** Milliseconds since 1970; infinite for a key that does not run out. */
  readonly ends: number;
}

/** How often the file is looked at. */
const LOOK_MS = 500;

export interface KeyBookOptions {
  readonly file: string;
  readonly clock: () => Date;
  readonly onChange?: (change: KeyChange) => void;
}

/** Ids of keys that hold now and did not, and of those that did and do not any more; or why the file cannot be used and all stays as it was. */
type KeyChange = { readonly added: readonly string[]; readonly removed: readonly string[] } | { readonly problem: unknown };

/** The keys of a file; a key made or revoked there holds half a second later. @throws AjarError BAD_CONFIG */
export class KeyFileBook implements KeyBook {
  readonly #options: KeyBookOptions;
  readonly #timer: NodeJS.Timeout;
  #held: ReadonlyMap<string, Held>;
  #seen: string;

  constructor(options: KeyBookOptions) {
    this.#options = options;
    this.#seen = stampOf(options.file);
    this.#held = heldOf(readKeys(options.file));
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
    this.#timer.unref();
  }

  get size(): number {
    return this.#held.size;
  }

  find(key: string): KeyHolder | null {
    const id = idOf(key);
    const held = id === null ? undefined : this.#held.get(id);
    if (held === undefined || !isKeyOf(key, held.digest)) return null;
    return this.#options.clock().getTime() < held.ends ? held.holder : null;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const stamp = stampOf(this.#options.file);
    if (stamp === this.#seen) return;
    this.#seen = stamp;
    try {
      const before = this.#held;
      this.#held = heldOf(readKeys(this.#options.file));
      const added = [...this.#held.keys()].filter((id) => !before.has(id));
      const removed = [...before.keys()].filter((id) => !this.#held.has(id));
      this.#options.onChange?.({ added, removed });
    } catch (problem) {
      this.#options.onChange?.({ problem });
    }
  }
}

function heldOf(records: readonly KeyRecord[]): ReadonlyMap<string, Held> {
  const valid = records.filter(({ revoked }) => revoked === null);
  return new Map(
    valid.map((record) => [
      record.id,
      {
        digest: Buffer.from(record.sha256, "hex"),
        ends: record.expires === null ? Number.POSITIVE_INFINITY : Date.parse(record.expires),
        holder: {
          caller: { keyId: record.id, scopes: record.scopes },
          requestsPerMinute: record.requestsPerMinute,
          tokensPerMinute: record.tokensPerMinute,
        },
      },
    ]),
  );
}

/** Changes whenever the file is written or replaced. */
function stampOf(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat === undefined ? "" : `${stat.ino} ${stat.mtimeMs} ${stat.size}`;
}
