// Registrable domains of the addresses in a text.
import { getDomain } from "tldts";

const ADDRESS = /:\/\/(?:[^\s/"'<>?#@]{0,80}@)?([a-z0-9][a-z0-9.-]{1,252})/giu;
/** Hosts whose domain is remembered. */
const MAX_KNOWN = 20_000;
const known = new Map<string, string | null>();

/** Hands on the domain of each address, as often as it occurs. */
export function eachDomain(text: string, each: (domain: string) => void): void {
  for (const match of text.matchAll(ADDRESS)) {
    const host = (match[1] ?? "").toLowerCase();
    let domain = known.get(host);
    if (domain === undefined) {
      if (known.size >= MAX_KNOWN) known.clear();
      domain = getDomain(host);
      known.set(host, domain);
    }
    if (domain !== null) each(domain);
  }
}
