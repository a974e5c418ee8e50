// A page as a careless site leaves it: own words, damaged by the same process as a page that was found in the wild. A line for
// search engines comes first; readings were put after characters by a search and replace over bytes of GBK; a converter
// that loses both bytes of a pair it does not know made UTF-8 of it.
import { byteTable } from "../../src/patterns/measures/double-byte.ts";

const SEO = "免费在线观看高清|最新资源天天更新|热门影片排行大全|手机版免下载APP|国内精品合集推荐|备用网址永久地址";

const BODY = [
  "大型語言模型的權重是否應該開放，今年再次引起爭論。支持者認為，公開權重能讓更多人檢驗模型。",
  "因為開源社群可以重新訓練，研究者得以獨立驗證結果。反對者擔心濫用，因為防止濫用並不容易。",
  "有學者說：「網路上的護欄影響有限，應當從訓練資料開始。」改變不會一夜發生，轉載與引用也要負責。",
  "實驗顯示，模型的應答受資料影響很深。權利人要求說明訓練資料的來源，並保護自己的作品。",
];

const CREDIT = ["版權歸原作者所有，轉載請註明出處。如有侵權，請聯繫我們刪除。", "投稿信箱：editor@site-of-no-one.com"];

const READINGS: readonly (readonly [string, string])[] = [
  ["權", "quán"],
  ["驗", "yàn"],
  ["應", "yīng"],
  ["響", "xiǎng"],
  ["網", "wǎng"],
  ["轉", "zhuǎn"],
  ["載", "zài"],
  ["護", "hù"],
  ["訓", "xùn"],
  ["練", "liàn"],
];

/** Signs were made narrow in the same way: the full-width one's bytes, wherever they stand, give way to one byte. */
const NARROW: readonly (readonly [string, string])[] = [
  ["！", "!"],
  ["，", ","],
  ["：", ":"],
];

function encode(text: string): readonly number[] {
  const table = byteTable("gbk");
  return [...text].flatMap((char) => {
    const unit = char.charCodeAt(0);
    const code = unit < 0x80 ? unit : (table[unit] ?? 0);
    if (code === 0) throw new Error(`GBK has no ${char}`);
    return code > 0xff ? [code >> 8, code & 0xff] : [code];
  });
}

/** Replaces bytes by bytes wherever they stand, also across the border of two characters. */
function replaceBytes(bytes: readonly number[], from: readonly number[], to: readonly number[]): readonly number[] {
  const out: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    const isThere = from.every((byte, index) => bytes[at + index] === byte);
    out.push(...(isThere ? to : [bytes[at] ?? 0]));
    at += isThere ? from.length : 1;
  }
  return out;
}

/** Reads GBK as the converter did: a pair that is none becomes `?`, and only an exclamation mark in it is kept. */
function decode(bytes: readonly number[]): string {
  const decoder = new TextDecoder("gbk");
  let text = "";
  for (let at = 0; at < bytes.length; at += 1) {
    const [lead = 0, trail = 0] = bytes.slice(at, at + 2);
    if (lead < 0x80) {
      text += String.fromCharCode(lead);
      continue;
    }
    const pair = decoder.decode(Uint8Array.of(lead, trail));
    const isKnown = pair.length === 1 && pair !== "\ufffd";
    text += isKnown ? pair : "?";
    if (isKnown || trail !== 0x21) at += 1;
  }
  return text;
}

/** The page's text, and what it was before. */
export function damagedPage(): { readonly text: string; readonly clean: string } {
  const lines = [...BODY, ...CREDIT];
  const tables = [...READINGS.map(([char, reading]) => [char, `${char}(${reading})`] as const), ...NARROW];
  const damaged = lines.map((line) =>
    decode(tables.reduce((bytes, [from, to]) => replaceBytes(bytes, encode(from), encode(to)), encode(line))),
  );
  return { text: [SEO, ...damaged.flatMap((line) => ["\u00a0\u00a0", line, ""])].join("\n"), clean: lines.join("\n\n") };
}
