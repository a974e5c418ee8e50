// Characters on their way through the steps of a fold, each with its place in the text as it was written.

/** Units with places; grows as it is filled and keeps its room when it is cleared. */
export class Run {
  /** UTF-16 units. */
  units: Uint16Array;
  /** Offset in the text as written, for each unit; never falls. */
  places: Uint32Array;
  /** 1 where something that stood between this unit and the one before was taken out, so that a word may begin here. */
  gaps: Uint8Array;
  length = 0;

  constructor(room = 256) {
    this.units = new Uint16Array(room);
    this.places = new Uint32Array(room);
    this.gaps = new Uint8Array(room);
  }

  add(unit: number, place: number, gap: number): void {
    if (this.length === this.units.length) this.#grow();
    const at = this.length;
    this.units[at] = unit;
    this.places[at] = place;
    this.gaps[at] = gap;
    this.length = at + 1;
  }

  clear(): void {
    this.length = 0;
  }

  #grow(): void {
    const room = this.units.length * 2;
    const { units, places, gaps } = this;
    this.units = new Uint16Array(room);
    this.places = new Uint32Array(room);
    this.gaps = new Uint8Array(room);
    this.units.set(units);
    this.places.set(places);
    this.gaps.set(gaps);
  }
}

/** A step that looks at neighbours, fed piece by piece. */
export interface Stage {
  /** Takes `input`, adds to `out` what is decided. What it wrote does not depend on how the input was cut. */
  push(input: Run, out: Run): void;
  /** Nothing follows. */
  end(out: Run): void;
  /** Place of the first unit that is not decided yet; `NONE` when there is none. */
  pending(): number;
}

/** A place behind every text. */
export const NONE: number = 0xffff_ffff;
