// Tells terms from prose: a stretch of text reads like a license when it grants, sets conditions and disclaims.
import { hashWord, type Words } from "./words.ts";

// One word of a group is chance, several groups together are not.
const GROUPS: readonly string[] = [
  "grant grants granted hereby permission permitted authorized authorised permits",
  "licensor licensee license licensed sublicense agreement",
  "warranty warranties merchantability warrants noninfringement",
  "liable liability damages indemnify indemnification",
  "shall must prohibited conditions condition provided subject restrictions",
  "copyright copyrights rights patent patents intellectual trademark trademarks royalty",
  "redistribute redistribution redistributions distribute reproduce sublicense derivative copies",
  "termination terminate terminates governed jurisdiction governing arising",
];
const HAN_PHRASES: readonly RegExp[] = [
  /许可|許可/u,
  /授予|授权|授權/u,
  /不得|禁止/u,
  /担保|擔保|保证|保證|免责|免責/u,
  /责任|責任|赔偿|賠償/u,
  /版权|著作权|版權|知识产权|智慧財產/u,
  /协议|協議|本许可证/u,
];

const groupOf = new Map<number, number>();
GROUPS.forEach((group, at) => {
  for (const word of group.split(" ")) groupOf.set(hashWord(word), at);
});

const LEAST_GROUPS = 5;
const LEAST_HAN_GROUPS = 4;
/** Share of words that belong to a group; a contribution guide has 0.053. */
const LEAST_DENSITY = 0.056;
const LEAST_WORDS = 40;

/** Whether a range of words (end excluded) reads like license terms. */
export function readsLikeTerms(words: Words, start: number, end: number): boolean {
  const length = end - start;
  if (length < LEAST_WORDS) return false;
  const seen = new Set<number>();
  let hits = 0;
  for (let at = start; at < end; at += 1) {
    const group = groupOf.get(words.hashes[at] ?? 0);
    if (group === undefined) continue;
    seen.add(group);
    hits += 1;
  }
  // A disclaimer alone, without a grant, a licensor or copies, gives no terms.
  const speaksOfRights = seen.has(0) || seen.has(1) || seen.has(6);
  if (speaksOfRights && seen.size >= LEAST_GROUPS && hits / length >= LEAST_DENSITY) return true;
  return readsLikeHanTerms(words, start, end);
}

function readsLikeHanTerms(words: Words, start: number, end: number): boolean {
  const text = words.text.slice(words.starts[start] ?? 0, words.ends[end - 1] ?? 0);
  const seen = HAN_PHRASES.filter((phrase) => phrase.test(text)).length;
  if (seen < LEAST_HAN_GROUPS) return false;
  const cues = text.match(/许可|許可|授予|授权|授權|不得|禁止|责任|責任|版权|版權|协议|協議|条款|條款/gu)?.length ?? 0;
  return cues / (end - start) >= 0.01;
}
