// Whether a whole text is clear of hazards, told in one pass over it: no rule has a term for each of its parts, in any reading. What is
// not clear is read in full, one reading after the other (hazard-scanner.ts); what is, would have been found clear there as well.
//
// All readings are looked at together. Units that leetspeak makes alike are taken for one, in the text and in the terms; terms written with
// each letter moved by thirteen are looked for as well; so a term that stands in a reading stands here. Readings that put letters
// together which stood apart are made only for texts in which letters do.
import { CharacterFolder } from "../../../text/characters.ts";
import { decodeText } from "../../../text/decoded.ts";
import { mayHoldEncoded } from "../../../text/encoded.ts";
import { Stages } from "../../../text/fold.ts";
import { isLetterBetween, leetLetter } from "../../../text/leet.ts";
import { rotated } from "../../../text/rot13.ts";
import { Run } from "../../../text/run.ts";
import { KIND, kindOf } from "../../../text/scripts.ts";
import { isSpaced } from "../../../text/spaces.ts";
import { MAX_SEPARATORS } from "../../../text/spacing.ts";
import { Automaton } from "./automaton.ts";
import { CHARACTER_STEPS, type CompiledRule, type Lexicon, type TermFlags } from "./lexicon.ts";
import { READINGS } from "./readings.ts";

/** A term, or several that look alike here: as wide as the widest of them. */
interface Sought {
  begins: boolean;
  ends: boolean;
  /** Groups that have it, as it is and moved by thirteen. */
  readonly groups: Set<number>;
  readonly turned: Set<number>;
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
    if (mayHoldEncoded(text) && decodeText(text).some(({ isDecoded }) => isDecoded)) return false;
    folded.clear();
    characters.push(text, 0, folded);
    characters.end(folded);
    this.#seen.fill(0);
    this.#turned.fill(0);
    this.#hasAnchor = false;
    this.#hasTurned = false;
    const traits = joinSpaces(folded);
    if (!this.#isClear()) return false;
    if (traits.standApart && !this.#isClearRead(apart)) return false;
    return !traits.hasSigns || this.#isClearRead(undone);
  }

  /** Whether the text is clear in a reading that is made for it. */
  #isClearRead(stages: Stages): boolean {
    look.clear();
    copy(stages.push(folded));
    copy(stages.end());
    return this.#isClear();
  }

  /** Looks at `look`. */
  #isClear(): boolean {
    const { units, length } = look;
    const automaton = this.#automaton;
    let state = 0;
    for (let at = 0; at < length; at += 1) {
      state = automaton.next(state, units[at] ?? 0);
      const end = automaton.firstEnd(state);
      if (end !== 0) this.#see(end, at);
    }
    return !(this.#hasAnchor && this.#meetsRule(this.#seen)) && !(this.#hasTurned && this.#meetsRule(this.#turned));
  }

  #meetsRule(seen: Uint8Array): boolean {
    return this.#rules.some((parts) => parts.every((group) => seen[group] === 1));
  }

  #see(end: number, at: number): void {
    const automaton = this.#automaton;
    for (let state = end; state !== 0; state = automaton.nextEnd(state)) {
      const term = automaton.termAt(state);
      const sought = this.#sought[term];
      if (sought === undefined || !stands(sought, at + 1 - (automaton.lengths[term] ?? 0), at)) continue;
      for (const group of sought.groups) this.#seen[group] = 1;
      for (const group of sought.turned) this.#turned[group] = 1;
      if (sought.isAnchor) this.#hasAnchor = true;
      if (sought.isTurned) this.#hasTurned = true;
    }
  }
}

const characters = new CharacterFolder(new Set(CHARACTER_STEPS));
/** Give back what they hold at the end of each text. */
const apart = new Stages(READINGS.apart);
const undone = new Stages(READINGS.leet);
/** Shared: what stands in them is looked at before anything else is folded. */
const folded = new Run();
/** Units as they are compared; where 1 stands in `places`, the unit is a letter in every reading. */
const look = new Run();

/** What tells which readings of a text are others than the plain one. */
interface Traits {
  /** Whether characters stand apart that a reading puts together. */
  readonly standApart: boolean;
  /** Whether signs stand for letters, which only a reading can tell. */
  readonly hasSigns: boolean;
}

