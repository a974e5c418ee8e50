// One text, read in every way that disguises are undone, as it comes in pieces.
import { CharacterFolder } from "../../../text/characters.ts";
import { DecodedText, type Segment } from "../../../text/decoded.ts";
import { Stages } from "../../../text/fold.ts";
import { rotated } from "../../../text/rot13.ts";
import { NONE, Run } from "../../../text/run.ts";
import { CHARACTER_STEPS } from "./lexicon.ts";
import type { Lexicons } from "./lexicons.ts";
import type { LexicalHit } from "./near.ts";
import { DECODED_CONTEXT, READINGS } from "./readings.ts";
import { View } from "./view.ts";

interface Reading {
  readonly stages: Stages;
  readonly view: View;
}

/** Shared by all scanners: what stands in them is read before anything else is folded. */
const folded = new Run();
const turned = new Run();

const CHARACTERS = new Set(CHARACTER_STEPS);
/** Text as written that is kept for what may be found yet. */
const CONTEXT: number = DECODED_CONTEXT;

export interface ScannerLimits {
  /** UTF-16 units that one encoded run may hold back before the stream is blocked. */
  readonly encodedRun: number;
  /** Units that leave no trace in the reading, one after the other inside what may be a hit, before the stream is blocked. */
  readonly ignorableRun: number;
}

export interface ScannedSpan {
  readonly rule: string;
  readonly category: string;
  /** In UTF-16 units of the text as written; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
}

export class HazardScanner {
  readonly #lexicons: Lexicons;
  readonly #limits: ScannerLimits;
  readonly #characters = new CharacterFolder(CHARACTERS);
  readonly #readings: readonly Reading[];
  readonly #rot13: View;
  readonly #decoder = new DecodedText();
  #decoded: { readonly characters: CharacterFolder; readonly reading: Reading } | null = null;
  /** Encoded runs that were decoded, to know where they end. */
  readonly #runs: Segment[] = [];
  /** The text as written, from `#tailStart` on: what is pending, and some context. */
  #tail = "";
  #tailStart = 0;
  #length = 0;
  #lastPlace = -1;
  #overflowed = false;
  readonly spans: ScannedSpan[] = [];

