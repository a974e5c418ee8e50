// A chain of certificates from a signer to a root that the verifier trusts (RFC 5280, section 6, what of it applies).
import { createHash, type KeyObject, X509Certificate as NodeCertificate } from "node:crypto";
import { X509Certificate } from "@sigstore/core";
import { AjarError } from "../core/errors.ts";
import { isSigningKey } from "./keys.ts";
import { Refused } from "./refused.ts";

const CODE_SIGNING = "1.3.6.1.5.5.7.3.3";
/** Extensions that are understood; any other that is critical ends the path (RFC 5280, 4.2). */
const KNOWN = new Set(["2.5.29.15", "2.5.29.19", "2.5.29.37", "2.5.29.14", "2.5.29.35", "2.5.29.17"]);
const MAX_DEPTH = 10;
const MAX_TRUSTED = 1000;
const PEM = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/gu;

export interface Certificate {
  readonly parsed: X509Certificate;
  readonly node: NodeCertificate;
  readonly der: Buffer;
}

/** Certificates of PEM files that the user named. @throws AjarError BAD_KEY */
export function readCertificates(pem: Uint8Array, name: string): readonly Certificate[] {
  const blocks = Buffer.from(pem).toString("latin1").match(PEM) ?? [];
  if (blocks.length === 0) throw new AjarError("BAD_KEY", "there is no certificate in PEM in it", { subject: name });
  if (blocks.length > MAX_TRUSTED) throw new AjarError("BAD_KEY", `more than ${MAX_TRUSTED} certificates`, { subject: name });
  return blocks.map((block) => {
    try {
      return certificateOf(Buffer.from(block.replace(/-----[^-]*-----/gu, ""), "base64"));
    } catch (cause) {
      throw new AjarError("BAD_KEY", "a certificate in it cannot be read", { subject: name, cause });
    }
  });
}

/** @throws Error of whatever kind when the bytes are no certificate */
function certificateOf(bytes: Uint8Array): Certificate {
  const der = Buffer.from(bytes);
  const node = new NodeCertificate(der);
  const parsed = X509Certificate.parse(der);
  // Read once here, so that damage shows now and not in the middle of a check.
  void [parsed.notBefore, parsed.notAfter, parsed.isCA, parsed.extensions.map((extension) => extension.toDER())];
  return { parsed, node, der };
}

export interface TrustedSigner {
  readonly publicKey: KeyObject;
  readonly subject: string;
  readonly fingerprint: string;
}

/**
 * Follows a bundle's chain to one of the trusted roots. Validity is judged at the moment from which the signer's certificate
 * holds, as the reference implementation does: a bundle without a time stamp does not say when it was signed.
 * @throws Refused bad-certificate
 */
export function trustedSigner(chain: readonly Buffer[], trusted: readonly Certificate[]): TrustedSigner {
  const [leaf, ...rest] = chain.map((der, index) => {
    try {
      return certificateOf(der);
    } catch {
      throw refused(`certificate ${index + 1} cannot be read`);
    }
  });
  if (leaf === undefined) throw refused("there is none");
  const at = leaf.parsed.notBefore;
  checkExtensions(leaf);
  checkUsage(leaf);
  const roots = trusted.filter(isRoot);
  if (roots.length === 0) throw refused("no root is among the trusted certificates");
  const between = [...rest, ...trusted.filter((certificate) => !isRoot(certificate))];
  const isTrusted = roots.some((root) => root.der.equals(leaf.der)) || leadsToRoot(leaf, { roots, between, at });
  if (!isTrusted) throw refused("it does not lead to a trusted root");
  const { publicKey } = leaf.node;
  if (!isSigningKey(publicKey)) throw refused("its key is not on P-256, P-384 or P-521");
  return { publicKey, subject: subjectOf(leaf), fingerprint: certificateFingerprint(leaf) };
}

/** Subject on one line. */
export function subjectOf({ node }: Certificate): string {
  return node.subject.replaceAll("\n", ", ");
}

/** SHA-256 (hex) of the certificate. */
export function certificateFingerprint({ der }: Certificate): string {
  return createHash("sha256").update(der).digest("hex");
}

function refused(detail: string): Refused {
  return new Refused("bad-certificate", { detail });
}

interface Search {
  readonly roots: readonly Certificate[];
  readonly between: readonly Certificate[];
  readonly at: Date;
}

/** Level by level, each certificate once: the first way to it is the shortest, which path lengths allow first. */
function leadsToRoot(leaf: Certificate, { roots, between, at }: Search): boolean {
  let level: readonly Certificate[] = [leaf];
  let left = between;
  for (let depth = 0; depth <= MAX_DEPTH && level.length > 0; depth += 1) {
    const issued = level;
    const issues = (issuer: Certificate): boolean => issued.some((certificate) => isIssuer(issuer, certificate, at, depth));
    if (roots.some(issues)) return true;
    level = left.filter(issues);
    left = left.filter((certificate) => !level.includes(certificate));
  }
  return false;
}

/** `depth`: authorities between the issuer and the signer. */
function isIssuer(issuer: Certificate, issued: Certificate, at: Date, depth: number): boolean {
  try {
    if (!issuer.parsed.isCA || !issuer.parsed.validForDate(at)) return false;
    const limit = issuer.parsed.extBasicConstraints?.pathLenConstraint;
    if (limit !== undefined && limit < BigInt(depth)) return false;
    checkExtensions(issuer);
    return issued.node.checkIssued(issuer.node) && issued.node.verify(issuer.node.publicKey);
  } catch {
    return false;
  }
}

function isRoot(certificate: Certificate): boolean {
  return (
    certificate.parsed.issuer.equals(certificate.parsed.subject) && isIssuer(certificate, certificate, certificate.parsed.notBefore, 0)
  );
}

function checkExtensions({ parsed }: Certificate): void {
  for (const { subs } of parsed.extensions) {
    const oid = subs[0]?.toOID() ?? "";
    const isCritical = subs.length === 3 && subs[1]?.toBoolean() === true;
    if (isCritical && !KNOWN.has(oid)) throw refused(`its critical extension ${oid} is not understood`);
  }
}

/** For signing: key usage `digitalSignature`, or extended usage `codeSigning` (sign_certificate.py). */
function checkUsage({ parsed, node }: Certificate): void {
  const isForSignatures = parsed.extKeyUsage?.digitalSignature === true || (node.keyUsage ?? []).includes(CODE_SIGNING);
  if (!isForSignatures) throw refused("it is not for signing");
}
