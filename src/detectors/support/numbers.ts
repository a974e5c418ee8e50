// Numbers as people write them on cards: 2.0T, 1,259.13B, 1.4万亿, 3.3e12, 2 trillion, 10^25.

/** A number with its place in the text. */
export interface ScaledNumber {
  readonly value: number;
  /** As written, sign of approximation left out. */
  readonly stated: string;
  readonly start: number;
  readonly end: number;
  /** Smallest step that the writing can express: 1e11 for `2.0T`, 1e12 for `2T`. */
  readonly step: number;
  /** The scale was a bare letter (7B), which is how sizes of models are written. */
  readonly letter: string;
}

const SCALES: Readonly<Record<string, number>> = {
  thousand: 1e3,
  million: 1e6,
  billion: 1e9,
  trillion: 1e12,
  k: 1e3,
  m: 1e6,
  b: 1e9,
  g: 1e9,
  t: 1e12,
  万: 1e4,
  萬: 1e4,
  百万: 1e6,
  百萬: 1e6,
  千万: 1e7,
  千萬: 1e7,
  亿: 1e8,
  億: 1e8,
  十亿: 1e9,
  十億: 1e9,
  百亿: 1e10,
  百億: 1e10,
  千亿: 1e11,
  千億: 1e11,
  万亿: 1e12,
  萬億: 1e12,
};

const NUMBER =
  /(?<![\w.,])(\d{1,3}(?:,\d{3}){1,8}|\d{1,15})(\.\d{1,9})?(?:\s?(?:[x×*·⋅]|\\times)\s?10\s?(?:\^\s?\{?\s?(\d{1,3})\s?\}?|([⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}))|[eE]\+?(\d{1,3})(?![\w.]))?(?:\s?([万萬]?[亿億]|[十百千][亿億万萬]|[万萬])|[\s-]?([Tt]housand|[Mm]illion|[Bb]illion|[Tt]rillion)s?\b|\s?([KkMBbTG])(?![A-Za-z0-9]))?/g;

const POWER = /(?<![\w.,])10\s?(?:\^\s?\{?\s?(\d{1,3})\s?\}?|([⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}))/g;

/** All numbers of a text, in order. Linear: every repeat in the pattern is bounded. */
export function scanNumbers(text: string): readonly ScaledNumber[] {
  const found: ScaledNumber[] = [];
  for (const match of text.matchAll(NUMBER)) {
    const number = read(match);
    if (number !== null) found.push(number);
  }
  return withPowers(found, text);
}

/** Replaces the bare `10` of `10^25` by the power; powers that belong to a factor (`3 x 10^25`) were read with it. */
function withPowers(plain: readonly ScaledNumber[], text: string): readonly ScaledNumber[] {
  const powers = [...text.matchAll(POWER)];
  if (powers.length === 0) return plain;
  const found: ScaledNumber[] = [];
  let next = 0;
  for (const match of powers) {
    const start = match.index;
    const end = start + match[0].length;
    for (let number = plain[next]; number !== undefined && number.end <= start; number = plain[next]) {
      found.push(number);
      next += 1;
    }
    if ((plain[next]?.start ?? start) < start) continue;
    const exponent = exponentOf(match[1], match[2]);
    if (exponent === null || exponent < MIN_POWER) continue;
    while ((plain[next]?.start ?? end) < end) next += 1;
    const value = 10 ** exponent;
    found.push({ value, stated: match[0], start, end, step: value, letter: "" });
  }
  return [...found, ...plain.slice(next)];
}

/** Smaller powers of ten are learning rates and footnotes. */
const MIN_POWER = 3;

function read(match: RegExpExecArray): ScaledNumber | null {
  const [stated, whole = "", fraction = "", caret, superscript, e, chinese, word, letter] = match;
  const exponent = exponentOf(caret ?? e, superscript);
  const scale = (SCALES[(chinese ?? word ?? letter ?? "").toLowerCase()] ?? 1) * 10 ** (exponent ?? 0);
  const digits = Number(`${whole.replaceAll(",", "")}${fraction}`);
  const value = Number((digits * scale).toPrecision(15));
  if (!Number.isFinite(value)) return null;
  const step = scale * 10 ** -Math.max(0, fraction.length - 1);
  return { value, stated, start: match.index, end: match.index + stated.length, step, letter: letter ?? "" };
}

function exponentOf(plain: string | undefined, superscript: string | undefined): number | null {
  const digits = plain ?? superscript?.replace(/./gu, (digit) => String("⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(digit)));
  const exponent = digits === undefined ? Number.NaN : Number(digits);
  return Number.isInteger(exponent) ? exponent : null;
}
