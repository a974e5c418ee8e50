// Which language a text is in, by its n-grams; Chinese by the script of characters that differ between the two.
import { eld } from "eld/extrasmall";
import { SCRIPTS } from "./classes.ts";

/** Fewer letters say nothing. */
const LEAST_LETTERS = 20;
/** Characters of daily use that exist in one script only. */
const HANS = new Set(
  "这来个们国时说会学对发后里过么为经还问题动关长门见东车马语书话认让请谁谢爱听买卖钱银铁电脑网络数据应该随机产业务员历师样种类级线",
);
const HANT = new Set(
  "這來個們國時說會學對發後裡過麼為經還問題動關長門見東車馬語書話認讓請誰謝愛聽買賣錢銀鐵電腦網絡數據應該隨機產業務員歷師樣種類級線",
);

/** BCP 47 tag; `und` where it cannot be told. `scripts`: letters of the whole row, in the order of SCRIPTS. */
export function languageOf(text: string, scripts: Uint32Array): string {
  let letters = 0;
  let most = 0;
  for (const [at, count] of scripts.entries()) {
    letters += count;
    if (weight(at, count) > weight(most, scripts[most] ?? 0)) most = at;
  }
  const main = SCRIPTS[most];
  const kana = (scripts[2] ?? 0) + (scripts[3] ?? 0);
  if (main === "Hani" && kana * 20 < letters) return letters < LEAST_LETTERS / 4 ? "und" : chinese(text);
  if (kana > 0 && (main === "Hani" || main === "Hira" || main === "Kana")) return "ja";
  if (main === "Hang") return letters < LEAST_LETTERS / 4 ? "und" : "ko";
  if (letters < LEAST_LETTERS) return "und";
  const found = eld.detect(text);
  return found.language === "" ? "und" : found.language;
}

/** A character of Han says as much as three letters: tags and markup between them make no other language of a text. */
function weight(script: number, count: number): number {
  return SCRIPTS[script] === "Hani" ? count * 3 : count;
}

function chinese(text: string): string {
  let simplified = 0;
  let traditional = 0;
  for (const character of text) {
    if (HANS.has(character)) simplified += 1;
    if (HANT.has(character)) traditional += 1;
  }
  if (simplified === traditional) return "zh";
  return simplified > traditional ? "zh-Hans" : "zh-Hant";
}
