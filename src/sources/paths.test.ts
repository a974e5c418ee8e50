import fc from "fast-check";
import { expect, test } from "vitest";
import { checkPath, checkPathBytes, MAX_PATH_CHARACTERS, shownBytes, shownInMessage, shownName, shownSegment } from "./paths.ts";

/** Names as attackers write them: plain pieces, separators and control characters mixed. */
const hostileName = fc
  .array(
    fc.oneof(
      fc.constantFrom("..", ".", "/", "\\", "\0", "C:", "\u202e", "\n", "\u001b[2J", "@host", "!", "\ud800", "\u0085", "é", "e\u0301"),
      fc.string({ unit: "binary", maxLength: 6 }),
    ),
    { maxLength: 12 },
  )
  .map((pieces) => pieces.join(""));

test("a name that passes is relative, climbs nowhere and prints as it is", () => {
  fc.assert(
    fc.property(hostileName, (name) => {
      const checked = checkPath(name);
      if (checked.kind === "unsafe") {
        expect(checked.shown).not.toMatch(/[\p{Cc}\u202a-\u202e]/u);
        return;
      }
      expect(checked.path).not.toMatch(/^\/|[\p{Cc}\p{Cs}\u202a-\u202e]/u);
      expect(checked.path.split("/")).not.toEqual(expect.arrayContaining([".."]));
      expect(checked.path.split("/").filter((segment) => segment === "" || segment === ".")).toEqual([]);
      expect(checked.path).not.toMatch(/^@host(?:\/|$)/u);
    }),
    { numRuns: 2000 },
  );
});

test("two names are never shown alike", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (a, b) => {
      expect(shownName(a) === shownName(b)).toBe(a === b);
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 8 }), fc.uint8Array({ maxLength: 8 }), (a, b) => {
      expect(shownBytes(a) === shownBytes(b)).toBe(Buffer.from(a).equals(b));
    }),
    { numRuns: 2000 },
  );
});

test("bytes and text of the same name give the same path", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (name) => {
      expect(checkPathBytes(Buffer.from(name))).toEqual(checkPath(name));
    }),
  );
});

test("a message is made printable once and for all", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const shown = shownInMessage(text);
      expect(shown).not.toMatch(/[\p{Cc}\u202a-\u202e]/u);
      expect(shownInMessage(shown)).toBe(shown);
    }),
  );
});

test("names that differ only in Unicode form stay two names", () => {
  expect(checkPath("é")).not.toEqual(checkPath("e\u0301"));
});

test.each([
  ["../x", "climbs"],
  ["a/../../x", "climbs"],
  ["a\\..\\..\\x", "climbs"],
  ["/etc/passwd", "absolute"],
  ["\\\\server\\share", "absolute"],
  ["C:\\Windows", "drive"],
  ["c:x", "drive"],
  ["a\0b", "NUL"],
  ["", "empty"],
  ["./", "empty"],
  ["x".repeat(MAX_PATH_CHARACTERS + 1), "longer"],
])("the name %j is refused", (name, why) => {
  expect(checkPath(name)).toMatchObject({ kind: "unsafe", problem: expect.stringContaining(why) });
});

test.each([
  ["./a//b/./c", "a/b/c"],
  ["a\\b", "a\\x5cb"],
  ["a\nb", "a\\x0ab"],
  ["..a/b..", "..a/b.."],
  ["@host/card.json", "\\x40host/card.json"],
  ["@hosting/x", "@hosting/x"],
])("the name %j becomes %j", (name, path) => {
  expect(checkPath(name)).toEqual({ kind: "safe", path });
});

test("a first folder called @host cannot pass for what a host said", () => {
  expect(shownSegment(Buffer.from("@host"), true)).toBe("\\x40host");
  expect(shownSegment(Buffer.from("@host"), false)).toBe("@host");
});
