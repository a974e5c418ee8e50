import { type Evidence, evidence, quoteOf, type Span } from "./evidence.ts";

/** Evidence for one place inside a license text that `statement` already points at. */
export function clauseEvidence(statement: Evidence, span: Span, quote: string): Evidence {
  const { source, path, digest } = statement;
  return evidence({ source, path, digest, span, quote: quoteOf(quote), method: "license-match" });
}
