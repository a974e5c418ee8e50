// Recall feeds of a gate: believed as its configuration says, told of to operators, and every change of what they say in the log.
import { existsSync } from "node:fs";
import { AjarError } from "../../core/errors.ts";
import type { AuditLog, JsonObject, ModelEntry } from "../contract.ts";
import { DEFAULT_TRUST, type FeedTrust, type FeedView, RecallBook } from "../doors/recalls/book.ts";
import { feedUrl } from "../doors/recalls/read-feed-source.ts";
import { isPublicKey, type PublicKey } from "../durable/keys.ts";
import type { GateConfig } from "./config.ts";

const HOUR_MS = 3_600_000;

/** @throws AjarError BAD_CONFIG */
export function feedTrust(recalls: GateConfig["recalls"]): readonly FeedTrust[] {
  return recalls.map(({ from, key, keys, threshold, role, namespaces, may_block, declared_links, max_age_hours, on_stale }) => {
    const stated = [...(key === undefined ? [] : [key]), ...keys].map((one) => (typeof one === "string" ? { key: one } : one));
    const trusted = stated.map((one) => publicKey(one.key));
    const ends = stated.flatMap((one) => ("not_after" in one ? [[publicKey(one.key), Date.parse(one.not_after)] as const] : []));
    if (trusted.length < threshold) {
      throw new AjarError("BAD_CONFIG", "no key is named that has to have signed", {
        subject: from,
        hint: "Ask the issuer of the feed for its public key.",
      });
    }
    if (from.includes("://")) feedUrl(from);
    return {
      ...DEFAULT_TRUST,
      from,
      keys: trusted,
      ends: new Map(ends),
      threshold,
      role,
      namespaces: namespaces.map((name) => name.toLowerCase()),
      mayBlock: may_block,
      declaredLinks: declared_links,
      maxAgeMs: max_age_hours * HOUR_MS,
      onStale: on_stale,
    };
  });
}

function publicKey(stated: string): PublicKey {
  if (isPublicKey(stated)) return stated;
  throw new AjarError("BAD_CONFIG", "is not the public key of a feed", {
    subject: stated,
    hint: "Write it as ed25519:…, as its issuer gives it.",
  });
}

function isFile({ from }: FeedTrust): boolean {
  return !from.includes("://");
}

/** A file that is not there is a slip of the configuration; an address may answer later. @throws AjarError BAD_CONFIG */
export function checkFeedsExist(feeds: readonly FeedTrust[]): void {
  const gone = feeds.find((feed) => isFile(feed) && !existsSync(feed.from));
  if (gone === undefined) return;
  throw new AjarError("BAD_CONFIG", "there is no recall feed here", {
    subject: gone.from,
    hint: "Correct `from` of the feed under `recalls`, or put the feed there first.",
  });
}

/** Reads the feeds that are files, and asks nobody. Nothing is kept of them. @throws AjarError BAD_CONFIG when one cannot be read or is refused */
export async function checkFeedFiles(feeds: readonly FeedTrust[], now: () => Date): Promise<readonly FeedView[]> {
  checkFeedsExist(feeds);
  const fetch = (): Promise<null> => Promise.resolve(null);
  const book = new RecallBook({ feeds: feeds.filter(isFile), fetch, folder: null, now, random: () => 0 });
  await book.refresh();
  const views = book.feeds();
  for (const { from, problem } of views) {
    if (problem !== null)
      throw new AjarError("BAD_CONFIG", problem, { subject: from, hint: "Correct the feed under `recalls`, or its keys." });
  }
  return views;
}

/** Feeds with their state, and the advisories that concern a model that is served. */
export function feedsView(book: RecallBook, models: readonly ModelEntry[]): readonly JsonObject[] {
  const concerned = models.flatMap(({ model }) =>
    book.recalls(model).map(({ advisory, decision }) => ({ advisory, decision, model: model.id })),
  );
  return book.feeds().map(({ from, feed, sequence, expires, problem, isStale }) => {
    const snapshot = book.snapshots.find((one) => one.feed === feed && one.sequence === sequence);
    const advisories = (snapshot?.documents ?? []).flatMap((document) => {
      const hits = concerned.filter(({ advisory }) => advisory === document);
      return hits.length === 0
        ? []
        : [{ id: document.id, summary: document.summary, models: hits.map((hit) => `${hit.model} (${hit.decision})`) }];
    });
    return { source: from, state: problem ?? (isStale ? "stale" : "fresh"), sequence, expires, advisories };
  });
}

/** Puts every change of what feeds say, and of whether they could be had, into the log. Returns how to stop. */
export function logRecalls(book: RecallBook, models: readonly ModelEntry[], log: AuditLog, now: () => Date): () => void {
  const known = new Map<string, string>();
  const note = (subject: string, detail: JsonObject): void => {
    const text = JSON.stringify(detail);
    if (known.get(subject) === text) return;
    known.set(subject, text);
    // A log that cannot be written already keeps the gate from answering.
    void log.append({ kind: "act", at: now().toISOString(), act: "recall", by: "gate", subject, detail }).catch(() => undefined);
  };
  const look = (): void => {
    for (const { from, feed, sequence, problem, isStale } of book.feeds()) note(from, { feed, sequence, problem, stale: isStale });
    for (const { model } of models) {
      const advisories = book.recalls(model).map(({ advisory, decision, by }) => ({ id: advisory.id, decision, by }));
      // That nothing concerns a model is worth a line only when something did.
      if (advisories.length > 0 || known.has(model.id)) note(model.id, { advisories });
    }
  };
  look();
  return book.onChange(look);
}
