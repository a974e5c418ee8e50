// Where a feed lies: a file, a folder with a file for each advisory, or an address. What fetches an address is given, with its limits.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { AjarError } from "../../../core/errors.ts";
import { MAX_FEED_BYTES } from "./read-json.ts";

export interface FeedBytes {
  readonly feed: Uint8Array;
  /** Advisories in files of their own. */
  readonly extra: readonly Uint8Array[];
  /** What its server calls this state of it; null where it says nothing. */
  readonly etag: string | null;
}

/** Content of an HTTPS address and its ETag; null when it is still what `etag` stands for (If-None-Match, RFC 9110 section 13.1.2). */
export type FetchBytes = (
  url: URL,
  maxBytes: number,
  etag: string | null,
) => Promise<{ readonly bytes: Uint8Array; readonly etag: string | null } | null>;

const FEED_FILE = "feed.json";
const MAX_FILES = 40_000;

/** Null when it is still what `etag` stands for. @throws AjarError BAD_OPTION | BAD_FEED | UNREADABLE, and what `fetch` throws */
export async function readFeedSource(from: string, fetch: FetchBytes, etag: string | null): Promise<FeedBytes | null> {
  if (/^[a-z][a-z0-9+.-]*:\/\//iu.test(from)) {
    const fetched = await fetch(feedUrl(from), MAX_FEED_BYTES, etag);
    return fetched === null ? null : { feed: fetched.bytes, extra: [], etag: fetched.etag };
  }
  try {
    return statSync(from).isDirectory() ? readFolder(from) : { feed: readBounded(from, MAX_FEED_BYTES), extra: [], etag: null };
  } catch (cause) {
    if (cause instanceof AjarError) throw cause;
    throw new AjarError("UNREADABLE", `the feed cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, {
      subject: from,
      cause,
    });
  }
}

/** @throws AjarError BAD_OPTION */
export function feedUrl(from: string): URL {
  const url = URL.parse(from);
  if (url?.protocol === "https:" && url.username === "" && url.password === "") return url;
  throw new AjarError("BAD_OPTION", "a feed comes from a file, a folder or an HTTPS address without a password", {
    subject: from.replace(/\/\/[^/@]*@/u, "//"),
    hint: "Write https://host/feed.json.",
  });
}

function readFolder(folder: string): FeedBytes {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith(".json") && name !== FEED_FILE)
    .sort();
  if (names.length > MAX_FILES) throw new AjarError("BAD_FEED", `more than ${MAX_FILES} files`, { subject: folder });
  const feed = readBounded(join(folder, FEED_FILE), MAX_FEED_BYTES);
  let left = MAX_FEED_BYTES - feed.byteLength;
  const extra = names.map((name) => {
    const bytes = readBounded(join(folder, name), left);
    left -= bytes.byteLength;
    return bytes;
  });
  return { feed, extra, etag: null };
}

function readBounded(path: string, most: number): Uint8Array {
  const found = statSync(path);
  if (!found.isFile()) throw new AjarError("BAD_FEED", "is not a file", { subject: path });
  if (found.size > most) throw new AjarError("BAD_FEED", `more than ${MAX_FEED_BYTES} bytes`, { subject: path });
  return readFileSync(path);
}
