// The same words compiled for each way in which a text is read.
import { Clearance } from "./clearance.ts";
import { Lexicon, type LexiconSource } from "./lexicon.ts";

export interface Lexicons {
  readonly plain: Lexicon;
  /** For texts whose leetspeak was undone. */
  readonly leet: Lexicon;
  /** For telling that nothing is found at all. */
  readonly clearance: Clearance;
}

/** @throws Error for a rule that names a group which is not there */
export function compileLexicons(source: LexiconSource): Lexicons {
  const plain = new Lexicon(source);
  const leet = new Lexicon(source, ["leet"]);
  return { plain, leet, clearance: new Clearance(plain, leet) };
}
