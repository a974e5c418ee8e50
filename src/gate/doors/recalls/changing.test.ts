// Feeds over time: asked for only when they changed, and signed by other keys one day.
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { digestOf, feedOf, madeUpAdvisory, newKey } from "../../../../test/gate/doors/made-up-feed.ts";
import { madeUpModel } from "../../../../test/gate/doors/made-up-model.ts";
import { throwawayFolders } from "../../../../test/support/folders.ts";
import { DEFAULT_TRUST, type FeedTrust, RecallBook } from "./book.ts";
import type { FetchBytes } from "./read-feed-source.ts";

const folder = throwawayFolders("ajar-feeds-");
const key = newKey();
const tern = madeUpModel({ id: "tern", fileDigests: [digestOf("a")] });

describe("recall feeds", () => {
  const books: RecallBook[] = [];
  afterEach(() => {
    for (const book of books.splice(0)) book.close();
  });
  let now: Date;
  async function bookOf(
    feed: Partial<FeedTrust> & { from: string },
    { fetch = () => Promise.reject(new Error("no network")), folder: kept }: { folder?: string; fetch?: FetchBytes },
  ): Promise<RecallBook> {
    now = new Date("2026-11-25T00:00:00Z");
    const trust: FeedTrust = { ...DEFAULT_TRUST, role: "operator", keys: [key.publicKey], maxAgeMs: 1e12, ...feed };
    const book = new RecallBook({ feeds: [trust], fetch, folder: kept ?? null, everyMs: 1e9, now: () => now, random: () => 0.5 });
    books.push(book);
    await book.start();
    return book;
  }

  it("are asked for by the ETag of what was accepted, and of nothing else", async () => {
    const asked: (string | null)[] = [];
    let answer: { bytes: Uint8Array; etag: string | null } | null = { bytes: Buffer.from("no feed"), etag: '"0"' };
    const fetch: FetchBytes = async (_url, _most, etag) => {
      asked.push(etag);
      return answer;
    };
    const recalls = await bookOf({ from: "https://feeds.example/acme.json" }, { fetch });
    answer = { bytes: Buffer.from(feedOf([madeUpAdvisory()], key)), etag: '"1"' };
    await recalls.refresh();
    answer = null;
    await recalls.refresh();
    expect(recalls.recalls(tern)).toHaveLength(1);
    expect(recalls.feeds()[0]).toMatchObject({ problem: null, isStale: false, sequence: 1 });
    now = new Date("2026-12-24T00:00:01Z");
    await recalls.refresh();
    // That nothing changed does not make it last longer than it was signed for.
    expect(recalls.feeds()[0]).toMatchObject({ isStale: true });
    expect(asked).toEqual([null, null, '"1"', '"1"']);
  });

  it("change hands: a key counts until it ends, and what it signed before holds on, also over a restart", async () => {
    const next = newKey();
    const place = folder();
    const path = join(folder(), "feed.json");
    const ends = new Map([[key.publicKey, Date.parse("2026-12-01T00:00:00Z")]]);
    const trust = { from: path, keys: [key.publicKey, next.publicKey], ends, onStale: "block" as const };
    writeFileSync(path, feedOf([madeUpAdvisory()], key));
    const recalls = await bookOf(trust, { folder: place });
    const other = madeUpModel({ id: "other", fileDigests: [digestOf("e")] });
    expect(recalls.state(other)).toMatchObject({ kind: "open" });
    now = new Date("2026-12-01T00:00:00Z");
    await recalls.refresh();
    expect(recalls.feeds()[0]?.problem).toContain(`signed by a key that has run out: ${key.publicKey}`);
    expect(recalls.state(tern)).toMatchObject({ code: "model_recalled" });
    expect(recalls.state(other)).toMatchObject({ code: "gate_stale" });
    writeFileSync(path, feedOf([madeUpAdvisory()], next));
    await recalls.refresh();
    expect(recalls.feeds()[0]).toMatchObject({ problem: null, isStale: false });
    expect(recalls.state(other)).toMatchObject({ kind: "open" });
    rmSync(path);
    const again = await bookOf({ ...trust, onStale: "serve" }, { folder: place });
    now = new Date("2026-12-01T00:00:00Z");
    expect(again.state(tern)).toMatchObject({ code: "model_recalled" });
  });
});
