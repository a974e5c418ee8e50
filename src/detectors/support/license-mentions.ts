// License names in a sentence, with their places: only where the words around make a statement of it.
import type { LicenseRecord } from "../../core/license.ts";
import { licenseByUrl } from "../../licenses/pointers.ts";
import { knownNameAt, licenseOfModelAt, type Named, unknownNameAt } from "./license-names.ts";
import { licenseRules } from "./license-rules.ts";

export interface Mention {
  readonly license: LicenseRecord | null;
  readonly name: string;
  /** License file of this source that the words link to, or address of another's. */
  readonly path: string | null;
  readonly start: number;
  readonly end: number;
}

export interface LinkTarget {
  readonly text: string;
  readonly license: LicenseRecord | null;
  readonly path: string | null;
  readonly url?: string;
}

/** Characters looked at before and after a name. */
const CONTEXT_CHARS = 80;
/** Names looked for in one sentence. */
const MAX_MENTIONS = 8;
/** Where a name may start: a word, a Latin word behind Chinese ones, a Chinese title. */
const STARTS =
  /(?<![\p{L}\p{N}.-])[\p{L}\p{N}]|(?<=[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])[A-Za-z0-9]|知识共享|知識共享|创用|創用|木兰|木蘭|通用公共|通用公眾|(?:署名|姓名标示|姓名標示)[-─—–\s]|[《“「]/gu;

interface MentionText {
  readonly text: string;
  /** A row of a table with a column of licenses: a cell that holds nothing but a name states it. */
  readonly cells?: boolean;
}

/** License names that the sentence states, in order; a link to a license file counts by what that file is. */
export function findMentions({ text, cells = false }: MentionText, links: readonly LinkTarget[]): readonly Mention[] {
  const mentions = links.flatMap((link) => linkMention(text, link));
  const starts = new RegExp(STARTS);
  for (let match = starts.exec(text); match !== null && mentions.length < MAX_MENTIONS; match = starts.exec(text)) {
    const start = match.index;
    const covering = mentions.find((mention) => mention.start <= start && start < mention.end);
    if (covering !== undefined) {
      starts.lastIndex = Math.max(covering.end, start + 1);
      continue;
    }
    starts.lastIndex = start + 1;
    const previous = mentions.at(-1);
    const isJoined = previous !== undefined && previous.end <= start && JOINED.test(text.slice(previous.end, start));
    const mention = isJoined ? joinedAt(text, start) : mentionAt(text, start, cells);
    if (mention === null) continue;
    starts.lastIndex = mention.end;
    if (isMeant(text, mention)) mentions.push(mention);
  }
  return mentions.sort((a, b) => a.start - b.start || b.end - a.end);
}

/** Words of a link that name nothing themselves. */
const DEICTIC = /^\W*(?:(?:this|the|see)\s+)?(?:here|link|details?|page|file|text|链接|連結|鏈接|此处|此處|这里|這裡|這裏|详情|詳情)\W*$/iu;
const LICENSE_WORDS = /licen[sc]e|agreement|terms|\bMIT\b|apache|\bCC\b|\bBSD\b|GPL|RAIL|许可|許可|授权|授權|协议|協議|条款|條款/iu;

function linkMention(text: string, link: LinkTarget): readonly Mention[] {
  const start = link.text === "" ? -1 : text.indexOf(link.text);
  const license = link.license ?? licenseByUrl(link.url ?? "");
  if (start === -1 || (link.path === null && license === null)) return [];
  const end = start + link.text.length;
  // An address of a license behind "you must give credit" explains a duty; it states no license.
  const isNamed =
    LICENSE_WORDS.test(link.text) || (DEICTIC.test(link.text) && LICENSE_WORDS.test(text.slice(Math.max(0, start - CONTEXT_CHARS), start)));
  if (link.path === null && !isNamed && knownNameAt(link.text) === null) return [];
  const mention = { license, name: link.text, path: link.path, start, end };
  return isMeant(text, mention) ? [mention] : [];
}

/** Right before the name of a model whose license is taken over. */
const SAME_AS = /\bsame\s+licen[sc]e\s+as\s+(?:that\s+of\s+|for\s+)?(?:the\s+)?$/iu;

