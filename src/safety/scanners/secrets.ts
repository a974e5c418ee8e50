// Secrets in the text of a release (RP06). A report never holds one: kind, length and both ends.
import type { FormatReading, SafetyHit } from "../../core/scan.ts";
import { FULL } from "../combine.ts";
import { isPlain } from "../plain.ts";
import { hitOf } from "../rules.ts";
import type { Scanner } from "../scanner.ts";

const MAX_BYTES = 8 * 1024 * 1024;
const MAX_HITS = 20;
/** Forms that their issuers document; each says what it is by itself. */
const SECRETS: readonly (readonly [string, RegExp])[] = [
  ["Hugging Face token", /\bhf_[A-Za-z]{34,40}\b/gu],
  ["AWS access key", /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/gu],
  ["GitHub token", /\b(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{82})\b/gu],
  ["GitLab token", /\bglpat-[\w-]{20,}\b/gu],
  ["OpenAI key", /\bsk-(?:proj-|svcacct-)?[A-Za-z0-9_-]{20,}T3BlbkFJ[A-Za-z0-9_-]{20,}\b/gu],
  ["Anthropic key", /\bsk-ant-[\w-]{80,}\b/gu],
  ["Google key", /\bAIza[\w-]{35}\b/gu],
  ["Slack token", /\bxox[abprs]-[A-Za-z0-9-]{20,}\b/gu],
  ["PyPI token", /\bpypi-AgEIcHlwaS5vcmc[\w-]{50,}\b/gu],
  ["npm token", /\bnpm_[A-Za-z0-9]{36}\b/gu],
  ["private key", /-----BEGIN (?:RSA |EC |DSA |OPENSSH |ENCRYPTED )?PRIVATE KEY-----\s+[A-Za-z0-9+/=\s]{64}/gu],
];
const ANY = /hf_|AKIA|ASIA|gh[pousr]_|github_pat_|glpat-|sk-|AIza|xox|pypi-Ag|npm_|PRIVATE KEY/u;
/** As documentation writes them. */
const PLACEHOLDER = /x{6}|X{6}|\.{3}|example|EXAMPLE|1234567|abcdef/u;

export const scanner: Scanner = {
  id: "secrets",
  risk: "cannot-execute",
  quiet: true,
  claims: ({ path, head, sizeBytes }) =>
    sizeBytes > 0 && sizeBytes <= MAX_BYTES && !path.includes("!") && !head.includes(0) && isPlain(head),
  async scan(reader): Promise<FormatReading> {
    const text = Buffer.from(await reader.read(0, reader.sizeBytes)).toString("latin1");
    const hits: SafetyHit[] = [];
    if (ANY.test(text)) {
      for (const [secret, pattern] of SECRETS) {
        for (const match of text.matchAll(pattern)) {
          if (hits.length >= MAX_HITS || PLACEHOLDER.test(match[0]) || isUniform(match[0])) continue;
          const args = { secret, shown: redacted(match[0]) };
          hits.push(hitOf("RP06", { start: match.index, end: match.index + match[0].length, args }));
        }
      }
    }
    return { format: "text", risk: "cannot-execute", coverage: FULL, hits, tensors: [], parameters: null, metadata: new Map() };
  },
};

function redacted(secret: string): string {
  return `${secret.slice(0, 2)}…${secret.trimEnd().slice(-2)} (${secret.length})`;
}

/** A real token has many different characters. */
function isUniform(secret: string): boolean {
  return new Set(secret).size < 10;
}
