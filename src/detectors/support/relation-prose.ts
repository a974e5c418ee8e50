// Parents told in sentences, labelled lines and lists of a card.
import type { Relation } from "../../core/chain.ts";
import type { Artifact } from "../../core/inventory.ts";
import type { Link } from "../../documents/document.ts";
import type { DetectorContext } from "../detector.ts";
import { type Passage, passagesOf } from "./passages.ts";
import { readNames } from "./relation-names.ts";
import { type RelationPattern, type RelationRules, relationRules } from "./relation-rules.ts";
import { targetOfUrl } from "./relation-targets.ts";
import { namesRelease } from "./release-names.ts";

/** A parent as a passage tells it. */
export interface ToldRelation {
  readonly relation: Relation;
  /** Hub id, address or name. */
  readonly target: string;
  /** The name as written. */
  readonly name: string;
  readonly passage: Passage;
}

/** Parents kept of one document; one that tells of more is a catalogue. */
const MAX_TOLD = 100;
/** Longer lines with a label are sentences. */
const MAX_FIELD_CHARS = 200;
/** Places in one passage where one pattern is tried. */
const MAX_TRIES = 3;

/** All parents that the passages of a card tell of. */
export function relationsTold(context: DetectorContext, artifact: Artifact, names: ReadonlySet<string>): readonly ToldRelation[] {
  const rules = relationRules();
  const links = linksByLine(context.document(artifact)?.links ?? []);
  const told = passagesOf(context, artifact).flatMap((passage) => {
    if (passage.kind === "code") return [];
    const found = inSection(passage, rules) ?? inField(passage, rules) ?? inSentence(passage, rules, names);
    return found === null
      ? []
      : found.names.map((name) => ({ relation: found.relation, target: targetFor(name, passage, links), name, passage }));
  });
  return told.slice(0, MAX_TOLD);
}

interface Found {
  readonly relation: Relation;
  readonly names: readonly string[];
}

function inSection(passage: Passage, { sections }: RelationRules): Found | null {
  const heading = passage.under.at(-1);
  if (heading === undefined || passage.kind !== "item") return null;
  const section = sections.find(({ under }) => under.test(heading.trim()));
  const names = section === undefined ? [] : readNames(passage.text, { firm: false, list: false });
  return section === undefined || names.length === 0 ? null : { relation: section.relation, names };
}

function inField(passage: Passage, { fields }: RelationRules): Found | null {
  if (passage.kind === "heading" || passage.text.length > MAX_FIELD_CHARS) return null;
  // A longer row is a line of a table of many models.
  if (passage.kind === "row" && passage.text.split(" | ").length !== 2) return null;
  for (const { relation, match } of fields) {
    const found = match.exec(passage.text);
    if (found === null) continue;
    const names = readNames(passage.text.slice(found[0].length), { firm: passage.kind !== "row", list: true });
    return names.length === 0 ? null : { relation, names };
  }
  return null;
}

function inSentence(passage: Passage, rules: RelationRules, releases: ReadonlySet<string>): Found | null {
  for (const pattern of rules.prose) {
    if (passage.kind === "heading" && !pattern.headings) continue;
    const said = saidBy(pattern, passage.text);
    if (said === null) continue;
    if (pattern.with?.test(passage.text) === false || rules.unless.some((unless) => unless.test(passage.text))) continue;
    if (isAboutRelease(said.subject, passage, releases)) return { relation: pattern.relation, names: said.names };
  }
  return null;
}

/** The first place where a pattern is followed by a name. */
function saidBy(pattern: RelationPattern, text: string): { readonly names: readonly string[]; readonly subject: string } | null {
  let from = 0;
  for (let turn = 0; turn < MAX_TRIES; turn += 1) {
    const found = pattern.match.exec(text.slice(from));
    if (found === null) return null;
    const target = found.groups?.["target"];
    const end = from + found.index + found[0].length;
    const names = readNames(target ?? text.slice(end), pattern);
    const subject = text.slice(0, from + found.index);
    if (names.length > 0 && !/\bwhich\s+(?:itself\s+)?(?:is|was)\s+(?:an?\s+)?(?:\w+\s+)?$/iu.test(subject)) return { names, subject };
    from += found.index + Math.max(1, Math.min(found[0].length, 12));
  }
  return null;
}

const SPEAKER = /\b(?:this|our|ours|we|it|its|these)\b|本(?:模型|项目|項目|版本|仓库)|该模型|該模型|此模型|我们|我們|模型/iu;
/** Words with a capital that name nothing, at the start of a sentence. */
const COMMON =
  /^(?:The|This|These|It|Its|We|Our|A|An|All|Both|Each|Model|Models|Base|Chat|Instruct|Instruction|Type|Version|Weights|Released|Release|Data|Finetuned|Fine|In|On|By|With|For|As|And|New|Note|NEW|LLM|LLMs|SFT|DPO|RLHF|LoRA|QLoRA|GGUF|GPTQ|AWQ|GGML|PEFT|MLX|ONNX|EXL2|Adapter|Knowledge|Post|Training|Int4|Int8|We've|Quantized|Merged|English|Chinese|Description|Overview)$/u;
const WORD = /[A-Za-z][\w.-]*/gu;
const OURS = /\b(?:our|this|these)\s+(?:[\w-]+\s+){0,3}$/iu;

/** Whether the words before the relation speak of this release, and not of somebody else's model. */
function isAboutRelease(subject: string, passage: Passage, releases: ReadonlySet<string>): boolean {
  if (namesRelease(subject, releases) || OURS.test(subject)) return true;
  const others = namesIn(subject);
  const [first] = others;
  return first === undefined || SPEAKER.test(subject.slice(0, first.index)) || isPublished(others, passage);
}

interface Word {
  readonly text: string;
  readonly index: number;
}

/** Words that look like names of models or of their makers. The first word of a sentence has a capital anyway. */
function namesIn(subject: string): readonly Word[] {
  return Array.from(subject.matchAll(WORD), ({ 0: text, index }) => ({ text, index })).filter(({ text, index }) => {
    if (!/^[A-Z]/u.test(text) || COMMON.test(text)) return false;
    const isSubject = /^\s+(?:is|was|are|were|has|have|itself)\b/u.test(subject.slice(index + text.length));
    return index > 0 || /\d|^.+[A-Z]/u.test(text) || isSubject;
  });
}

/** `Vicuna` under the heading `Vicuna Weights`: one of several models that the repository gives. */
function isPublished(words: readonly Word[], { under }: Passage): boolean {
  return under.some(
    (heading) => /\b(?:weights|models?|checkpoints?)\b/iu.test(heading) && words.some(({ text }) => heading.includes(text)),
  );
}

type LinksByLine = ReadonlyMap<number, readonly Link[]>;

function linksByLine(links: readonly Link[]): LinksByLine {
  const byLine = new Map<number, Link[]>();
  for (const link of links) {
    const same = byLine.get(link.line);
    if (same === undefined) byLine.set(link.line, [link]);
    else same.push(link);
  }
  return byLine;
}

/** Where a link on the name leads, if it leads to a model; else the name. */
function targetFor(name: string, { startLine, endLine }: Passage, links: LinksByLine): string {
  for (let line = startLine; line <= endLine; line += 1) {
    for (const { text, url } of links.get(line) ?? []) {
      if (/\/datasets\//u.test(url)) continue;
      const isOnName = text !== "" && (name.startsWith(text) || text.includes(name));
      const target = isOnName || (text === "" && url.includes(name)) ? targetOfUrl(url) : null;
      if (target !== null) return target;
    }
  }
  return name;
}
