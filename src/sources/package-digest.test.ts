import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { DigestCheck, hexDigest, parseIntegrity } from "./package-digest.ts";
import { recordClaims } from "./package-record.ts";

const base64 = (algorithm: string, text: string) => createHash(algorithm).update(text).digest("base64");

describe("a registry's digest", () => {
  it("is the strongest of an integrity text", () => {
    const text = `sha1-${base64("sha1", "x")} sha512-${base64("sha512", "x")}?opt sha256-${base64("sha256", "x")}`;
    expect(parseIntegrity(text)).toEqual({ algorithm: "sha512", hex: createHash("sha512").update("x").digest("hex") });
  });

  it("of the wrong length is none", () => {
    for (const text of ["", "sha512-AAAA", "md5-AAAA", "sha512"]) expect(parseIntegrity(text), text).toBeNull();
    expect(hexDigest("sha1", "abc")).toBeNull();
    expect(hexDigest("sha1", 7)).toBeNull();
  });

  it("passes what it names and nothing else", () => {
    const check = (content: string) => {
      const digest = new DigestCheck(hexDigest("sha256", createHash("sha256").update("abc").digest("hex")));
      for (const letter of content) digest.update(new TextEncoder().encode(letter));
      return () => digest.verify("npm:x@1");
    };
    expect(check("abc")).not.toThrow();
    expect(check("abd")).toThrow(expect.objectContaining({ code: "DIGEST_MISMATCH" }));
  });
});

describe("a wheel's RECORD", () => {
  it("gives a digest for each line that states one", () => {
    const digest = createHash("sha256").update("x").digest();
    const text = `a/b.py,sha256=${digest.toString("base64url")},12\r\n"with, comma",sha256=${digest.toString("base64url")},1\nx.dist-info/RECORD,,\nbad\n,,\ny,sha256=AA,3\nz,md5=AA,3`;
    expect([...recordClaims(text)]).toEqual([
      ["a/b.py", digest.toString("hex")],
      ["with, comma", digest.toString("hex")],
    ]);
  });
});
