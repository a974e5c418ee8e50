// The feeds that a gate holds to: read at the start and again and again, kept over restarts, and what they say of a model.
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { AjarError } from "../../../core/errors.ts";
import type { DoorState, ServedModel } from "../../contract.ts";
import { sha256 } from "../../durable/canonical.ts";
import { replaceDurably } from "../../durable/files.ts";
import type { PublicKey } from "../../durable/keys.ts";
import type { OtherDoors } from "../book.ts";
import { readFeed, type Signers, type Snapshot } from "./feed.ts";
import { type Recall, RecallIndex, type Scope } from "./match.ts";
import { type FetchBytes, readFeedSource } from "./read-feed-source.ts";

export interface FeedTrust extends Signers, Scope {
  /** File, folder or HTTPS address. */
  readonly from: string;
  /** Milliseconds after its publishing from which a feed is stale, also before it runs out. */
  readonly maxAgeMs: number;
  /** Milliseconds since 1970 from which a key's signatures do not count any more; a key that is not in it never ends. */
  readonly ends?: ReadonlyMap<PublicKey, number>;
  /** What a feed does that is stale, was refused or never came: `block` shuts every door. */
  readonly onStale: "serve" | "warn" | "block";
}

export interface RecallOptions {
  readonly feeds: readonly FeedTrust[];
  readonly fetch: FetchBytes;
  /** Keeps the last good feeds, and with them their numbers: an older one is refused also after a restart. Null keeps nothing. */
  readonly folder: string | null;
  /** Ids of the policies in force, for advisories that are met by one. */
  readonly policies?: () => readonly string[];
  /** Milliseconds between looks, on average: a fifth more or less, so that gates do not all ask at once. */
  readonly everyMs?: number;
  readonly now: () => Date;
  /** From 0 to 1. */
  readonly random: () => number;
}

export interface FeedView {
  readonly from: string;
  /** Null while there is no good snapshot. */
  readonly feed: string | null;
  readonly sequence: number | null;
  readonly published: string | null;
  readonly expires: string | null;
  readonly advisories: number;
  /** Why the last look failed; null when it did not. */
  readonly problem: string | null;
  readonly isStale: boolean;
  readonly onStale: FeedTrust["onStale"];
}

export const DEFAULT_TRUST: Omit<FeedTrust, "from" | "keys"> = {
  threshold: 1,
  role: "third-party",
  namespaces: [],
  mayBlock: false,
  declaredLinks: "warn",
  maxAgeMs: 7 * 24 * 3_600_000,
  onStale: "warn",
};

const DEFAULT_EVERY_MS = 60_000;
const OPEN: DoorState = { kind: "open" };
/** Bytes of a feed as it came, kept with what lay beside it. */
const KEPT = "ajar-kept-feed/1";

/** Whom a feed is believed at that time. */
function signersAt({ keys, threshold, ends }: FeedTrust, now: number): Signers {
  const isOver = (key: PublicKey): boolean => (ends?.get(key) ?? Number.POSITIVE_INFINITY) <= now;
  return { keys: keys.filter((key) => !isOver(key)), threshold, ended: keys.filter(isOver) };
}

interface Feed {
  readonly trust: FeedTrust;
  snapshot: Snapshot | null;
  index: RecallIndex;
  /** Of the answer that `snapshot` was read from. */
  etag: string | null;
  problem: string | null;
  /** The last look found something that is not what it should be, as against nothing at all. */
  isRefused: boolean;
  /** When it was last found stale or not, to notice a change. */
  wasStale: boolean;
  /** ISO 8601, UTC; since when it is stale. */
  staleSince: string;
}

