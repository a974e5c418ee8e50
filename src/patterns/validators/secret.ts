// Keys and tokens: whether what has an issuer's shape could be one.
import { crc32 } from "node:zlib";
import { checked, type Validator } from "./validator.ts";

/** What documentation writes in the place of a key. */
const PLACEHOLDER =
  /(?:example|sample|dummy|fake|test[-_]?(?:key|token)|placeholder|your[-_]|my[-_]?(?:key|token)|insert|change[-_]?me|redacted|x{6}|\*{3}|\.{3}|<|\{|123456789|abcdefgh|(.)\1{6})/i;
/** Bits a character. Random base 62 of 20 characters has about 4, words of a language below 3. */
const LEAST_ENTROPY = 3;

/** What issuers put first is the same in all their keys; the end is drawn. */
const DRAWN = 32;

/** Random enough, and nothing that documentation writes. */
export const secret: Validator = checked((value) => !PLACEHOLDER.test(value) && entropy(value.slice(-DRAWN)) >= LEAST_ENTROPY);

/** For what is made of hexadecimal digits only, which have fewer kinds. */
export const hexSecret: Validator = checked((value) => !PLACEHOLDER.test(value) && entropy(value) >= LEAST_ENTROPY);

/** Shannon's, in bits a character. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

const BASE_62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const CHECK_CHARS = 6;

/** The last six characters are the CRC-32 of the others in base 62 (GitHub, Behind GitHub's new authentication token formats; npm does the same). */
export const crcToken: Validator = (value, around) => {
  const body = value.slice(value.indexOf("_") + 1);
  let check = "";
  for (let rest = crc32(body.slice(0, -CHECK_CHARS)); check.length < CHECK_CHARS; rest = Math.floor(rest / 62))
    check = BASE_62.charAt(rest % 62) + check;
  if (body.endsWith(check)) return "checked";
  return secret(value, around) === null ? null : "shaped";
};

/** RFC 7519: the first part is a JSON object with `alg`. */
export const jwt: Validator = checked((value) => {
  try {
    const header: unknown = JSON.parse(Buffer.from(value.slice(0, value.indexOf(".")), "base64url").toString("utf8"));
    return typeof header === "object" && header !== null && "alg" in header;
  } catch {
    return false;
  }
});

/** RFC 7468: what stands between the lines is base 64 and not an ellipsis. */
export const privateKey: Validator = checked(
  (value) => entropy(value.replace(/^-----[A-Z ]+-----|\\[nr]|\s/g, "").slice(0, 200)) >= LEAST_ENTROPY,
);

const STAND_IN =
  /^(?:password|passwd|pass|pwd|secret|user|root|admin|postgres|mysql|mypassword|guest|x+|\.+|\*+|test|changeme)$|^[$%]|^(?:your|my)[-_]/i;

/** RFC 3986: a password between `:` and `@` that is no variable and no stand-in. */
export const urlPassword: Validator = checked((value) => {
  const found = value.slice(value.lastIndexOf(":") + 1, -1);
  return !STAND_IN.test(found) && !PLACEHOLDER.test(found);
});
