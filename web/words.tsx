// The reader's language: chosen once, kept in the browser, applied to every sentence.
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Message } from "../src/core/report.ts";
import { LANGUAGES, type Language, languageOf } from "../src/reports/language.ts";
import { nameIn, sentence } from "../src/reports/sentence.ts";

const KEY = "ajar-language";

export class Speech {
  readonly language: Language;
  readonly #words: ReadonlyMap<string, string>;

  constructor(language: Language, words: ReadonlyMap<string, string>) {
    this.language = language;
    this.#words = words;
  }

  word(id: string): string {
    return this.#words.get(id) ?? id;
  }

  say(id: string, args: Record<string, string | number>): string {
    return this.tell({ id, args });
  }

  /** A message that these words do not have (an older page, a newer report) shows its id: less to read, nothing lost. */
  tell(message: Message): string {
    return this.#words.has(message.id) ? sentence(message, this.#words, this.language) : message.id;
  }

  name(kind: string, id: string): string {
    return nameIn(this.#words, kind, id);
  }
}

export const SpeechContext = createContext<Speech>(new Speech("en", new Map()));

export function useSpeech(): Speech {
  return useContext(SpeechContext);
}

export function firstLanguage(): Language {
  const kept = localStorage.getItem(KEY);
  return LANGUAGES.find((one) => one === kept) ?? navigator.languages.map(languageOf).find((one) => one !== null) ?? "en";
}

export function keepLanguage(language: Language): void {
  localStorage.setItem(KEY, language);
  document.documentElement.lang = language;
}