export class RecallBook implements OtherDoors {
  readonly #options: RecallOptions;
  readonly #feeds: readonly Feed[];
  readonly #listeners = new Set<() => void>();
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: RecallOptions) {
    this.#options = options;
    const staleSince = options.now().toISOString();
    this.#feeds = options.feeds.map((trust) => ({
      trust,
      snapshot: null,
      index: new RecallIndex([]),
      etag: null,
      problem: null,
      isRefused: false,
      wasStale: true,
      staleSince,
    }));
  }

  /** Takes the feeds that were kept, looks once, and then from time to time. */
  async start(): Promise<void> {
    for (const feed of this.#feeds) this.#restore(feed);
    await this.refresh();
    this.#schedule();
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  state(model: ServedModel): DoorState {
    const [blocking] = this.recalls(model);
    if (blocking?.decision === "block") {
      const { advisory } = blocking;
      const reason = advisory.summary === "" ? advisory.reason : advisory.summary;
      return { kind: "shut", code: "model_recalled", reason, advisory: advisory.id, since: advisory.effective };
    }
    const stale = this.#feeds.find((feed) => feed.trust.onStale === "block" && this.#isStale(feed));
    if (stale === undefined) return OPEN;
    const reason = `the recall feed ${stale.trust.from} is stale: ${stale.problem ?? "it has run out"}`;
    return { kind: "shut", code: "gate_stale", reason, since: stale.staleSince };
  }

  /** What the feeds say of a model, blocking advisories first. */
  recalls(model: ServedModel): readonly Recall[] {
    const conditions = { now: this.#options.now().getTime(), policies: this.#options.policies?.() ?? [] };
    const all = this.#feeds.flatMap(({ index, trust }) => index.matches(model, trust, conditions));
    return [...all.filter(({ decision }) => decision === "block"), ...all.filter(({ decision }) => decision === "warn")];
  }

  feeds(): readonly FeedView[] {
    return this.#feeds.map((feed) => {
      const { trust, snapshot, problem } = feed;
      return {
        from: trust.from,
        feed: snapshot?.feed ?? null,
        sequence: snapshot?.sequence ?? null,
        published: snapshot?.published ?? null,
        expires: snapshot?.expires ?? null,
        advisories: snapshot?.documents.length ?? 0,
        problem,
        isStale: this.#isStale(feed),
        onStale: trust.onStale,
      };
    });
  }

  /** Advisories of all feeds. */
  get snapshots(): readonly Snapshot[] {
    return this.#feeds.flatMap(({ snapshot }) => (snapshot === null ? [] : [snapshot]));
  }

  /** Reads every feed again. A feed that is refused changes nothing but its problem: what was said before holds on. */
  async refresh(): Promise<void> {
    await Promise.all(this.#feeds.map((feed) => this.#refresh(feed)));
    // Also when nothing came: an advisory may have come into force, a feed may have run out.
    for (const listener of [...this.#listeners]) listener();
  }

  async #refresh(feed: Feed): Promise<void> {
    const { trust, snapshot } = feed;
    try {
      const signers = signersAt(trust, this.#options.now().getTime());
      // What was signed by keys that have run out since is read again, and refused, though it is the same.
      const isTrusted = snapshot !== null && snapshot.keys.filter((key) => signers.keys.includes(key)).length >= trust.threshold;
      const come = await readFeedSource(trust.from, this.#options.fetch, isTrusted ? feed.etag : null);
      if (come !== null) {
        const { feed: bytes, extra, etag } = come;
        const read = readFeed(bytes, extra, signers, snapshot, trust.from);
        feed.etag = etag;
        // The same words signed by another key are kept too: the one before may run out.
        if (read.digest !== snapshot?.digest || read.keys.join() !== snapshot.keys.join()) {
          this.#take(feed, read);
          await this.#keep(trust, bytes, extra);
        }
      }
      feed.problem = null;
      feed.isRefused = false;
    } catch (error) {
      feed.isRefused = error instanceof AjarError && (error.code === "BAD_FEED" || error.code === "BAD_ADVISORY");
      feed.problem =
        error instanceof AjarError ? error.message : `it cannot be had: ${error instanceof Error ? error.message : String(error)}`;
    }
    const isStale = this.#isStale(feed);
    if (isStale && !feed.wasStale) feed.staleSince = this.#options.now().toISOString();
    feed.wasStale = isStale;
  }

  #take(feed: Feed, snapshot: Snapshot): void {
    feed.snapshot = snapshot;
    feed.index = new RecallIndex(snapshot.documents);
  }

  /** Without a good snapshot, run out, too old, or refused when it was last looked at by policy `block`. */
  #isStale({ snapshot, trust, isRefused }: Feed): boolean {
    if (snapshot === null) return true;
    const now = this.#options.now().getTime();
    if (Date.parse(snapshot.expires) <= now || now - Date.parse(snapshot.published) > trust.maxAgeMs) return true;
    return isRefused && trust.onStale === "block";
  }

  #restore(feed: Feed): void {
    const path = this.#pathOf(feed.trust);
    if (path === null) return;
    try {
      const {
        format,
        feed: kept,
        extra,
      }: { format?: unknown; feed?: unknown; extra?: unknown } = Object(JSON.parse(readFileSync(path, "utf8")));
      if (format !== KEPT || typeof kept !== "string" || !Array.isArray(extra)) return;
      const files = extra.map((one) => Buffer.from(String(one), "base64"));
      // It was accepted when its keys still counted; what it said is not forgotten when they end.
      this.#take(feed, readFeed(Buffer.from(kept, "base64"), files, feed.trust, null, feed.trust.from));
    } catch {
      // Nothing was kept, or what was kept is not signed by whom is trusted now.
    }
  }

  async #keep(trust: FeedTrust, feed: Uint8Array, extra: readonly Uint8Array[]): Promise<void> {
    const path = this.#pathOf(trust);
    if (path === null) return;
    mkdirSync(join(path, ".."), { recursive: true, mode: 0o700 });
    const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
    await replaceDurably(path, JSON.stringify({ format: KEPT, feed: base64(feed), extra: extra.map(base64) }));
  }

  #pathOf({ from }: FeedTrust): string | null {
    const { folder } = this.#options;
    return folder === null ? null : join(folder, `${sha256(from).slice(0, 32)}.json`);
  }

  #schedule(): void {
    if (this.#isClosed || this.#feeds.length === 0) return;
    const { everyMs = DEFAULT_EVERY_MS, random } = this.#options;
    this.#timer = setTimeout(() => void this.refresh().finally(() => this.#schedule()), everyMs * (0.8 + 0.4 * random())).unref();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }
}
