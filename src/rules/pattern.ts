// Patterns of rule data. Compiling a regular expression costs far more than running it over one sentence, and most rules
// meet no sentence that could fit: so each is compiled only when a text holds one of the words that it cannot do without.
import { type Literals, literalsOf } from "./literals.ts";
import { packedLiterals, rulesArePacked } from "./load.ts";

/** A regular expression for `test` and `exec` on its own; never global or sticky, so it has no state. */
export class Pattern {
  readonly source: string;
  readonly #flags: string;
  #compiled: RegExp | undefined;
  #literals: Literals | undefined;

  /** @throws SyntaxError when `source` is no regular expression; at once when run from source, else when it is first needed */
  constructor(source: string, flags: string) {
    this.source = source;
    this.#flags = flags;
    if (!rulesArePacked) this.#compiled = new RegExp(source, flags);
  }

  test(text: string): boolean {
    return this.exec(text) !== null;
  }

  exec(text: string): RegExpExecArray | null {
    // Once compiled, the pattern itself is as quick as looking for its words.
    if (this.#compiled === undefined && !this.#mayMatch(text)) return null;
    this.#compiled ??= new RegExp(this.source, this.#flags);
    return this.#compiled.exec(text);
  }

  #mayMatch(text: string): boolean {
    this.#literals ??= packedLiterals(this.source) ?? literalsOf(this.source);
    if (this.#literals.length === 0) return true;
    const folded = fold(text);
    return this.#literals.some((literal) => folded.includes(literal));
  }
}

let lastText = "";
let lastFolded = "";

/** Lower case as patterns see it; the last text is remembered because many rules look at the same one in turn. */
function fold(text: string): string {
  if (text === lastText) return lastFolded;
  const lower = text.toLowerCase();
  lastText = text;
  // The long s is the one letter that matches an ASCII letter regardless of case without being one in lower case.
  lastFolded = lower.includes("ſ") ? lower.replaceAll("ſ", "s") : lower;
  return lastFolded;
}
