// Names of fields as they may be told: a key can be somebody's address, and a report never holds one.
import type { PatternSet } from "../patterns/hit.ts";
import { pointerPart } from "./readers/json-texts.ts";
import { MAX_NAME_UNITS } from "./row.ts";
import { isOwn, quoteOf, shapeOf } from "./text/mask.ts";

/** Names remembered, as most rows repeat those of the rows before. */
const REMEMBERED = 4_096;

export interface FieldName {
  /** With what is somebody's own as its shape. */
  readonly shown: string;
  /** What rules found in its keys, as written; never to be told. */
  readonly found: readonly string[];
}

export class FieldNames {
  readonly #patterns: PatternSet;
  readonly #known = new Map<string, FieldName>();

  constructor(patterns: PatternSet) {
    this.#patterns = patterns;
  }

  of(name: string): FieldName {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    if (this.#known.size >= REMEMBERED) this.#known.clear();
    const looked = this.#look(name);
    this.#known.set(name, looked);
    return looked;
  }

  #look(name: string): FieldName {
    const found: string[] = [];
    if (!name.startsWith("/")) return { shown: this.#mask(name, "", found), found };
    let shown = "";
    for (const part of name.slice(1).split("/")) {
      const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
      shown += `/${pointerPart(this.#mask(key, shown, found))}`;
    }
    return { shown, found };
  }

  #mask(key: string, field: string, found: string[]): string {
    const hits = this.#patterns.find(key, { field }).filter(({ pattern }) => isOwn(pattern));
    for (const { start, end } of hits) found.push(key.slice(start, end));
    // The cut may have left half of a value, which no rule knows.
    if (key.length >= MAX_NAME_UNITS) return shapeOf(key);
    return hits.length === 0 ? key : quoteOf(key, hits);
  }
}
