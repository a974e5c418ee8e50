// Addresses of the internet that belong to somebody: no private, documentation or otherwise reserved ones.
import { checked, type Validator } from "./validator.ts";

/** IANA's registry of special-purpose IPv4 addresses (RFC 6890), as first octets and what follows; and resolvers that everybody knows. */
const RESERVED_4 =
  /^(?:0\.|10\.|127\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.|192\.0\.[02]\.|192\.88\.99\.|192\.168\.|198\.1[89]\.|198\.51\.100\.|203\.0\.113\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|2(?:2[4-9]|[345]\d)\.|(?:1\.[01]\.[01]\.1|8\.8\.(?:8\.8|4\.4)|9\.9\.9\.9|114\.114\.114\.114)$)/;
/** Numbers of versions and sections are small. */
const SMALL_OCTET = 30;

export const ip4: Validator = (value, around) => {
  const octets = value.split(".").map(Number);
  if (octets.some((octet) => octet > 255) || /(?:^|\.)0\d/.test(value) || RESERVED_4.test(value)) return null;
  if (around.isTold) return "checked";
  return octets.every((octet) => octet < SMALL_OCTET) ? null : "shaped";
};

/** IANA's special-purpose IPv6 addresses. */
const RESERVED_6 = /^(?:::|fe[89a-f]|f[cdf]|2001:0?db8|2001:0*:|100::|64:ff9b)/;

/** Eight groups, or global unicast with `::` for some; shorter ones are code (`a::b`) and times. */
export const ip6: Validator = checked((value) => {
  const text = value.toLowerCase();
  if (RESERVED_6.test(text) || text.includes(":::")) return false;
  const halves = text.split("::");
  const groups = text.split(":").filter((group) => group !== "");
  if (halves.length === 1) return groups.length === 8 && text.split(":").length === 8 && /[a-f]|\d{3}/.test(text);
  return halves.length === 2 && groups.length >= 3 && groups.length <= 7 && /^[23][0-9a-f]{3}:/.test(text) && !text.endsWith(":");
});