const LETTER = 1;
const SPACED = 2;
const HAN = 4;
/** Stands for a letter and is none. */
const UNSURE = 8;
/** Is one between letters. */
const BETWEEN = 16;
const KNOWN = 32;
const WORD: number = LETTER | UNSURE;

const kinds = new Uint8Array(0x1_0000);

function kindsOf(unit: number): number {
  const known = kinds[unit];
  if (known !== undefined && known !== 0) return known;
  const kind = kindOf(unit);
  const found =
    KNOWN |
    (kind === KIND.word ? LETTER : 0) |
    (kind === KIND.han ? HAN : 0) |
    (isSpaced(unit) ? SPACED : 0) |
    (kind !== KIND.word && leetLetter(unit) !== unit ? UNSURE : 0) |
    (isLetterBetween(unit) ? BETWEEN : 0);
  kinds[unit] = found;
  return found;
}

const SPACE = 0x20;

/** Fills `look` with the plain reading of a text. */
function joinSpaces({ units, length }: Run): Traits {
  look.clear();
  let all = 0;
  let before = 0;
  let beforeThat = 0;
  let hasBetween = false;
  for (let at = 0; at < length; at += 1) {
    const unit = units[at] ?? 0;
    const kind = kindsOf(unit);
    all |= kind;
    if ((kind & SPACED) === 0) look.add(leetLetter(unit), kind & LETTER, 0);
    else if ((before & SPACED) === 0) look.add(SPACE, 0, 0);
    if ((before & BETWEEN) !== 0 && (beforeThat & WORD) !== 0 && (kind & WORD) !== 0) hasBetween = true;
    beforeThat = before;
    before = kind;
  }
  const hasHan = (all & HAN) !== 0;
  return {
    standApart: hasHan || hasLettersApart(),
    // Where readings in brackets are taken out, other signs come to stand between letters.
    hasSigns: hasBetween || (all & UNSURE) !== 0 || (hasHan && (all & BETWEEN) !== 0),
  };
}

/** Whether two letters that each stand alone have so few signs between them that a reading may join them; runs of spaces count once. */
function hasLettersApart(): boolean {
  const { places, length } = look;
  let signs = MAX_SEPARATORS + 1;
  for (let at = 0; at < length; at += 1) {
    if (places[at] !== LETTER) signs += 1;
    else if (places[at + 1] === LETTER && at + 1 < length) {
      at += 1;
      while (at + 1 < length && places[at + 1] === LETTER) at += 1;
      signs = MAX_SEPARATORS;
    } else if (signs <= MAX_SEPARATORS) return true;
    else signs = 0;
  }
  return false;
}

/** Adds part of a reading to `look`. */
function copy({ units, gaps, length }: Run): void {
  for (let at = 0; at < length; at += 1) {
    const unit = units[at] ?? 0;
    look.add(leetLetter(unit), kindOf(unit) === KIND.word ? LETTER : 0, gaps[at] ?? 0);
  }
}

/** Whether a term that stands there may stand there as a word, in one of the readings. */
function stands({ begins, ends }: Sought, from: number, to: number): boolean {
  const { places, gaps, length } = look;
  if (begins && from > 0 && places[from - 1] === LETTER && gaps[from] === 0) return false;
  return !ends || to + 1 >= length || places[to + 1] !== LETTER || gaps[to + 1] === 1;
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
      for (const group of groups) asItIs.groups.add(group);
      if (lexicon !== plain) continue;
      const moved = each(term, rotated);
      const turned = seek(sought, moved, flags);
      turned.isTurned ||= moved !== term;
      for (const group of groups) turned.turned.add(group);
    }
  }
  return sought;
}

function seek(sought: Map<string, Sought>, term: string, { begins, ends }: TermFlags): Sought {
  const alike = each(term, leetLetter);
  const known = sought.get(alike) ?? { begins, ends, groups: new Set(), turned: new Set(), isAnchor: false, isTurned: false };
  known.begins &&= begins;
  known.ends &&= ends;
  sought.set(alike, known);
  return known;
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
