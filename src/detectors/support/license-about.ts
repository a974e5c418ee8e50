// Which model, version or file a license statement is about, when that is not the release itself. Statements about different
// things never contradict each other, so whatever may be a name counts as one.
import { loadRules } from "../../rules/load.ts";

interface AboutRules {
  readonly qualifiers: ReadonlySet<string>;
  readonly hanQualifiers: readonly string[];
  readonly common: ReadonlySet<string>;
  readonly hanCommon: readonly string[];
  readonly bare: ReadonlySet<string>;
  readonly hanBare: readonly string[];
}

let loaded: AboutRules | undefined;

function aboutRules(): AboutRules {
  loaded ??= readRules(Object(loadRules("detectors").get("license-about")));
  return loaded;
}

function readRules(data: Readonly<Record<string, readonly string[]>>): AboutRules {
  const { qualifiers = [], hanQualifiers = [], common = [], hanCommon = [], bare = [], hanBare = [] } = data;
  return { qualifiers: new Set(qualifiers), hanQualifiers, common: new Set(common), hanCommon, bare: new Set(bare), hanBare };
}

const HAN = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
const TOKENS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])[\p{L}\p{N}])(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])[\p{L}\p{N}._+-])*/gu;
/** Letters and digits mixed: sizes, versions, names of models and files. */
const MIXED = /^(?=[^\d]*\d)(?=[^\p{L}]*\p{L})[\p{L}\p{N}._+-]+$/u;
/** Words looked at; a sentence has fewer. */
const MAX_TOKENS = 120;

function tokensOf(words: string): readonly string[] {
  const plain = words
    .replace(/https?:\/\/[^\s\p{Script=Han}，。；、（）]{1,300}/giu, " ")
    .replace(/\b\d{4}[-/.]\d{1,2}(?:[-/.]\d{1,2})?\b/gu, " ");
  return (plain.match(TOKENS) ?? []).slice(0, MAX_TOKENS).map((token) => token.replace(/[._+-]+$/u, ""));
}

/** Whether words around a license name speak of nothing but the release itself: "Tern is released under", "License:". */
export function isBare(words: string, own: ReadonlySet<string>): boolean {
  const { common, bare, hanBare } = aboutRules();
  const tokens = tokensOf(words);
  for (let at = 0; at < tokens.length; at += 1) {
    const ownLength = ownAt(tokens, at, own);
    if (ownLength > 0) {
      at += ownLength - 1;
      continue;
    }
    const token = tokens[at] ?? "";
    const isNothing = HAN.test(token)
      ? hanBare.reduce((left, word) => left.replaceAll(word, ""), token).length < 2
      : common.has(token.toLowerCase()) || bare.has(token.toLowerCase());
    if (!isNothing) return false;
  }
  return true;
}

/** Words that name the thing of a statement, `""` when they name the release itself or nothing. Sorted, each once. */
export function aboutOf(words: string, own: ReadonlySet<string>): string {
  const tokens = tokensOf(words);
  const found = new Set<string>();
  let isBehindOwn = false;
  for (let at = 0; at < tokens.length; at += 1) {
    const ownLength = ownAt(tokens, at, own);
    if (ownLength > 0) {
      isBehindOwn = true;
      at += ownLength - 1;
      continue;
    }
    const token = tokens[at] ?? "";
    if (HAN.test(token)) {
      for (const name of namesInHan(token, own)) found.add(name);
      isBehindOwn = isBehindOwn && token.startsWith("系列");
      continue;
    }
    const rest = withoutOwn(token, own);
    if (rest !== token || isName(token, isBehindOwn)) found.add(normalised(rest));
    isBehindOwn = isBehindOwn && /^series$/iu.test(token);
  }
  return [...found].sort().join(" ");
}

/** Names of a release are at most this many words long. */
const MAX_OWN_WORDS = 4;

/** How many words from here on are a name of the release itself. */
function ownAt(tokens: readonly string[], at: number, own: ReadonlySet<string>): number {
  for (let length = Math.min(MAX_OWN_WORDS, tokens.length - at); length > 0; length -= 1) {
    if (own.has(letters(tokens.slice(at, at + length).join("")))) return length;
  }
  return 0;
}

/** Chinese runs hold no spaces: qualifiers stand inside them, and a name right before 模型. */
function namesInHan(run: string, own: ReadonlySet<string>): readonly string[] {
  const { hanQualifiers, hanCommon } = aboutRules();
  const found = hanQualifiers.filter((word) => run.includes(word));
  const before = /^(.{2,12}?)(?:大|语言|語言)*模型/u.exec(run)?.[1];
  if (before === undefined) return found;
  const name = hanCommon.reduce((left, word) => left.replaceAll(word, ""), before);
  return name.length < 2 || own.has(name) || hanQualifiers.includes(name) ? found : [...found, name];
}

/** `GPL-3.0` is a license, however much it looks like the name of a model. */
const LICENSE_NAME = /^(?:[al]?gpl|cc|bsd|mpl|epl|eupl|apache|mit|odc|odbl|cdla|mulan\w*)(?:[-\d.v]|$)/iu;

function isName(token: string, isBehindOwn: boolean): boolean {
  if (/^v?\d+(?:\.\d+)*$/iu.test(token)) return isBehindOwn || /^v/iu.test(token);
  if (LICENSE_NAME.test(token)) return false;
  const { qualifiers, common } = aboutRules();
  const lower = token.toLowerCase();
  if (qualifiers.has(lower) || (MIXED.test(token) && !/^\d+(?:st|nd|rd|th|x)$/iu.test(token))) return true;
  return /^\p{Lu}/u.test(token) && !common.has(lower);
}

function letters(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

function normalised(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}.-]/gu, "");
}

/** The token without a name of this release in front: `Tern-7B` of Tern is `7B`. */
function withoutOwn(token: string, own: ReadonlySet<string>): string {
  const pieces = token.split(/[-_]/u);
  for (let count = pieces.length - 1; count > 0; count -= 1) {
    if (own.has(letters(pieces.slice(0, count).join("")))) return pieces.slice(count).join("-");
  }
  return token;
}
