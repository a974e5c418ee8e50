// Text as detectors want it: sentences, table rows, headings and code, each with its lines and the headings above it.
import type { Artifact, Role } from "../../core/inventory.ts";
import type { Block, Document } from "../../documents/document.ts";
import { lineCounter, splitSentences } from "../../documents/sentences.ts";
import type { DetectorContext } from "../detector.ts";

export type PassageKind = "heading" | "paragraph" | "item" | "quote" | "row" | "code";

/** One sentence, table row, heading or code block. */
export interface Passage {
  readonly artifact: Artifact;
  readonly kind: PassageKind;
  /** White space folded; at most MAX_PASSAGE_CHARS. */
  readonly text: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly under: readonly string[];
  /** The sentence before it in the same block, or the block before it; empty at the start. */
  readonly before: string;
}

/** Longest text a pattern sees at once; together with patterns without nested repeats it keeps matching linear. */
export const MAX_PASSAGE_CHARS = 2_000;

/** Text looked at per document: ten times the longest card known. What is longer is data in disguise, or hostile. */
const MAX_DOCUMENT_CHARS = 1_000_000;

/** Windows of one overlong sentence that are looked at. */
const MAX_WINDOWS = 4;

const cache = new WeakMap<Document, readonly Passage[]>();

/** Artifacts with one of the roles, without those of third parties. */
export function artifactsWith(context: DetectorContext, roles: readonly Role[]): readonly Artifact[] {
  return context.source.artifacts.filter(
    (artifact) => !artifact.thirdParty && artifact.text !== null && artifact.roles.some((role) => roles.includes(role)),
  );
}

/** Passages of an artifact in reading order; computed once per document. */
export function passagesOf(context: DetectorContext, artifact: Artifact): readonly Passage[] {
  const document = context.document(artifact);
  if (document === null) return [];
  const known = cache.get(document);
  if (known !== undefined) return known;
  const passages: Passage[] = [];
  let chars = 0;
  for (const block of document.blocks) {
    if (chars > MAX_DOCUMENT_CHARS) break;
    const before = passages.length;
    addBlock(passages, artifact, block);
    for (const { text } of passages.slice(before)) chars += text.length;
  }
  cache.set(document, passages);
  return passages;
}

function addBlock(passages: Passage[], artifact: Artifact, block: Block): void {
  const { under } = block;
  const add = (kind: PassageKind, text: string, startLine: number, endLine: number): void => {
    const before = passages.at(-1)?.text ?? "";
    for (const piece of windows(fold(text))) passages.push({ artifact, kind, text: piece, startLine, endLine, under, before });
  };
  switch (block.kind) {
    case "table":
      if (block.header.some((cell) => cell !== "")) add("row", block.header.join(" | "), block.startLine, block.startLine);
      for (const row of block.rows) add("row", row.cells.join(" | "), row.line, row.line);
      return;
    case "heading":
      add("heading", block.text, block.startLine, block.endLine);
      return;
    case "code":
      add("code", block.text, block.startLine, block.endLine);
      return;
    default: {
      const lineOf = lineCounter(block, block.text);
      for (const sentence of splitSentences(block.text)) {
        const startLine = lineOf(sentence.start);
        add(block.kind, sentence.text, startLine, lineOf(sentence.end));
      }
    }
  }
}

function fold(text: string): string {
  return text.replace(/\s+/gu, " ").trim();
}

function* windows(text: string): Generator<string> {
  const end = Math.min(text.length, MAX_WINDOWS * MAX_PASSAGE_CHARS);
  for (let at = 0; at < end; at += MAX_PASSAGE_CHARS) yield text.slice(at, at + MAX_PASSAGE_CHARS);
}
