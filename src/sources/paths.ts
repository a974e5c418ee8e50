// Names chosen by others become paths here and nowhere else. What comes out is safe to print, to compare and to look up;
// it is never handed to the file system without a check of its own.
// Nothing is normalised to NFC: two names that differ in bytes are two files, whatever they look like.

/** PATH_MAX of Linux. A longer name cannot come from a real tree. */
export const MAX_PATH_CHARACTERS = 4096;

/** First segment of records of what a host said (SourceEntry.path); a file of the release must not pass for one. */
const HOST_RECORDS = "@host";

export type CheckedPath =
  | { readonly kind: "safe"; readonly path: string }
  | {
      readonly kind: "unsafe";
      /** The name with control characters escaped and cut to a printable length. */
      readonly shown: string;
      /** Why it was refused, to follow a colon. */
      readonly problem: string;
    };

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const SHOWN_CHARACTERS = 200;

/** Control characters, line separators and bidirectional overrides: all that can make a terminal or a reader see another name. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/** Printable ASCII but for the backslash: nothing in it is escaped. */
const PLAIN = /^[ -[\]-~]*$/u;

/** A name with backslashes, control and direction characters as `\xNN` or `\u{N}`. One-to-one: two names never share a shown form. */
export function shownName(name: string): string {
  if (PLAIN.test(name)) return name;
  return name.replaceAll("\\", "\\x5c").replace(UNPRINTABLE, escaped);
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x80 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u{${code.toString(16)}}`;
}

/** The shown form of a name given as bytes; bytes that are not UTF-8 become `\xNN`. */
export function shownBytes(name: Uint8Array): string {
  try {
    return shownName(strictUtf8.decode(name));
  } catch {
    return shownInvalid(name);
  }
}

function shownInvalid(name: Uint8Array): string {
  let shown = "";
  for (let at = 0; at < name.length; ) {
    const length = characterLength(name, at);
    if (length === 0) {
      shown += `\\x${(name[at] ?? 0).toString(16).padStart(2, "0")}`;
      at += 1;
    } else {
      shown += shownName(strictUtf8.decode(name.subarray(at, at + length)));
      at += length;
    }
  }
  return shown;
}

/** Bytes of the valid UTF-8 character at `at`, 0 when there is none. */
function characterLength(bytes: Uint8Array, at: number): number {
  for (let length = 1; length <= 4 && at + length <= bytes.length; length += 1) {
    try {
      strictUtf8.decode(bytes.subarray(at, at + length));
      return length;
    } catch {
      // Not a character of this length; a longer one may fit.
    }
  }
  return 0;
}

/** A name that is one segment of a real folder, in the form used in entry paths. `isFirst`: it stands at the start of the path. */
export function shownSegment(name: Uint8Array, isFirst: boolean): string {
  const shown = shownBytes(name);
  return isFirst ? guardHostRecords(shown) : shown;
}

/**
 * The entry path for a name written by others: relative, `/` between segments, no `.` or `..`, nothing unprintable.
 * `./a` and `a//b` are read as `a` and `a/b`. Absolute names, `..`, NUL and drive letters are refused.
 */
export function checkPath(name: string): CheckedPath {
  return checkWith(name, shownName);
}

/** As `checkPath`, for a name given as bytes; those that are not UTF-8 become `\xNN`. */
export function checkPathBytes(name: Uint8Array): CheckedPath {
  let decoded: string;
  try {
    decoded = strictUtf8.decode(name);
  } catch {
    // Escapes hold neither slash nor dot, so the segments seen are those of the raw name.
    return checkWith(name.includes(0) ? "\0" : shownInvalid(name), (text) => text);
  }
  return checkPath(decoded);
}

function checkWith(name: string, show: (text: string) => string): CheckedPath {
  const problem = problemOf(name);
  if (problem !== null) return { kind: "unsafe", shown: cut(shownName(name)), problem };
  const segments = name.split("/").filter((segment) => segment !== "" && segment !== ".");
  if (segments.length === 0) return { kind: "unsafe", shown: cut(shownName(name)), problem: "the name is empty" };
  return { kind: "safe", path: guardHostRecords(show(segments.join("/"))) };
}

function problemOf(name: string): string | null {
  if (name.length > MAX_PATH_CHARACTERS) return `the name is longer than ${MAX_PATH_CHARACTERS} characters`;
  if (name.includes("\0")) return "the name holds a NUL byte";
  if (name.startsWith("/") || name.startsWith("\\")) return "the name is absolute";
  if (/^[A-Za-z]:/u.test(name)) return "the name starts with a drive letter";
  // Split on both separators: what reads `..\x` on one system climbs out of the folder on another.
  if (name.split(/[/\\]/u).includes("..")) return "the name climbs out of its folder";
  return null;
}

function guardHostRecords(path: string): string {
  return path === HOST_RECORDS || path.startsWith(`${HOST_RECORDS}/`) ? `\\x40${path.slice(1)}` : path;
}

/** Cut for use in a sentence. */
function cut(shown: string): string {
  const characters = Array.from(shown.slice(0, SHOWN_CHARACTERS * 2));
  return characters.length > SHOWN_CHARACTERS ? `${characters.slice(0, SHOWN_CHARACTERS).join("")}…` : shown;
}

/** Text from others, or a message that holds some, made fit to print: escaped but for backslashes, and cut. Applying it twice changes nothing. */
export function shownInMessage(text: string): string {
  return cut(text.replace(UNPRINTABLE, escaped));
}
