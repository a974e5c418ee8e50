// Feeds that a command line names, and how an address is fetched: over HTTPS, from no address inside a private network.
import { lookup } from "node:dns";
import { AjarError } from "../../core/errors.ts";
import { DEFAULT_TRUST, type FeedTrust } from "../../gate/doors/recalls/book.ts";
import type { FetchBytes } from "../../gate/doors/recalls/read-feed-source.ts";
import { isPublicKey } from "../../gate/durable/keys.ts";
import { guardedLookup, isInside, type Resolve } from "../../gate/engines/address.ts";
import { HttpClient } from "../../http/client.ts";
import type { CommandContext } from "../command.ts";

const TIMEOUT_MS = 20_000;
const MAX_ETAG = 256;

/**
 * A name is looked up once for each connection, and what was checked is what is connected to: a name that means another address a moment later
 * leads nowhere. Through a proxy the proxy looks up, so that only the name's own addresses can be checked here.
 * @throws AjarError BAD_OPTION; what the fetching throws is BAD_OPTION for an address inside, UNREACHABLE …
 */
export function feedFetcher({ env, signal }: Pick<CommandContext, "env" | "signal">, resolve: Resolve = lookup): FetchBytes {
  return async (url, maxBytes, etag) => {
    const client = new HttpClient({
      offline: false,
      env,
      signal,
      timeoutMs: TIMEOUT_MS,
      maxBytes: maxBytes + 1,
      retry: { attempts: 2, baseDelayMs: 500, maxTotalWaitMs: 5_000 },
      // Asked before each request, also after a redirect: an address that is no name is never looked up.
      turn: (host) => refuseInside(host, resolve),
      lookup: guardedLookup({ allowInside: false, refusal: insideNetwork, resolve }),
    });
    const headers = { accept: "application/json", ...(etag === null ? {} : { "if-none-match": etag }) };
    try {
      const answer = await client.fetchBytes({ url, headers, subject: url.host, accept: etag === null ? [200] : [200, 304] }, maxBytes);
      return answer.status === 304 ? null : { bytes: answer.bytes, etag: kept(answer.headers.get("etag")) };
    } finally {
      await client.close();
    }
  };
}

/** An ETag as RFC 9110 section 8.8.3 writes it; anything else is not sent back. */
function kept(etag: string | undefined): string | null {
  return etag !== undefined && etag.length <= MAX_ETAG && /^(?:W\/)?"[\x21\x23-\x7e]*"$/u.test(etag) ? etag : null;
}

async function refuseInside(host: string, resolve: Resolve): Promise<void> {
  const name = host.replace(/:\d+$/u, "").replace(/^\[|\]$/gu, "");
  const isRefused = await new Promise<boolean>((settle) => {
    resolve(name, { all: true }, (_error, addresses) => settle((addresses ?? []).some(({ address }) => isInside(address))));
  });
  if (isRefused) throw insideNetwork(host);
}

function insideNetwork(host: string): AjarError {
  return new AjarError("BAD_OPTION", "a feed does not come from inside a private network", {
    subject: host,
    hint: "Copy it to a file, and name that.",
  });
}

/** The feeds of --feed, believed as far as the other options say. @throws AjarError BAD_OPTION */
export function trustOf({ options }: CommandContext): readonly FeedTrust[] {
  const keys = options.list("key").map((key) => {
    if (isPublicKey(key)) return key;
    throw new AjarError("BAD_OPTION", "is not the public key of a feed", {
      subject: `--key ${key}`,
      hint: "Write it as ed25519:…, as its issuer gives it.",
    });
  });
  const feeds = options.list("feed");
  if (feeds.length === 0)
    throw new AjarError("BAD_OPTION", "no feed is named", { subject: "--feed", hint: "Name a file, a folder or an HTTPS address." });
  if (keys.length === 0) {
    throw new AjarError("BAD_OPTION", "no key is named that has to have signed", {
      subject: "--key",
      hint: "Ask the issuer of the feed for its public key.",
    });
  }
  const role = (options.text("role") ?? "operator") as FeedTrust["role"];
  const namespaces = options.list("namespace").map((name) => name.toLowerCase());
  return feeds.map((from) => ({ ...DEFAULT_TRUST, from, keys, role, namespaces }));
}
