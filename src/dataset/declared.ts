// What cards say of the data, where it can be held against what was counted.
import { splitFrontMatter } from "../documents/front-matter.ts";

export interface Card {
  readonly path: string;
  readonly text: string;
}

/** A statement with its line in the card. */
export interface Stated<T> {
  readonly path: string;
  readonly line: number;
  readonly quote: string;
  readonly value: T;
}

/** Sentences that deny personal data: "no personal information", "does not contain any personally identifiable data", 不含个人信息. */
const DENIALS: readonly RegExp[] = [
  /\b(?:no|without(?: any)?|free of|(?:do(?:es)?|did) not (?:contain|include|hold|have)(?: any)?|not contain(?: any)?|(?:does|do)n't (?:contain|include|have)(?: any)?)\s+(?:personal(?:ly)?(?:[ -](?:and|or)[ -]sensitive)?|private|PII\b|sensitive personal)(?:[ -](?:identif(?:iable|ying)))?(?:\s+(?:information|data|details))?/iu,
  /\b(?:all )?(?:personal(?:ly identifiable)? (?:information|data)|PII) (?:has|have|was|were) (?:been )?(?:removed|anonymi[sz]ed|masked|redacted|filtered)/iu,
  /(?:不包含|不含|没有|沒有|未包含|不涉及)(?:任何)?(?:个人|個人)(?:敏感)?(?:信息|資訊|数据|資料|隐私|隱私)/u,
];

/** Lines of cards that deny personal data. */
export function denials(cards: readonly Card[]): readonly Stated<true>[] {
  return cards.flatMap(({ path, text }) =>
    text.split("\n").flatMap((line, at) => {
      const found = DENIALS.map((pattern) => pattern.exec(line)).find((match) => match !== null);
      // A question is no answer.
      return found === undefined || found === null || line.trim().endsWith("?")
        ? []
        : [{ path, line: at + 1, quote: line.trim(), value: true as const }];
    }),
  );
}

/** Languages that front matter declares, as written. */
export function declaredLanguages(cards: readonly Card[]): readonly Stated<readonly string[]>[] {
  return cards.flatMap(({ path, text }) => {
    const { data, line } = frontOf(text, ["language", "languages"]);
    const words = (Array.isArray(data) ? data : [data]).filter((word): word is string => typeof word === "string");
    return words.length === 0
      ? []
      : [{ path, line, quote: `language: ${words.join(", ")}`, value: words.map((word) => word.toLowerCase()) }];
  });
}

/** Rows that `dataset_info` declares, all splits of all configurations together. */
export function declaredRows(cards: readonly Card[]): readonly Stated<number>[] {
  return cards.flatMap(({ path, text }) => {
    const { data, line } = frontOf(text, ["dataset_info"]);
    const rows = listOf(data)
      .flatMap((config) => listOf(Object(config)["splits"]))
      .reduce((sum: number, split) => sum + rowsOf(split), 0);
    return rows === 0 ? [] : [{ path, line, quote: `num_examples: ${rows}`, value: rows }];
  });
}

function rowsOf(split: unknown): number {
  const count: unknown = Object(split)["num_examples"];
  return typeof count === "number" && Number.isSafeInteger(count) && count > 0 ? count : 0;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

function frontOf(text: string, keys: readonly string[]): { readonly data: unknown; readonly line: number } {
  const { frontMatter } = splitFrontMatter(text);
  const key = keys.find((one) => frontMatter?.data[one] !== undefined);
  if (frontMatter === null || key === undefined) return { data: null, line: 1 };
  const at = text.split("\n").findIndex((line) => line.startsWith(`${key}:`));
  return { data: frontMatter.data[key], line: at + 1 };
}
