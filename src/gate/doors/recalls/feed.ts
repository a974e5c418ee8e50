// A feed: what its issuer has to say, as one signed snapshot. An older one, one that ran out, and one whose parts do not belong together are refused.
import { AjarError } from "../../../core/errors.ts";
import { type Canonical, canonical, sha256 } from "../../durable/canonical.ts";
import { isPublicKey, isSignedBy, type PublicKey, type SigningKey } from "../../durable/keys.ts";
import { type Advisory, readAdvisory } from "./advisory.ts";
import { readJson } from "./read-json.ts";

interface SignedPart {
  readonly format: "ajar-recall-feed/1";
  readonly feed: string;
  /** Grows with every snapshot. */
  readonly sequence: number;
  /** ISO 8601, UTC. */
  readonly published: string;
  readonly expires: string;
  /** SHA-256 over the canonical JSON (RFC 8785) of each advisory. */
  readonly advisories: readonly { readonly id: string; readonly digest: string }[];
}

export interface Snapshot extends SignedPart {
  /** `sha256:<hex>` of the signed part. */
  readonly digest: string;
  readonly documents: readonly Advisory[];
  readonly keys: readonly PublicKey[];
}

/** Whom a feed is believed. */
export interface Signers {
  readonly keys: readonly PublicKey[];
  /** How many of them have to have signed. */
  readonly threshold: number;
  /** Keys that were trusted and have run out. */
  readonly ended?: readonly PublicKey[];
}

/** What was accepted of a feed before. */
export interface Seen {
  readonly sequence: number;
  readonly digest: string;
}

const MAX_ADVISORIES = 40_000;
const MAX_SIGNATURES = 64;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/u;

export interface NewFeed {
  readonly feed: string;
  readonly sequence: number;
  readonly published: string;
  readonly expires: string;
  readonly advisories: readonly Canonical[];
}

/** A whole feed in one text, signed. @throws AjarError BAD_ADVISORY */
export function signFeed({ advisories, ...rest }: NewFeed, keys: readonly SigningKey[]): string {
  const listed = advisories.map((document) => ({ id: readAdvisory(document, idOf(document)).id, digest: digestOf(document) }));
  const signed: SignedPart = { format: "ajar-recall-feed/1", ...rest, advisories: listed };
  const text = canonical(signed as unknown as Canonical);
  const signatures = keys.map((key) => ({ key: key.publicKey, signature: key.sign(text) }));
  return `${JSON.stringify({ signed, signatures, advisories }, null, 1)}\n`;
}

function digestOf(document: Canonical): string {
  return `sha256:${sha256(canonical(document))}`;
}

function idOf(document: Canonical): string {
  const { id }: { id?: unknown } = Object(document);
  return typeof id === "string" ? id : "an advisory";
}

/** `extra`: advisories that lie beside the feed, each in a file of its own. Whether it has run out is another question. @throws AjarError BAD_FEED | BAD_ADVISORY */
export function readFeed(bytes: Uint8Array, extra: readonly Uint8Array[], signers: Signers, seen: Seen | null, subject: string): Snapshot {
  const bad = (what: string, hint?: string): AjarError =>
    new AjarError("BAD_FEED", what, { subject, ...(hint === undefined ? {} : { hint }) });
  const {
    signed,
    signatures,
    advisories = [],
  }: { signed?: unknown; signatures?: unknown; advisories?: unknown } = Object(readJson(bytes, "BAD_FEED", subject));
  const part = signedPart(signed);
  if (part === null || !Array.isArray(signatures) || !Array.isArray(advisories))
    throw bad("this is no feed of recalls", "docs/gate-doors.md has the form ajar-recall-feed/1.");
  const text = canonical(signed as Canonical);
  const keys = signersOf(text, signatures, signers.keys);
  if (keys.length < signers.threshold) {
    const [ended] = signersOf(text, signatures, signers.ended ?? []);
    if (ended !== undefined) throw bad(`signed by a key that has run out: ${ended}`, "Trust the key that its issuer signs with now.");
    throw bad(
      `signed by ${keys.length} of the ${signers.threshold} keys that are wanted`,
      "Compare the keys that you trust with those of its issuer.",
    );
  }
  const digest = `sha256:${sha256(text)}`;
  if (seen !== null && part.sequence < seen.sequence) {
    throw bad(`its number is ${part.sequence}, and ${seen.sequence} was seen before`, "Whoever serves it shows an older state.");
  }
  if (seen !== null && part.sequence === seen.sequence && digest !== seen.digest)
    throw bad(`there are two feeds with the number ${part.sequence}`);
  const documents = [...(advisories as readonly Canonical[]), ...extra.map((file) => readJson(file, "BAD_FEED", subject))];
  return { ...part, digest, keys, documents: belonging(part, documents, bad) };
}

function signersOf(text: string, signatures: readonly unknown[], trusted: readonly PublicKey[]): readonly PublicKey[] {
  const found = new Set<PublicKey>();
  for (const one of signatures.slice(0, MAX_SIGNATURES)) {
    const { key, signature }: { key?: unknown; signature?: unknown } = Object(one);
    if (isPublicKey(key) && trusted.includes(key) && typeof signature === "string" && isSignedBy(key, text, signature)) found.add(key);
  }
  return [...found];
}

/** Exactly the advisories that are listed, each as it was signed. */
function belonging(part: SignedPart, documents: readonly Canonical[], bad: (what: string) => AjarError): readonly Advisory[] {
  const listed = new Map(part.advisories.map(({ id, digest }) => [id, digest]));
  if (listed.size !== part.advisories.length) throw bad("an advisory is listed twice");
  const read = new Map<string, Advisory>();
  for (const document of documents) {
    const id = idOf(document);
    const digest = listed.get(id);
    if (digest === undefined) throw bad(`advisory ${id} is not part of this feed`);
    if (read.has(id)) throw bad(`advisory ${id} comes twice`);
    if (digest !== digestOf(document)) throw bad(`advisory ${id} is not the one that was signed`);
    read.set(id, readAdvisory(document, id));
  }
  return part.advisories.map(({ id }) => {
    const found = read.get(id);
    if (found === undefined) throw bad(`advisory ${id} is missing`);
    return found;
  });
}

function signedPart(value: unknown): SignedPart | null {
  const { format, feed, sequence, published, expires, advisories }: Partial<Record<keyof SignedPart, unknown>> = Object(value);
  if (format !== "ajar-recall-feed/1" || typeof feed !== "string" || feed === "" || feed.length > 200) return null;
  if (typeof sequence !== "number" || !Number.isSafeInteger(sequence) || sequence < 0) return null;
  if (!isTime(published) || !isTime(expires) || !Array.isArray(advisories) || advisories.length > MAX_ADVISORIES) return null;
  const listed: { readonly id: string; readonly digest: string }[] = [];
  for (const one of advisories) {
    const { id, digest }: { id?: unknown; digest?: unknown } = Object(one);
    if (typeof id !== "string" || typeof digest !== "string") return null;
    listed.push({ id, digest });
  }
  return { format, feed, sequence, published, expires, advisories: listed };
}

function isTime(value: unknown): value is string {
  return typeof value === "string" && TIME.test(value) && !Number.isNaN(Date.parse(value));
}
