// Addresses of mail.
import { parse } from "tldts";
import { checked, type Validator } from "./validator.ts";

/** RFC 2606 and RFC 6761, and what documentation writes. */
const MADE_UP = /(?:^|\.)(?:example\.(?:com|net|org|edu)|example|test|invalid|localhost|domain\.com|email\.com|yourdomain\.com|acme\.com)$/;
/** Boxes of an office and not of a person; RFC 2142 and what companies write. */
const ROLE =
  /^(?:abuse|admin|administrator|billing|careers?|contact|copyright|customerservice|dmca|editor|enquiries|feedback|hello|help|helpdesk|hostmaster|hr|info|inquiries|jobs|legal|mail|marketing|media|news|newsletter|noc|office|postmaster|press|privacy|root|sales|security|service|support|team|tousu|webmaster|wm|kefu|bianji)(?:[-_+.\d]|$)/;
const NOBODY = /^(?:no-?reply|do-?not-?reply|donotreply|mailer-daemon|bounces?|git|example|user(?:name)?|name|your\.?name|foo|bar)$/;

/** The address of somebody, not that of an office. */
export const email: Validator = checked((value) => isAddress(value) && !ROLE.test(localOf(value)));

/** The address of an office. */
export const emailRole: Validator = checked((value) => isAddress(value) && ROLE.test(localOf(value)));

function localOf(value: string): string {
  return value.slice(0, value.lastIndexOf("@")).toLowerCase();
}

/** Whether the domain ends in a suffix of the public suffix list's ICANN part, and neither part is made up. */
function isAddress(value: string): boolean {
  const local = localOf(value);
  if (local.startsWith(".") || local.endsWith(".") || local.includes("..") || NOBODY.test(local)) return false;
  const domain = value.slice(value.lastIndexOf("@") + 1).toLowerCase();
  if (MADE_UP.test(domain)) return false;
  const found = parse(domain, { allowPrivateDomains: false, extractHostname: false });
  return found.isIcann === true && found.domain !== null;
}
