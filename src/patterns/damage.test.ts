// Damage in every encoding that texts are misread in, against texts that only look damaged.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { packageRoot } from "../rules/load.ts";
import { compilePatterns } from "./compile.ts";

const damage = compilePatterns({ areas: ["damage"] });
const shared = join(packageRoot, "..", "shared", "corpus");
const corpus = existsSync(shared) ? shared : join(packageRoot, "..", "..", "shared", "corpus");

const TEXTS = {
  chinese: "开源模型的权重是公开的，但是训练数据没有公开。",
  traditional: "開源模型的權重是公開的，但是訓練資料沒有公開。",
  japanese: "これは日本語の文章です。テストのために書きました。",
  korean: "모델의 가중치는 공개되었지만 학습 데이터는 공개되지 않았습니다.",
  russian: "Привет, как дела? Это проверка кодировки.",
  french: "Un été à Zürich, déjà vu, señor!",
  greek: "καλημέρα κόσμε, αυτό είναι ένα κείμενο",
  arabic: "هذه جملة كتبت للاختبار، وليس فيها شيء آخر.",
  hebrew: "זה משפט שנכתב לבדיקה, ואין בו דבר אחר.",
};
const READERS = [
  "windows-1252",
  "windows-1250",
  "windows-1251",
  "windows-1253",
  "windows-1255",
  "windows-1256",
  "windows-1257",
  "koi8-r",
  "ibm866",
  "macintosh",
  "x-mac-cyrillic",
  "gbk",
  "big5",
  "shift_jis",
  "euc-kr",
];

function misread(text: string, encoding: string): string {
  return new TextDecoder(encoding).decode(new TextEncoder().encode(text));
}

describe("UTF-8 that was read as", () => {
  for (const reader of READERS) {
    test.each(Object.entries(TEXTS))(`${reader}, a text in %s`, (_language, text) => {
      expect(damage.find(misread(text, reader)).length).toBeGreaterThan(0);
    });
  }

  test.each(Object.entries(TEXTS))("Windows-1252, twice over, a text in %s", (_language, text) => {
    expect(damage.find(misread(misread(text, "windows-1252"), "windows-1252")).length).toBeGreaterThan(0);
  });
});

describe("bytes of one encoding of Cyrillic that were read as another", () => {
  const SENTENCE = "Заседание начнётся в четверг утром. Инженеры железной дороги приедут раньше и привезут чертежи, которых все ждут.";

  test.each([
    ["windows-1251", "ibm866"],
    ["koi8-r", "iso-8859-5"],
    ["ibm866", "windows-1251"],
    ["ibm866", "koi8-r"],
    ["iso-8859-5", "windows-1251"],
    ["x-mac-cyrillic", "ibm866"],
  ])("%s as %s", (writer, reader) => {
    const decoder = new TextDecoder(writer);
    const codes = new Map(Array.from({ length: 256 }, (_, byte) => [decoder.decode(Uint8Array.of(byte)), byte] as const));
    const bytes = Uint8Array.from(SENTENCE, (character) => codes.get(character) ?? 0x3f);
    expect(damage.find(new TextDecoder(reader).decode(bytes)).length).toBeGreaterThan(0);
    expect(damage.find(decoder.decode(bytes))).toEqual([]);
  });
});

