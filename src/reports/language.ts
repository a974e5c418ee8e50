export const LANGUAGES = ["en", "zh-Hans", "zh-Hant"] as const;
export type Language = (typeof LANGUAGES)[number];

/** Environment variables that name a language, strongest first (POSIX order after our own). */
const VARIABLES = ["AJAR_LANG", "LC_ALL", "LC_MESSAGES", "LANG"] as const;

const TRADITIONAL = /^zh[-_](?:hant|tw|hk|mo)/u;

/** Reads a language tag or locale name; null when it names none of ours. */
export function languageOf(tag: string): Language | null {
  const lower = tag.toLowerCase();
  if (TRADITIONAL.test(lower)) return "zh-Hant";
  if (/^zh(?:$|[-_.@])/u.test(lower)) return "zh-Hans";
  return /^en(?:$|[-_.@])/u.test(lower) ? "en" : null;
}

/** The language to speak: the option when given, else the first variable that is set, else English. */
export function chooseLanguage(option: string | undefined, env: Readonly<Record<string, string | undefined>>): Language {
  if (option !== undefined) return languageOf(option) ?? "en";
  for (const name of VARIABLES) {
    const value = env[name];
    if (value !== undefined && value !== "") return languageOf(value) ?? "en";
  }
  return "en";
}
