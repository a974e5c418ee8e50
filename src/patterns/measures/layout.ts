// What converters of pages leave in a text: lines of spaces that do not break, signs of two widths.
import { units } from "../signs.ts";
import { limitOf, type Measure } from "./measure.ts";

const PADDED = /(?:^|\n)[ \t\r]{0,40}\u00a0[ \t\r\u00a0]{0,200}(?=\n|$)/g;

/** Lines with nothing but spaces that do not break, and many lines that are empty. */
export const nbspPadding: Measure = {
  texts: "wide",
  signs: [{ first: null, second: units("\u00a0") }],
  find(text, { limits }, tell) {
    if (!text.includes("\u00a0")) return;
    const padded = text.match(PADDED)?.length ?? 0;
    if (padded < limitOf(limits, "lines")) return;
    const lines = text.split("\n");
    if (lines.filter((line) => line.trim() === "").length < lines.length * limitOf(limits, "share")) return;
    const first = text.search(/\u00a0/);
    tell(first, first + 1, "checked");
  },
};

const HAN_COMMA = /[\u3400-\u9fff],(?=[\u3400-\u9fff])/g;
const SIGN = /[\u3400-\u9fff][(（][a-zü]{0,5}[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]|[\u3400-\u9fff]\?!/;

/** ASCII commas between characters beside ideographic stops; told only together with a sign of replacement. */
export const punctuationMix: Measure = {
  texts: "wide",
  signs: [{ first: units("<han>"), second: units(",") }],
  find(text, { limits }, tell) {
    if (!text.includes("。")) return;
    const commas = text.match(HAN_COMMA)?.length ?? 0;
    if (commas < limitOf(limits, "least") || !SIGN.test(text)) return;
    const han = text.match(/[\u3400-\u9fff]/g)?.length ?? 1;
    if ((commas * 1000) / han < limitOf(limits, "perThousand")) return;
    const first = text.search(HAN_COMMA);
    tell(first + 1, first + 2, "shaped");
  },
};
