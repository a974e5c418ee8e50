// Where a text may be cut without splitting what a reader sees as one character.

const segmenter = new Intl.Segmenter("und", { granularity: "grapheme" });
/** Longer clusters are piles of marks; they are cut at the last whole character. */
const LONGEST_CLUSTER = 64;

/** The last place not behind `wanted` at which the text may be cut. @param wanted from 0 to the text's length */
export function boundaryBefore(text: string, wanted: number): number {
  if (wanted <= 0 || wanted >= text.length) return Math.max(0, Math.min(wanted, text.length));
  if (text.charCodeAt(wanted - 1) < 0x80 && text.charCodeAt(wanted) < 0x80) {
    return text.charCodeAt(wanted - 1) === 0x0d && text.charCodeAt(wanted) === 0x0a ? wanted - 1 : wanted;
  }
  const from = Math.max(0, wanted - LONGEST_CLUSTER);
  const window = text.slice(from, wanted + LONGEST_CLUSTER);
  const cluster = segmenter.segment(window).containing(wanted - from);
  const cut = cluster === undefined ? wanted : from + cluster.index;
  if (cut > from || from === 0) return cut;
  const low = text.charCodeAt(wanted);
  return low >= 0xdc00 && low <= 0xdfff ? wanted - 1 : wanted;
}
