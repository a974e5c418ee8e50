// One page in three languages without a script: each sentence stands there in all of them, and the style sheet shows one.
import type { Message } from "../../core/report.ts";
import { LANGUAGES } from "../language.ts";
import { Phrases } from "../phrases.ts";
import { escapeHtml } from "./escape.ts";

export class Trio {
  readonly #phrases = LANGUAGES.map((language) => new Phrases(language));

  /** A phrase in each language as HTML, or as text of a drawing; once only where all agree. */
  say(phrase: (phrases: Phrases) => string, tag: "span" | "tspan" = "span"): string {
    const texts = this.#phrases.map((phrases) => ({ language: phrases.language, text: escapeHtml(phrase(phrases)) }));
    const [first] = texts;
    if (first === undefined || texts.every(({ text }) => text === first.text)) return first?.text ?? "";
    return texts.map(({ language, text }) => `<${tag} class="l" lang="${language}">${text}</${tag}>`).join("");
  }

  word(id: string): string {
    return this.say((phrases) => phrases.word(id));
  }

  name(kind: string, id: string): string {
    return this.say((phrases) => phrases.name(kind, id));
  }

  tell(message: Message): string {
    return this.say((phrases) => phrases.tell(message));
  }

  /** All languages in one attribute, which cannot be switched. */
  attribute(phrase: (phrases: Phrases) => string): string {
    return escapeHtml([...new Set(this.#phrases.map(phrase))].join(" / "));
  }
}
