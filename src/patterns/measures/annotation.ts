// Readings put after characters, which keep words from being found: 版(bǎn)權(quán)所有.
import { units } from "../signs.ts";
import { limitOf, type Measure } from "./measure.ts";

const ANNOTATED = /([\u3400-\u9fff])[(（][a-zü]{0,5}[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ][a-zü]{0,4}[)）]/g;
/** No text without these is looked through. */
const TONED = /[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ][a-zü]{0,4}[)）]/;
const HAN = /[\u3400-\u9fff]/g;

/** Enough of them in proportion to the text, or of different characters; a textbook annotates one name. */
export const pinyinAnnotation: Measure = {
  texts: "wide",
  signs: [{ first: units("<han>"), second: units("(（") }],
  find(text, { limits }, tell) {
    if (!TONED.test(text)) return;
    const places: [number, number][] = [];
    const characters = new Set<string>();
    ANNOTATED.lastIndex = 0;
    for (let found = ANNOTATED.exec(text); found !== null; found = ANNOTATED.exec(text)) {
      places.push([found.index, found.index + found[0].length]);
      characters.add(found[1] ?? "");
    }
    if (places.length < limitOf(limits, "least")) return;
    const perThousand = (places.length * 1000) / (text.match(HAN)?.length ?? 1);
    if (characters.size < limitOf(limits, "distinct") && perThousand < limitOf(limits, "perThousand")) return;
    for (const [start, end] of places) tell(start, end, "checked");
  },
};
