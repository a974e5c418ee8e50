// What the build puts in place of a regular expression in code (scripts/literal-patterns.ts): the same, but compiled as late
// as a pattern of the rules.
import { Pattern } from "./pattern.ts";

type Replacer = (caught: string, ...others: unknown[]) => string;

/** A pattern that also serves a string's methods. */
export class LiteralPattern extends Pattern {
  [Symbol.match](text: string): RegExpMatchArray | null {
    return this.exec(text);
  }

  [Symbol.replace](text: string, replacement: string | Replacer): string {
    if (!this.test(text)) return text;
    const whole = this.whole();
    return typeof replacement === "string" ? whole[Symbol.replace](text, replacement) : whole[Symbol.replace](text, replacement);
  }

  [Symbol.split](text: string, limit?: number): string[] {
    return this.whole()[Symbol.split](text, limit);
  }

  [Symbol.search](text: string): number {
    return this.test(text) ? this.whole()[Symbol.search](text) : -1;
  }
}
