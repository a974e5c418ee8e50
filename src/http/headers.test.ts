import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nextLink, parseContentRange, parseCount, parseLinkHeader, waitAsked } from "./headers.ts";

describe("Link", () => {
  it("finds the next page", () => {
    expect(nextLink('<https://hub.example/api/x?cursor=a%3D%3D>; rel="next"')).toBe("https://hub.example/api/x?cursor=a%3D%3D");
  });

  it("reads several links, rels and quoted separators", () => {
    const links = parseLinkHeader('</a>; title="x, y; rel=next", </b>;rel="prev next" , </c>; REL=last');
    expect(links.map((link) => [link.target, link.rels])).toEqual([
      ["/a", []],
      ["/b", ["prev", "next"]],
      ["/c", ["last"]],
    ]);
  });

  it("takes nothing from text that is no link", () => {
    expect(nextLink("rel=next")).toBeNull();
    expect(nextLink("<unclosed; rel=next")).toBeNull();
    expect(nextLink(undefined)).toBeNull();
  });

  it("gives back the target of any link it is given among others", () => {
    const target = fc.webUrl({ withQueryParameters: true }).filter((url) => !/[<>]/u.test(url));
    fc.assert(
      fc.property(target, target, fc.string(), (next, other, title) => {
        const quoted = title.replace(/["\\]/gu, "\\$&");
        expect(nextLink(`<${other}>; rel="prev"; title="${quoted}", <${next}>; rel="next"`)).toBe(next);
      }),
    );
  });

  it("never throws and stays bounded on any text", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("<", ">", '"', "\\", ",", ";", "=", "rel", "next", " ", "a"), maxLength: 400 }),
        (text) => {
          for (const link of parseLinkHeader(text)) expect(text).toContain(link.target);
        },
      ),
    );
    expect(parseLinkHeader("<a>,".repeat(100_000)).length).toBeLessThanOrEqual(32);
  });
});

describe("Content-Range", () => {
  it("reads what it writes", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.nat(), (first, extra, rest) => {
        const last = first + extra;
        const total = last + 1 + rest;
        expect(parseContentRange(`bytes ${first}-${last}/${total}`)).toEqual({ range: { first, last }, total });
        expect(parseContentRange(`bytes ${first}-${last}/*`)).toEqual({ range: { first, last }, total: null });
        expect(parseContentRange(`bytes */${total}`)).toEqual({ range: null, total });
      }),
    );
  });

  it("refuses ranges that contradict themselves", () => {
    for (const text of [
      "bytes 5-4/10",
      "bytes 0-10/10",
      "bytes -5/10",
      "bytes */*",
      "items 0-1/2",
      "bytes 0-1",
      "bytes 0-99999999999999999999/*",
      "",
    ]) {
      expect(parseContentRange(text), text).toBeNull();
    }
  });

  it("gives only ranges that make sense, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("bytes", " ", "-", "/", "*", "0", "7", "12", "="), maxLength: 12 }), (text) => {
        const parsed = parseContentRange(text);
        if (parsed?.range) expect(parsed.range.last).toBeGreaterThanOrEqual(parsed.range.first);
        if (parsed?.range && parsed.total !== null) expect(parsed.total).toBeGreaterThan(parsed.range.last);
      }),
    );
  });
});

describe("waiting", () => {
  const asked = (fields: Record<string, string>, now = 0) => waitAsked(new Map(Object.entries(fields)), now);

  it("honours Retry-After in seconds and as a date", () => {
    expect(asked({ "retry-after": "7" })).toBe(7000);
    expect(asked({ "retry-after": "Thu, 01 Jan 1970 00:01:00 GMT" }, 15_000)).toBe(45_000);
    expect(asked({ "retry-after": "Thu, 01 Jan 1970 00:00:00 GMT" }, 15_000)).toBe(0);
  });

  it("reads the RateLimit fields in their three spellings", () => {
    expect(asked({ ratelimit: '"api";r=0;t=120' })).toBe(120_000);
    expect(asked({ ratelimit: "limit=500, remaining=0, reset=30" })).toBe(30_000);
    expect(asked({ "ratelimit-reset": "9" })).toBe(9000);
  });

  it("is null when the server says nothing usable", () => {
    expect(asked({})).toBeNull();
    expect(asked({ "retry-after": "soon", ratelimit: "t=-4" })).toBeNull();
  });

  it("counts only plain digits", () => {
    expect(parseCount("12")).toBe(12);
    for (const text of ["", "-1", "1e3", "0x10", " 1", "９", "99999999999999999"]) expect(parseCount(text), text).toBeUndefined();
  });
});