describe("texts as they were written", () => {
  test.each(Object.entries(TEXTS))("in %s hold no damage", (_language, text) => {
    expect(damage.find(text)).toEqual([]);
  });

  test.each([
    "È già così: l’élève — naïf — a dit « été »… 25 °C, 5 × 10³ µm",
    "ТВ» и «СССР» № 5… В Москве. Її об’єкти",
    "Η ¨ανατροφή¨ του Ά",
    "「繁體」、『簡體』與 API 帽子；讀取屬性，讀取名稱現算的屬性。",
    "ÅÄÖ åäö ÆØÅ Ÿ; NESTLÉ® VOCÊ… SÓ…",
    "Входное время: доход предприятия, хорошая перемена, реформа. Вход в храм",
    "РосАтом, МосОблСуд, ВКонтакте и ГосУслуги: еАптека, яПлакалъ, СберМегаМаркет",
    "пРИВЕТ кАК дЕЛА? нажал не ту клавишу; 25°С, №5, ширина×высота, м²·К/Вт, Δт = 5 °С",
    "Бидејќи бидејќи ЧОВЈЕКА човјека; бәшәријјәти һакимијјәти",
    "—Я не знаю, —сказала Яна. —Россия? —Рим—Рига, –Ртуть",
    "těžší těžší důležžší kuáskulâžžân náššuvnnaid náššuvnllaš",
    "این یک جملهٔ آزمایشی است؛ «گفت»… پژوهشگر چگونه؟",
    "只有一些微小瑕疵。",
    "雲樹共茫茫，讀作雌霓。德被昆蟲。",
    "2x≈3, a√b, ¬p ∨ q; LUNEDÌ – COSÌ…",
  ])("%s", (text) => {
    expect(damage.find(text)).toEqual([]);
  });
});

describe("signs of damage", () => {
  test.each([
    ["latin-1 quotes \u0093so\u0094", "damage/c1-control"],
    ["lost\ufffd\ufffd here", "damage/replacement-character"],
    ["锟斤拷锟斤拷", "damage/kun-jin-kao"],
    ["ÖÐÎÄÍøÒ³ÄÚÈÝ", "damage/legacy-bytes"],
    ["a &amp; b &#39;c&#39;", "damage/html-entity"],
    ["text \\u4e2d\\u6587 left", "damage/unicode-escape"],
    ["一段文字/span>又一段", "damage/tag-residue"],
    ["\ue123\ue124 元", "damage/private-use"],
    ["他说?!改变不会发生", "damage/question-bang"],
    ["ART TRIP Ã\u00a0 l'office", "damage/mojibake"],
    ["Er kauft wei√ü ein", "damage/mojibake"],
    ["$Ì¶4Ì¶2Ì¶ now", "damage/mojibake"],
    ["a Г‚ВЈ5bn issue", "damage/mojibake"],
  ])("%j", (text, pattern) => {
    expect(damage.find(text).map((hit) => hit.pattern)).toContain(pattern);
  });

  test("a tag that is whole, and a question and exclamation in English, are none", () => {
    expect(damage.find("<b>so</span> path/div/p> What?! Really")).toEqual([]);
  });
});

describe.runIf(existsSync(corpus))("published cases", () => {
  const cases = (name: string): readonly { label: string; original: string }[] =>
    JSON.parse(readFileSync(join(corpus, "data-audit", "mojibake", name), "utf8"));

  test("in the wild are found, nine of ten at least", () => {
    const all = cases("ftfy-in-the-wild.json");
    const found = all.filter(({ original }) => damage.find(original).length > 0);
    expect(found.length / all.length).toBeGreaterThanOrEqual(0.9);
  });

  test("that only look damaged make one alarm at most", () => {
    const alarms = cases("ftfy-negative.json").filter(({ original }) => damage.find(original).length > 0);
    expect(alarms.map(({ label }) => label).length).toBeLessThanOrEqual(1);
  });

  test("clean texts in Chinese and Japanese make no alarm", () => {
    const set = compilePatterns({ areas: ["damage", "disguise", "spam"] });
    const files = readdirSync(join(corpus, "releases"), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.(?:md|txt)$|LICENSE[^/]*$/i.test(name))
      .map((name) => join(corpus, "releases", name))
      .filter((path) => statSync(path).isFile() && statSync(path).size < 2_000_000);
    const texts = files
      .map((path) => readFileSync(path, "utf8"))
      .filter((text) => (text.match(/[\u3040-\u30ff\u3400-\u9fff]/g)?.length ?? 0) > 500);
    expect(texts.length).toBeGreaterThan(5);
    const alarms = texts.flatMap((text) => set.find(text).filter(({ pattern }) => !/html-entity|boilerplate|repeated-runs/.test(pattern)));
    expect(alarms).toEqual([]);
  });
});
