// Texts without terms of their own: a tag, an address, "see LICENSE-MODEL". A pointer is never read as the license itself.
import type { LicenseMatch, LicenseRecord } from "../core/license.ts";
import type { LineIndex } from "../core/text.ts";
import { parseExpression } from "./expression.ts";
import { licenseIndex } from "./license-index.ts";
import { licenseById, licenseByName, recordAt } from "./records.ts";

type Pointer = Extract<LicenseMatch, { outcome: "pointer" }>;

/** A text with more words than this and no license in it is prose, whatever it mentions. */
const MAX_POINTER_WORDS = 90;
/** Tags looked for in one text. */
const MAX_TAGS = 50;
const TAG = /SPDX-License-Identifier:[ \t]*([A-Za-z0-9.+\-() \t]{1,200})/gu;
const URL_PATTERN = /https?:\/\/[^\s<>"'`)\]}]{3,300}/u;
const FILE_PATTERN =
  /(?:[Ss]ee|[Rr]efer to|found in|described in|terms (?:in|of)|in|详见|参见|见)\s+(?:the\s+|file\s+|our\s+)*[`"'“(]*((?:[\w.-]{1,60}\/){0,6}(?:[A-Z][\w.-]{0,40}[-_])?(?:LICENSE|LICENCE|COPYING|MODEL_LICENSE|LICENSES)[\w.-]{0,40})/u;
const UNDER =
  /(?:licensed|released|distributed|available|published|provided|covered)\s+(?:\w+\s+){0,3}?(?:under|by|with)(?:\s+and\s+subject\s+to)?\s+(?:the\s+)?(?:terms\s+(?:and\s+conditions\s+)?(?:of|described in)\s+)?(?:the\s+|an?\s+)?/iu;

function pointer(license: LicenseRecord | null, to: string, lines: LineIndex, start: number, end: number): Pointer {
  return {
    outcome: "pointer",
    license,
    to,
    span: { kind: "lines", start: lines.lineAt(start), end: lines.lineAt(Math.max(start, end - 1)) },
  };
}

/** SPDX-License-Identifier tags (SPDX 2.3, annex E), each expression once. */
export function tagPointers(text: string, lines: LineIndex): Pointer[] {
  const found = new Map<string, Pointer>();
  let tags = 0;
  for (const match of text.matchAll(TAG)) {
    tags += 1;
    if (tags > MAX_TAGS) break;
    const stated = (match[1] ?? "").trim().replace(/\s*\*$/u, "");
    const result = parseExpression(stated);
    if (!result.ok || found.has(stated)) continue;
    const [only, ...others] = result.licenses;
    const license = others.length === 0 ? (only?.license ?? null) : null;
    found.set(stated, pointer(license, stated, lines, match.index, match.index + match[0].length));
  }
  return [...found.values()];
}

/** Scheme, host prefix, anchor and file ending left out, so that an address has one form. */
function bareUrl(url: string): string {
  return url
    .toLowerCase()
    .replace(/^https?:\/\/(?:www\.)?/u, "")
    .replace(/[#?].*$/u, "")
    .replace(/[.,;:]+$/u, "")
    .replace(/(?:\.(?:txt|html?|php|md))?\/?$/u, "");
}

/** The license published at an address, null when Ajar does not know the address. */
export function licenseByUrl(url: string): LicenseRecord | null {
  const bare = bareUrl(url).replace(/\/(?:legalcode|deed)(?:[.-][a-z-]+)?$/u, "");
  const { urls } = licenseIndex().names();
  const at = Object.hasOwn(urls, bare) ? urls[bare] : undefined;
  if (at !== undefined) return recordAt(at);
  // Addresses are compared in lower case, and so are names.
  const listed = /^spdx\.org\/licenses\/([\w.+-]{1,60})$/u.exec(bare)?.[1];
  if (listed !== undefined) return licenseByName(listed);
  const commons = /^creativecommons\.org\/licenses\/([a-z-]+)\/(\d\.\d)$/u.exec(bare);
  if (commons !== null) return licenseById(`CC-${(commons[1] ?? "").toUpperCase()}-${commons[2]}`);
  return null;
}

let firstWords: ReadonlySet<string> | undefined;

/** Whether some license's name starts with this word; nearly all words of prose are settled by it. */
function startsSomeName(word: string): boolean {
  firstWords ??= new Set(Object.keys(licenseIndex().names().names).flatMap((name) => /^[^\s(]+/u.exec(name)?.[0] ?? []));
  return firstWords.has(word.toLowerCase());
}

/** The license whose name starts a stretch of text; the longest name wins, so `MIT` never hides in `MIT No Attribution`. */
export function licenseNamedAt(text: string): { readonly license: LicenseRecord; readonly name: string } | null {
  const first = /^["'`*_[(“]*([^\s("'`*_\])”.,;:]+(?:[.,:][^\s("'`*_\])”.,;:]+)*)/u.exec(text.slice(0, 160))?.[1];
  if (first === undefined || !startsSomeName(first)) return null;
  const pieces = text.slice(0, 160).split(/(\s+)/u).slice(0, 24);
  for (let count = pieces.length; count > 0; count -= 1) {
    const name = pieces
      .slice(0, count)
      .join("")
      .replace(/^["'`*_[(“]+|["'`*_\])”.,;:]+$/gu, "");
    const license = licenseByName(name) ?? licenseByName(name.replace(/\s*\([^()]*$/u, ""));
    if (license !== null) return { license, name };
  }
  return null;
}

/** What a short text without terms points at, or null when it is prose. */
export function shortPointer(text: string, wordCount: number, lines: LineIndex): Pointer | null {
  if (wordCount === 0 || wordCount > MAX_POINTER_WORDS) return null;
  const start = text.search(/\S/u);
  const trimmed = text.trim();
  const make = (license: LicenseRecord | null, to: string): Pointer => pointer(license, to, lines, start, start + trimmed.length);
  const url = URL_PATTERN.exec(trimmed)?.[0].replace(/[.,;:]+$/u, "");
  if (url !== undefined && trimmed.length - url.length <= 2) return make(licenseByUrl(url), url);
  const isOneName = licenseByName(trimmed.replace(/[.\s]+$/u, ""));
  if (isOneName !== null) return make(isOneName, trimmed);
  const under = UNDER.exec(trimmed);
  if (under !== null) {
    const named = licenseNamedAt(trimmed.slice(under.index + under[0].length));
    if (named !== null) return make(named.license, named.name);
  }
  const file = FILE_PATTERN.exec(trimmed)?.[1];
  if (file !== undefined) return make(null, file.replace(/[.,;:]+$/u, ""));
  if (url === undefined || !/licen[cs]|copying|terms|许可|协议/iu.test(trimmed)) return null;
  return make(licenseByUrl(url), url);
}
