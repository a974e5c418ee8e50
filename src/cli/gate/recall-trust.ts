// Feeds that a command line names, and how an address is fetched: over HTTPS, from no address inside a private network.
import { lookup } from "node:dns/promises";
import { AjarError } from "../../core/errors.ts";
import { DEFAULT_TRUST, type FeedTrust } from "../../gate/doors/recalls/book.ts";
import type { FetchBytes } from "../../gate/doors/recalls/read-feed-source.ts";
import { isPublicKey } from "../../gate/durable/keys.ts";
import { isInside } from "../../gate/engines/address.ts";
import { HttpClient } from "../../http/client.ts";
import type { CommandContext } from "../command.ts";

const TIMEOUT_MS = 20_000;

/** @throws AjarError BAD_OPTION; what the fetching throws is BAD_OPTION for an address inside, UNREACHABLE … */
export function feedFetcher({ env, signal }: Pick<CommandContext, "env" | "signal">): FetchBytes {
  return async (url, maxBytes) => {
    const client = new HttpClient({
      offline: false,
      env,
      signal,
      timeoutMs: TIMEOUT_MS,
      maxBytes: maxBytes + 1,
      retry: { attempts: 2, baseDelayMs: 500, maxTotalWaitMs: 5_000 },
      // Asked before each request, also after a redirect.
      turn: refuseInside,
    });
    try {
      return (await client.fetchBytes({ url, headers: { accept: "application/json" }, subject: url.host }, maxBytes)).bytes;
    } finally {
      await client.close();
    }
  };
}

async function refuseInside(host: string): Promise<void> {
  const name = host.replace(/:\d+$/u, "").replace(/^\[|\]$/gu, "");
  const addresses = await lookup(name, { all: true }).catch(() => []);
  if (!addresses.some(({ address }) => isInside(address))) return;
  throw new AjarError("BAD_OPTION", "a feed does not come from inside a private network", {
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
