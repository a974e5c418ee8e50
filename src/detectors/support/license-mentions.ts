// License names in a sentence, with their places: only where the words around make a statement of it.
import { AjarError } from "../../core/errors.ts";
import type { LicenseRecord } from "../../core/license.ts";
import { licenseByUrl, licenseNamedAt } from "../../licenses/pointers.ts";
import { loadRules } from "../../rules/load.ts";
import { Pattern } from "../../rules/pattern.ts";

export interface Mention {
  readonly license: LicenseRecord | null;
  readonly name: string;
  /** License file of this source that the words link to. */
  readonly path: string | null;
  readonly start: number;
  readonly end: number;
}

export interface LicenseRules {
  readonly hint: Pattern;
  readonly before: Pattern;
  readonly after: Pattern;
  readonly unless: Pattern;
  readonly notUnder: Pattern;
  readonly repository: Pattern;
  readonly underWeights: Pattern;
  readonly underData: Pattern;
  /** Terms that narrow use, said without the name of a license. */
  readonly narrowing: Pattern;
  readonly notNarrowing: Pattern;
}

let loaded: LicenseRules | undefined;

/** The patterns of rules/detectors/licenses.yaml. @throws AjarError BAD_RULE_DATA */
export function licenseRules(): LicenseRules {
  loaded ??= readRules();
  return loaded;
}

function readRules(): LicenseRules {
  const data = new Map(Object.entries(Object(loadRules("detectors").get("licenses"))));
  const regex = (key: string): Pattern => {
    const value = data.get(key);
    if (typeof value !== "string") throw new AjarError("BAD_RULE_DATA", `${key} is missing`, { subject: "rules/detectors/licenses.yaml" });
    return new Pattern(value.trim(), "iu");
  };
  return {
    hint: regex("hint"),
    before: regex("before"),
    after: regex("after"),
    unless: regex("unless"),
    notUnder: regex("notUnder"),
    repository: regex("repository"),
    underWeights: regex("underWeights"),
    underData: regex("underData"),
    narrowing: regex("narrowing"),
    notNarrowing: regex("notNarrowing"),
  };
}

interface Linked {
  readonly text: string;
  readonly license: LicenseRecord | null;
  readonly path: string | null;
  readonly url?: string;
}

/** Characters looked at before and after a name. */
const CONTEXT_CHARS = 80;
/** Names looked for in one sentence. */
const MAX_MENTIONS = 8;

/** License names that the sentence states, in order; a link to a license file counts by what that file is. */
export function findMentions({ text }: { readonly text: string }, links: readonly Linked[]): readonly Mention[] {
  const mentions = links.flatMap((link) => linkMention(text, link));
  const starts = /(?<![\p{L}\p{N}.-])[\p{L}\p{N}]/gu;
  for (let match = starts.exec(text); match !== null && mentions.length < MAX_MENTIONS; match = starts.exec(text)) {
    const start = match.index;
    if (mentions.some((mention) => mention.start <= start && start < mention.end)) continue;
    const mention = mentionAt(text, start);
    if (mention === null) continue;
    mentions.push(mention);
    starts.lastIndex = mention.end;
  }
  return mentions.sort((a, b) => a.start - b.start || b.end - a.end);
}

function linkMention(text: string, link: Linked): readonly Mention[] {
  const start = link.text === "" ? -1 : text.indexOf(link.text);
  const license = link.license ?? licenseByUrl(link.url ?? "");
  if (start === -1 || (link.path === null && license === null)) return [];
  return [{ license, name: link.text, path: link.path, start, end: start + link.text.length }];
}

function mentionAt(text: string, start: number): Mention | null {
  const named = licenseNamedAt(text.slice(start, start + 2 * CONTEXT_CHARS)) ?? looseName(text.slice(start, start + CONTEXT_CHARS));
  if (named === null) return null;
  const end = start + named.name.length;
  return isStated(text, start, end, named.name) ? { license: named.license, name: named.name, path: null, start, end } : null;
}

function isStated(text: string, start: number, end: number, name: string): boolean {
  const rules = licenseRules();
  const before = text.slice(Math.max(0, start - CONTEXT_CHARS), start);
  const after = text.slice(end, end + CONTEXT_CHARS);
  if (rules.after.test(after) || /licen[sc]e|协议/iu.test(name)) return true;
  return rules.before.test(before) && /\d|-|^(?:mit|isc|bsd|apache)/iu.test(name);
}

/** Spellings with spaces and without dashes: `CC BY-NC 4.0`, `Apache License Version 2.0`. */
function looseName(text: string): { readonly license: LicenseRecord; readonly name: string } | null {
  const commons = /^CC[\s-](BY(?:[\s-](?:NC|SA|ND))*)[\s-](\d\.\d)/iu.exec(text);
  if (commons !== null) return named(`CC-${(commons[1] ?? "").replace(/\s/gu, "-")}-${commons[2]}`, commons[0]);
  const apache = /^Apache[\s-](?:Licen[sc]e,?[\s-]*)?(?:V(?:ersion)?\.?\s*)?2(?:\.0)?\b/iu.exec(text);
  if (apache !== null) return named("Apache-2.0", apache[0]);
  return null;
}

function named(id: string, name: string): { readonly license: LicenseRecord; readonly name: string } | null {
  const found = licenseNamedAt(id);
  return found === null ? null : { license: found.license, name };
}
