// Finds a clause in a license text by its label, as a reader would: `1.b.v` is the v. below the b. below the 1.

/** A place where a label stands: at the head of a line, so deep in, in this dress (`a.`, `(a)`, `Section 2`). */
interface Mark {
  readonly index: number;
  /** Where the label ends. */
  readonly end: number;
  readonly indent: number;
  readonly dress: string;
}

/** Lines that end whatever clause stands before them. */
const END = /^\W*(?:END OF (?:THE )?TERMS|(?:EXHIBIT|ATTACHMENT|APPENDIX|Exhibit|Attachment|Appendix)\b|条款结束)/mu;
const NAMED = /^((?:Section|Exhibit|Attachment|Appendix) [A-Z]+)(?:\.(.+))?$/u;
const HEADED = /^(\p{L}[\p{L}’' ]{3,}?)(?:\.(\w+))?$/u;

/** Where a clause whose inner clauses are looked for may end: at its next sibling, or at the one after if lists are not set in. */
type Reach = 0 | 1;

/** What stands behind the label, for every part of the text that it can mean; empty when there is none. */
export function clauseSpans(text: string, label: string): string[] {
  if (label.startsWith("paragraph ")) return text.replaceAll(/\s+/gu, " ").includes(label) ? [text] : [];
  const headed = NAMED.exec(label) ?? HEADED.exec(label);
  if (headed === null) return numbered(text, label);
  const [, heading = "", rest] = headed;
  return headingSpans(text, heading).flatMap((span) => (rest === undefined ? [span] : below(span, rest.split("."), true, 0)));
}

function numbered(text: string, label: string): string[] {
  const parts = label.split(".");
  for (const reach of [0, 1] as const) {
    const found = below(text, parts, false, reach);
    if (found.length > 0) return found;
  }
  // Some texts have lost the letters of a list that they themselves refer to.
  return text.includes(`paragraph ${label}`) ? below(text, parts.slice(0, -1), false, 0) : [];
}

function below(text: string, parts: readonly string[], isInner: boolean, reach: Reach): string[] {
  if (parts.length === 0) return [text];
  const found: string[] = [];
  for (let taken = parts.length; taken > 0; taken -= 1) {
    const rest = parts.slice(taken);
    const spans = spansOf(text, parts.slice(0, taken), isInner, rest.length === 0 ? 0 : reach);
    for (const span of spans) found.push(...below(span, rest, true, reach));
  }
  return found;
}

function spansOf(text: string, parts: readonly string[], isInner: boolean, reach: Reach): string[] {
  const follow = siblings(parts).map((next) => marks(text, next, isInner));
  return marks(text, parts.join("."), isInner).map((mark) => {
    const ends = follow.map((others) => others.filter((other) => other.index > mark.index && mayFollow(mark, other))[reach]?.index);
    const outer = isInner ? -1 : text.slice(mark.end).search(END);
    const limit = outer === -1 ? text.length : mark.end + outer;
    return text.slice(mark.end, Math.min(limit, ...ends.map((end) => end ?? limit)));
  });
}

function mayFollow(mark: Mark, other: Mark): boolean {
  return other.dress === mark.dress && other.indent <= mark.indent;
}

function marks(text: string, label: string, isInner: boolean): Mark[] {
  const escaped = label.replaceAll(".", String.raw`\.`);
  const close = label.includes(".") ? String.raw`[.:)]?(?=\s)` : String.raw`(?:\\?[.:)、，]|\])`;
  const line = new RegExp(
    String.raw`^([ \t]*)[>*#_•«»“"\\ -]*(?:(Section |SECTION )(?=\d)|(\(?))${escaped}(?:\.0)?(?!\.?\d)(${close}|\s)`,
    "gmu",
  );
  const found = [...text.matchAll(line)]
    // A bare number before a blank may be the end of a broken line.
    .filter(([, , section, , closing]) => section !== undefined || closing?.trim() !== "" || label.includes("."))
    .map(({ index, 0: whole, 1: indent = "", 2: section, 3: open = "", 4: closing = "" }) => ({
      index,
      end: index + whole.length,
      indent: indent.length,
      dress: section?.toLowerCase() ?? `${open}${closing.trim()}`,
    }));
  if (found.length > 0 || !isInner || /^\d/u.test(label)) return found;
  const inside = new RegExp(String.raw`(?<=[\s;])(\(?)${escaped}([).])(?=\s+\p{L})`, "gu");
  return [...text.matchAll(inside)].map(({ index, 0: whole, 1: open = "", 2: closing = "" }) => ({
    index,
    end: index + whole.length,
    indent: 0,
    dress: `${open}${closing}`,
  }));
}

const ROMAN = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"];

/** Labels that may follow: the next number or letter at the same depth, or at the one above for `2.1`. */
function siblings(parts: readonly string[]): string[] {
  const front = parts.slice(0, -1);
  const nexts = successors(parts.at(-1) ?? "").map((next) => [...front, next].join("."));
  return front.length === 0 ? nexts : [...nexts, ...siblings(front)];
}

function successors(label: string): string[] {
  if (/^\d+$/u.test(label)) return [1, 2].map((step) => String(Number(label) + step));
  const isUpper = label === label.toUpperCase();
  const roman = ROMAN.indexOf(label.toLowerCase());
  const next = roman === -1 ? [] : ROMAN.slice(roman + 1, roman + 2).map((word) => (isUpper ? word.toUpperCase() : word));
  const letter = label.length === 1 ? [String.fromCodePoint((label.codePointAt(0) ?? 0) + 1)] : [];
  return [...letter, ...next];
}

/** A heading and what stands below it, up to the next heading of the same make. */
function headingSpans(text: string, heading: string): string[] {
  const line = new RegExp(String.raw`^[ \t>*#_•«»“"-]*${heading.replaceAll(" ", String.raw`\s+`)}(?!\w).*$`, "gimu");
  return [...text.matchAll(line)].map((match) => {
    const [whole] = match;
    const after = text.slice(match.index + whole.length);
    const next = nextHeading(whole, heading, after);
    const end = next === undefined ? -1 : after.search(next);
    return whole + (end === -1 ? after : after.slice(0, end));
  });
}

function nextHeading(line: string, heading: string, after: string): RegExp | undefined {
  const [family = ""] = heading.split(" ");
  if (NAMED.test(heading)) return new RegExp(String.raw`^\s*${family} [A-Z]+${line.includes(":") ? ":" : ""}`, "imu");
  if (/^#+ /u.test(line)) return /^#+ /mu;
  if (/^\* /u.test(line)) return /^\* /mu;
  if (/^\s*-{5,}/u.test(after)) return /^.+\n-{5,}$/mu;
  return /\.\s*$/u.test(line) ? /^\s*\d+\.\s/mu : undefined;
}
