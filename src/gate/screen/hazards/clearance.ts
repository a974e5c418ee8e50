// Whether a whole text is clear of hazards, told in one pass over it: no rule has a term for each of its parts, in any reading. What is
// not clear is read in full, one reading after the other (hazard-scanner.ts); what is, would have been found clear there as well.
//
// All readings are looked at together (look.ts): a term that stands in a reading stands in the look of the text. Terms written with
// each letter moved by thirteen are looked for as well.
import { decodeText } from "../../../text/decoded.ts";
import { mayHoldEncoded } from "../../../text/encoded.ts";
import { leetLetter } from "../../../text/leet.ts";
import { rotated } from "../../../text/rot13.ts";
import { Automaton } from "./automaton.ts";
import type { CompiledRule, Lexicon, TermFlags } from "./lexicon.ts";
import { Look } from "./look.ts";
import { DECODED_CONTEXT } from "./readings.ts";

/** A term, or several that look alike here: as wide as the widest of them. */
interface Sought {
  begins: boolean;
  ends: boolean;
  /** Groups that have it, as it is and moved by thirteen. */
  groups: readonly number[];
  turned: readonly number[];
  /** Whether some rule cannot do without one of the groups. */
  isAnchor: boolean;
  /** Whether a term reads so only when it is moved. */
  isTurned: boolean;
}

export class Clearance {
  readonly #automaton: Automaton;
  /** By term of the automaton. */
  readonly #sought: readonly Sought[];
  readonly #rules: readonly Int32Array[];
  /** By group: whether a term of it was seen in this text, and whether one was in the text moved by thirteen. */
  readonly #seen: Uint8Array;
  readonly #turned: Uint8Array;
  #hasAnchor = false;
  #hasTurned = false;

  /** @param leet the same source as `plain`, leetspeak undone */
  constructor(plain: Lexicon, leet: Lexicon) {
    const sought = soughtIn(plain, leet);
    this.#automaton = new Automaton([...sought.keys()]);
    this.#sought = [...sought.values()];
    this.#rules = plain.rules.map(({ parts }) => parts);
    this.#seen = new Uint8Array(plain.groupCount);
    this.#turned = new Uint8Array(plain.groupCount);
  }

  /** False for every text in which a scan finds something, and for a few in which it does not. */
  isClear(text: string): boolean {
    this.#seen.fill(0);
    this.#turned.fill(0);
    this.#hasAnchor = false;
    this.#hasTurned = false;
    if (mayHoldEncoded(text) && !this.#isClearDecoded(text)) return false;
    look.read(text);
    if (!this.#isClearRead()) return false;
    if (!look.hasSigns) return true;
    look.readLeet();
    return this.#isClear();
  }

  #isClearDecoded(text: string): boolean {
    const segments = decodeText(text);
    const first = segments.find(({ isDecoded }) => isDecoded);
    if (first === undefined) return true;
    // The reading of what is decoded begins so far before it, perhaps inside a word.
    if (first.start > DECODED_CONTEXT) return false;
    look.read(segments.map((segment) => segment.text).join(""));
    return this.#isClearRead();
  }

  /** Whether what `look` read is clear, as it stands and with what stands apart put together. */
  #isClearRead(): boolean {
    if (!this.#isClear()) return false;
    if (!look.standsApart) return true;
    look.readApart();
    return this.#isClear();
  }

  #isClear(): boolean {
    this.#automaton.scan(look.units, look.length, this.#see);
    return !(this.#hasAnchor && this.#meetsRule(this.#seen)) && !(this.#hasTurned && this.#meetsRule(this.#turned));
  }

  #meetsRule(seen: Uint8Array): boolean {
    for (const parts of this.#rules) if (isMet(parts, seen)) return true;
    return false;
  }

  readonly #see = (end: number, at: number): void => {
    const automaton = this.#automaton;
    for (let state = end; state !== 0; state = automaton.nextEnd(state)) {
      const term = automaton.termAt(state);
      const sought = this.#sought[term];
      if (sought === undefined || !look.isWord(sought, at + 1 - (automaton.lengths[term] ?? 0), at)) continue;
      for (const group of sought.groups) this.#seen[group] = 1;
      for (const group of sought.turned) this.#turned[group] = 1;
      if (sought.isAnchor) this.#hasAnchor = true;
      if (sought.isTurned) this.#hasTurned = true;
    }
  };
}

/** Shared: what is in it is looked at before anything else is read. */
const look = new Look();

function isMet(parts: Int32Array, seen: Uint8Array): boolean {
  for (const group of parts) if (seen[group] === 0) return false;
  return true;
}

function soughtIn(plain: Lexicon, leet: Lexicon): ReadonlyMap<string, Sought> {
  const parts = new Set(plain.rules.flatMap((rule) => [...rule.parts]));
  const anchors = anchorsOf(plain);
  const sought = new Map<string, Sought>();
  for (const lexicon of [plain, leet]) {
    for (const [at, term] of lexicon.terms.entries()) {
      const flags = lexicon.flags[at];
      const groups = flags?.groups.filter((group) => parts.has(group)) ?? [];
      if (flags === undefined || groups.length === 0) continue;
      const asItIs = seek(sought, term, flags);
      asItIs.isAnchor ||= groups.some((group) => anchors.has(group));
      asItIs.groups = joined(asItIs.groups, groups);
      if (lexicon !== plain) continue;
      const moved = each(term, rotated);
      const turned = seek(sought, moved, flags);
      turned.isTurned ||= moved !== term;
      turned.turned = joined(turned.turned, groups);
    }
  }
  return sought;
}

function seek(sought: Map<string, Sought>, term: string, { begins, ends }: TermFlags): Sought {
  const alike = each(term, leetLetter);
  const known = sought.get(alike) ?? { begins, ends, groups: [], turned: [], isAnchor: false, isTurned: false };
  known.begins &&= begins;
  known.ends &&= ends;
  sought.set(alike, known);
  return known;
}

function joined(some: readonly number[], others: readonly number[]): readonly number[] {
  return [...new Set([...some, ...others])];
}

function each(term: string, change: (unit: number) => number): string {
  return Array.from({ length: term.length }, (_, at) => String.fromCharCode(change(term.charCodeAt(at)))).join("");
}

/** One group of each rule, the one whose shortest term is longest: what few texts hold by chance. */
function anchorsOf({ rules, terms, flags, groupCount }: Lexicon): ReadonlySet<number> {
  const shortest = new Uint32Array(groupCount).fill(0xffff);
  for (const [at, term] of terms.entries()) {
    for (const group of flags[at]?.groups ?? []) shortest[group] = Math.min(shortest[group] ?? 0, term.length);
  }
  const rarest = ({ parts }: CompiledRule): number =>
    [...parts].reduce((best, group) => ((shortest[group] ?? 0) > (shortest[best] ?? 0) ? group : best));
  return new Set(rules.map(rarest));
}
