// Which addresses an upstream may have. A gate stands inside a network and must not be made to ask around in it.
import { type LookupAddress, type LookupAllOptions, lookup } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";
import { AjarError } from "../../core/errors.ts";

/** Not to be reached unless allowed: private, shared, link-local, documentation, multicast, reserved (RFC 6890 and its updates). */
const INSIDE = new BlockList();
for (const [net, bits] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
] as const) {
  INSIDE.addSubnet(net, bits, "ipv4");
}
for (const [net, bits] of [
  ["::", 128],
  ["64:ff9b::", 96],
  ["64:ff9b:1::", 48],
  ["100::", 64],
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["fc00::", 7],
  ["fe80::", 10],
  ["fec0::", 10],
  ["ff00::", 8],
] as const) {
  INSIDE.addSubnet(net, bits, "ipv6");
}
const LOOPBACK = new BlockList();
LOOPBACK.addSubnet("127.0.0.0", 8, "ipv4");
LOOPBACK.addAddress("::1", "ipv6");

/** Whether that address is neither public nor this machine's own. */
export function isInside(address: string): boolean {
  const bare = unmapped(address);
  const family = isIP(bare);
  if (family === 0) return true;
  const kind = family === 4 ? "ipv4" : "ipv6";
  return INSIDE.check(bare, kind) && !LOOPBACK.check(bare, kind);
}

/** An IPv4 address that is written as IPv6 (RFC 4291 section 2.5.5.2) is that IPv4 address. */
function unmapped(address: string): string {
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/iu.exec(address);
  if (mapped === null) return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/iu.exec(address)?.[1] ?? address;
  const [high, low] = [Number.parseInt(mapped[1] ?? "0", 16), Number.parseInt(mapped[2] ?? "0", 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

/**
 * The address of an upstream, checked as far as it can be without asking the network.
 * @throws AjarError BAD_OPTION
 */
export function upstreamUrl(text: string, allowInside: boolean): URL {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw badUrl(text, "an upstream is an http or https address", "For example http://127.0.0.1:8000/v1");
  }
  if (url.username !== "" || url.password !== "") {
    throw badUrl(
      `${url.origin}${url.pathname}`,
      "an upstream's key does not belong in its address",
      "Put it into an environment variable.",
    );
  }
  if (url.search !== "" || url.hash !== "") {
    throw badUrl(`${url.origin}${url.pathname}`, "an upstream's address has no query", "For example http://127.0.0.1:8000/v1");
  }
  const host = url.hostname.replace(/^\[|\]$/gu, "");
  if (!allowInside && isIP(host) !== 0 && isInside(host)) throw inside(url.host);
  return url;
}

function badUrl(subject: string, message: string, hint: string): AjarError {
  return new AjarError("BAD_OPTION", message, { subject, hint });
}

function inside(host: string): AjarError {
  return new AjarError("BAD_OPTION", "an upstream in a private network has to be allowed", {
    subject: host,
    hint: "Say --allow-private if that is meant.",
  });
}

/** Gives all addresses of a name, as `lookup` of node:dns does. */
export type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

export interface LookupGuard {
  readonly allowInside: boolean;
  /** What is said of a name that lies inside. */
  readonly refusal?: (hostname: string) => AjarError;
  readonly resolve?: Resolve;
}

/**
 * Looks a name up and refuses what lies inside, each time a connection is made: what a name means can change. The addresses that were checked are those
 * that are connected to; nothing looks the name up again in between.
 */
export function guardedLookup({ allowInside, refusal = inside, resolve = lookup }: LookupGuard): LookupFunction {
  return (hostname, options, done) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return done(error, "", 0);
      const refused = allowInside ? undefined : addresses.find(({ address }) => isInside(address));
      const [first] = addresses;
      if (refused !== undefined || first === undefined) return done(refusal(hostname) as NodeJS.ErrnoException & AjarError, "", 0);
      if (options.all === true) done(null, addresses);
      else done(null, first.address, first.family);
    });
  };
}