function mentionAt(text: string, start: number, cells = false): Mention | null {
  if (SAME_AS.test(text.slice(Math.max(0, start - CONTEXT_CHARS), start))) {
    const ofModel = licenseOfModelAt(text.slice(start));
    if (ofModel !== null) return mentionOf(ofModel, start);
  }
  const known = knownNameAt(text.slice(start, start + 2 * CONTEXT_CHARS));
  if (known !== null) return isStated(text, start, known) || (cells && isCell(text, start, known)) ? mentionOf(known, start) : null;
  const unknown = unknownNameAt(text.slice(start, start + 2 * CONTEXT_CHARS));
  return unknown !== null && isTitled(text, start, unknown) ? mentionOf(unknown, start) : null;
}

/** Nothing but this between two names joins them: what makes the first a statement makes the second one too. */
export const JOINED =
  /^[\s,，、/]*(?:(?:and|or|und|ou|或者|或|和|与|與|及|以及)[\s,，、/]*)+(?:the\s+|an?\s+)?["'“‘(（「《[]*$|^\s*[/、]\s*$/iu;

function joinedAt(text: string, start: number): Mention | null {
  const known = knownNameAt(text.slice(start, start + 2 * CONTEXT_CHARS));
  return known === null || known.license === null ? mentionAt(text, start) : mentionOf(known, start);
}

function mentionOf({ license, name }: Named, start: number): Mention {
  return { license, name, path: null, start, end: start + name.length };
}

function around(text: string, start: number, end: number): readonly [string, string] {
  return [text.slice(Math.max(0, start - CONTEXT_CHARS), start), text.slice(end, end + CONTEXT_CHARS)];
}

function isStated(text: string, start: number, { license, name }: Named): boolean {
  const rules = licenseRules();
  const [before, after] = around(text, start, start + name.length);
  // "proprietary" is a word of every other sentence; only as the value of a field is it a license.
  if (license?.kind === "proprietary")
    return /(?:licen[sc]e|许可证?|許可證?|授权|授權|协议|協議)s?\W{0,6}$/iu.test(before) || isAlone(before, after);
  // A line that holds nothing else: the caller saw that it stands below a heading that asks for it.
  if (isAlone(before, after)) return true;
  if (rules.after.test(after) || /licen[sc]e|协议|協議|许可|許可|署名|姓名/iu.test(name)) return true;
  return rules.before.test(before) && /\d|-|^(?:mit|isc|bsd|apache|cc|mulan|木)/iu.test(name);
}

function isCell(text: string, start: number, { name }: Named): boolean {
  const [before, after] = around(text, start, start + name.length);
  return /(?:^|\|)\s*$/u.test(before) && /^\s*(?:\||$)/u.test(after);
}

function isAlone(before: string, after: string): boolean {
  return before.trim() === "" && /^[\s\p{P}]*(?:(?:©|\(c\)|copyright\b).{0,70})?$/iu.test(after);
}

/** Verbs that make a license with a title of its own the matter of the sentence. */
const GOVERNS = /^[\s"'”’`*_\])）》]{0,4}(?:(?:is|are|was|has been|can be|applies|apply|governs?|shall)\b|适用|適用|更新|已更新)/iu;
const UNDER =
  /(?:\bunder|\bsubject\s+to|\bgoverned\s+by|\badhere\s+to|\bcomply\s+with|\baccept|\bagree\s+to|\bterms\s+of|\bfollows?|\blicen[sc]e\s*:|依照|按照|采用|採用|遵循|遵守|遵从|遵從|适用|適用|接受|同意|受|根据|根據|基于|基於|协议[:：]|許可[:：])\s*(?:the\s+|our\s+|an?\s+|a\s+custom\s+)?["'“‘`*_[(（「]*$/iu;

function isTitled(text: string, start: number, { name }: Named): boolean {
  const [before, after] = around(text, start, start + name.length);
  return (
    UNDER.test(before) || (GOVERNS.test(after) && /^[\s\p{P}\p{S}\d]*(?:the\s+|our\s+)?(?:[\s\p{P}\p{S}]*)$|\bthe\s+$|^$/iu.test(before))
  );
}

/** Not taken back, given up, compared or asked about. */
function isMeant(text: string, { start, end }: { readonly start: number; readonly end: number }): boolean {
  const rules = licenseRules();
  const [before, after] = around(text, start, end);
  if (/[?？]\s*$/u.test(text)) return false;
  if (rules.notSo.test(before) || /modified\s+$|(?:修改|类|類)\s*$|\bMIT[- ]?style\s*$/iu.test(before)) return false;
  if (rules.changedFrom.test(before) && rules.changedTo.test(after)) return false;
  return !(rules.setAgainst.test(before) && rules.setAgainstAfter.test(after));
}
