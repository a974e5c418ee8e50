// Names of licenses at the start of a few words: known ones in any usual spelling, and names that Ajar has no record of.
import type { LicenseRecord } from "../../core/license.ts";
import { licenseNamedAt } from "../../licenses/pointers.ts";
import { licenseById, licenseByName } from "../../licenses/records.ts";
import { licenseRules } from "./license-rules.ts";

export interface Named {
  /** Null for a family (`CC BY-NC` without a version) and for a license that Ajar has no record of. */
  readonly license: LicenseRecord | null;
  /** As written. */
  readonly name: string;
}

/** Characters of a text in which a name is looked for. */
const NAME_CHARS = 160;

/** The license whose name the text starts with, in any usual spelling; null when it starts with none. */
export function knownNameAt(text: string): Named | null {
  const short = text.slice(0, NAME_CHARS);
  // Latin names stand in Chinese sentences without a space behind them.
  const latin = /^[A-Za-z0-9]/u.test(short)
    ? (/^[^\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}，。；、》」]+/u.exec(short)?.[0] ?? short)
    : short;
  return licenseNamedAt(latin) ?? looseName(short);
}

/** Spellings with spaces and without dashes: `CC BY-NC 4.0`, `Apache License Version 2.0`; Chinese names; a family without its version. */
function looseName(text: string): Named | null {
  const commons = /^(?:CC|Creative\s+Commons)[\s-]{0,3}(BY(?:[\s-](?:NC|SA|ND)){0,3})(?:[\s-]v?(\d\.\d))?(?!\w|\.\d)/iu.exec(text);
  if (commons !== null) return commonsName(commons[1] ?? "", commons[2], commons[0]);
  const attribution = ATTRIBUTION.exec(text);
  if (attribution !== null) return commonsName(`BY${partsOf(attribution[1] ?? "")}`, attribution[2], attribution[0].trimEnd());
  const { names, commons: chinese, familyName } = licenseRules();
  for (const { match, id } of names) {
    const found = match.exec(text);
    if (found !== null) return { license: licenseById(id), name: found[0].trimEnd() };
  }
  const han = chinese.exec(text);
  if (han !== null) return commonsName(`BY${partsOf(han.groups?.["parts"] ?? "")}`, han.groups?.["version"], han[0].trimEnd());
  const family = familyName.exec(text)?.[0].trim();
  return family === undefined ? null : { license: licenseByName(family), name: family };
}

/** Creative Commons licenses by their full English names, hyphens and spaces as people put them. */
const ATTRIBUTION =
  /^Creative\s+Commons\s+(?:licen[sc]e\s+)?Attribution((?:[\s-]+(?:Non-?Commercial|Share-?Alike|No-?Deriv(?:ative)?s)){0,2})(?:[\s,-]+(\d\.\d))?(?!\w|\.\d)/iu;

function commonsName(parts: string, version: string | undefined, name: string): Named {
  const id = `CC-${parts.toUpperCase().replace(/[\s-]+/gu, "-")}`;
  return { license: version === undefined ? null : licenseById(`${id}-${version}`), name };
}

function partsOf(words: string): string {
  const isNc = /非商|non-?commercial/iu.test(words);
  const isSa = /相同方式|share-?alike/iu.test(words);
  const isNd = /禁止|no-?deriv/iu.test(words);
  return `${isNc ? "-NC" : ""}${isNd ? "-ND" : ""}${isSa ? "-SA" : ""}`;
}

/** Words that a model's name has at most. */
const MAX_MODEL_WORDS = 4;

/** "The same license as Llama 3": a model whose license is called after it; null for models whose license has another name. */
export function licenseOfModelAt(text: string): Named | null {
  const words = text.slice(0, NAME_CHARS).split(/\s+/u).slice(0, MAX_MODEL_WORDS);
  for (let count = words.length; count > 0; count -= 1) {
    const name = words
      .slice(0, count)
      .join(" ")
      .replace(/[.,;:]+$/u, "");
    const license = ["license", "community license", "model license"]
      .map((end) => licenseByName(`${name} ${end}`))
      .find((found) => found !== null);
    if (license !== undefined) return { license, name };
  }
  return null;
}

/** A title of its own in front of License, Agreement or Terms. */
const TITLE =
  /^[A-Z0-9][\w.+&'’-]{0,30}[ \t]+(?:[A-Z0-9][\w.+&'’-]{0,30}[ \t]+|(?:of|and|for|the)[ \t]+){0,7}?(?:Licen[sc]e|LICEN[SC]E|Agreement|AGREEMENT|Terms\s+of\s+(?:Use|Service))(?:\s+(?:Agreement|AGREEMENT))?(?:\s+(?:v(?:ersion)?\.?\s*)?\d{1,2}(?:\.\d{1,2}){0,2})?/u;
/** Titles in Chinese quotation marks, and without them where a name of Latin letters or the word 社区/商用 makes them one. */
const HAN_TITLE =
  /^(?:《[^》]{2,40}?(?:许可|許可|授权|授權|协议|協議|条款|條款)[^》]{0,10}》|[“「][^”」]{2,40}?(?:许可|許可|授权|授權)(?:协议|協議|条款|條款|证|證)[^”」]{0,30}[”」]|[\w.+-]{2,30}\s?(?:系列)?(?:大)?(?:模型)?(?:社区|社區|商用|商业|商業|研究|使用)(?:许可|許可|授权|授權)(?:协议|協議|证|證)?)/u;
/** Words that make no title: what every license may be called. */
const COMMON =
  /^(?:the|this|our|an?|of|and|for|to|see|read|please|model|models|weights?|code|codes|source|software|data|dataset|datasets|open|permissive|commercial|free|custom|public|original|standard|same|respective|following|corresponding|their|its|your|user|end|full|new|license|licence|licensing|agreement|terms|use|service|usage|additional|separate|proprietary|non-commercial|noncommercial|research|community|base|modified)$/iu;
const WELL_KNOWN =
  /creative\s*commons|apache|\bMIT\b|\bBSD\b|\bGNU\b|\bA?L?GPL|mozilla|\bMPL\b|eclipse|\bCC[- ]BY|\bISC\b|unlicen[sc]e|contributor|\bCLA\b/iu;

/** A license or agreement with a title of its own that Ajar has no record of: `Tern Community License`; null when there is none. */
export function unknownNameAt(text: string): Named | null {
  const short = text.slice(0, NAME_CHARS);
  const name = (TITLE.exec(short) ?? HAN_TITLE.exec(short))?.[0].trim();
  if (name === undefined || WELL_KNOWN.test(name)) return null;
  const words = name.split(/\s+/u);
  if (/^[\x20-\x7e]+$/u.test(name) && words.every((word) => COMMON.test(word) || /^v?\d[\d.]*$/iu.test(word))) return null;
  return { license: null, name };
}