  constructor(lexicons: Lexicons, limits: ScannerLimits) {
    this.#lexicons = lexicons;
    this.#limits = limits;
    this.#readings = Object.values(READINGS).map((steps) => ({
      stages: new Stages(steps),
      view: new View(steps === READINGS.leet ? lexicons.leet : lexicons.plain),
    }));
    this.#rot13 = new View(lexicons.plain);
  }

  push(text: string): void {
    this.#tail += text;
    folded.clear();
    this.#characters.push(text, this.#length, folded);
    this.#length += text.length;
    this.#read(folded);
    for (const segment of this.#decoder.push(text)) this.#readSegment(segment);
    this.#collect();
  }

  /** Nothing follows. */
  end(): void {
    folded.clear();
    this.#characters.end(folded);
    this.#read(folded);
    for (const { stages, view } of this.#readings) {
      view.push(stages.end());
      view.end();
    }
    this.#rot13.end();
    for (const segment of this.#decoder.end()) this.#readSegment(segment);
    this.#endDecoded();
    this.#collect();
  }

  /** Place from which on the text may still become part of a hit; the text's length when none of it may. */
  pending(): number {
    let least = Math.min(this.#characters.pending(), this.#decoder.pending(), this.#rot13.pending());
    for (const { stages, view } of this.#readings) least = Math.min(least, stages.pending(), view.pending());
    if (this.#decoded !== null) {
      const { characters, reading } = this.#decoded;
      least = Math.min(least, characters.pending(), reading.stages.pending(), reading.view.pending());
    }
    least = Math.min(least, this.#length);
    this.#forget(least);
    if (this.#decoder.held > this.#limits.encodedRun) this.#overflowed = true;
    if (least < this.#length && this.#length - this.#lastPlace - 1 > this.#limits.ignorableRun) this.#overflowed = true;
    return least;
  }

  /** Whether more had to be held than is allowed: what is held must not leave. */
  get overflowed(): boolean {
    return this.#overflowed;
  }

  #read(run: Run): void {
    if (run.length === 0) return;
    this.#lastPlace = run.places[run.length - 1] ?? 0;
    for (const { stages, view } of this.#readings) view.push(stages.push(run));
    rotate(run, turned);
    this.#rot13.push(turned);
  }

  #readSegment(segment: Segment): void {
    const { text, start, end, isDecoded } = segment;
    if (isDecoded) this.#runs.push(segment);
    if (this.#decoded === null) {
      if (!isDecoded) return;
      this.#decoded = {
        characters: new CharacterFolder(CHARACTERS),
        reading: { stages: new Stages(READINGS.apart), view: new View(this.#lexicons.plain) },
      };
      const from = Math.max(this.#tailStart, start - DECODED_CONTEXT);
      this.#readDecoded(this.#tail.slice(from - this.#tailStart, start - this.#tailStart), from, 1);
    }
    this.#readDecoded(text, start, isDecoded ? 0 : 1);
    if (isDecoded && text === "") this.#lastPlace = Math.max(this.#lastPlace, end - 1);
  }

  #readDecoded(text: string, place: number, step: 0 | 1): void {
    if (this.#decoded === null) return;
    const { characters, reading } = this.#decoded;
    folded.clear();
    characters.push(text, place, folded, step);
    reading.view.push(reading.stages.push(folded));
  }

  #endDecoded(): void {
    if (this.#decoded === null) return;
    const { characters, reading } = this.#decoded;
    folded.clear();
    characters.end(folded);
    reading.view.push(reading.stages.push(folded));
    reading.view.push(reading.stages.end());
    reading.view.end();
  }

  #collect(): void {
    for (const { view } of this.#readings) this.#collectFrom(view);
    this.#collectFrom(this.#rot13);
    if (this.#decoded !== null) this.#collectFrom(this.#decoded.reading.view);
  }

  #collectFrom({ hits }: View): void {
    if (hits.length > 0) for (const hit of hits.splice(0)) this.#add(hit);
  }

  #add({ rule, category, first, last }: LexicalHit): void {
    const end = this.#endOf(last);
    // Digits that can be read as letters are numbers unless a letter stands among them.
    if (!/\p{L}/u.test(this.#tail.slice(first - this.#tailStart, end - this.#tailStart)) && !this.#runs.some(({ start }) => start === last))
      return;
    if (!this.spans.some((span) => span.rule === rule && span.start === first && span.end === end))
      this.spans.push({ rule, category, start: first, end });
  }

  /** Where the character or the encoded run ends that begins there. */
  #endOf(place: number): number {
    const run = this.#runs.find(({ start }) => start === place);
    if (run !== undefined) return run.end;
    const code = this.#tail.codePointAt(place - this.#tailStart) ?? 0;
    return place + (code > 0xffff ? 2 : 1);
  }

  /** Keeps of the text what is pending and what a decoded run may need to be read with. */
  #forget(pending: number): void {
    const from = Math.min(pending, this.#decoder.pending(), this.#length) - CONTEXT;
    // Cutting a long string for each small piece would cost more than keeping it a while.
    if (from - this.#tailStart < CONTEXT) return;
    this.#tail = this.#tail.slice(from - this.#tailStart);
    this.#tailStart = from;
    while (this.#runs.length > 0 && (this.#runs[0]?.end ?? 0) < from) this.#runs.shift();
  }
}

function rotate(run: Run, out: Run): void {
  out.clear();
  for (let at = 0; at < run.length; at += 1) out.add(rotated(run.units[at] ?? 0), run.places[at] ?? 0, run.gaps[at] ?? 0);
}

/** Spans of a whole text. */
export function scanText(text: string, lexicons: Lexicons): readonly ScannedSpan[] {
  return lexicons.clearance.isClear(text) ? [] : scanFully(text, lexicons);
}

/** The same without asking first whether there can be any. */
export function scanFully(text: string, lexicons: Lexicons): readonly ScannedSpan[] {
  const scanner = new HazardScanner(lexicons, { encodedRun: NONE, ignorableRun: NONE });
  scanner.push(text);
  scanner.end();
  return scanner.spans;
}
