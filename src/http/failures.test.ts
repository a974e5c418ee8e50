import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AjarError } from "../core/errors.ts";
import { splitCredential } from "./credential.ts";
import { causeCode, connectionError, scrubbed, serverText, showUrl, statusError } from "./failures.ts";

describe("what is shown of a request", () => {
  it("never holds the query or the user of an address", () => {
    expect(showUrl(new URL("https://user:word@host.example/path?X-Signature=abc#f"))).toBe("https://host.example/path");
  });

  it("is one printable line of bounded length, whatever the server said", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 500 }), (said) => {
        const shown = serverText(said);
        expect(shown.length).toBeLessThanOrEqual(200);
        expect(shown).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
      }),
    );
  });

  it("has every secret cut out of message, subject and hint, and drops the cause", () => {
    const error = new AjarError("NOT_FOUND", "a s3cret b", {
      subject: "s3cret",
      hint: "try s3cret",
      offset: 3,
      cause: new Error("s3cret"),
    });
    const clean = scrubbed(error, ["s3cret", ""]);
    expect([clean.message, clean.subject, clean.hint, clean.offset, clean.cause]).toEqual(["a *** b", "***", "try ***", 3, undefined]);
  });
});

describe("a failure", () => {
  it("is named by its status", () => {
    const code = (status: number) => statusError({ status, headers: new Map(), url: new URL("https://h.example/x") }, "x").code;
    expect([401, 403, 407, 404, 410, 429, 500, 503, 418, 302].map(code)).toEqual([
      "UNAUTHORIZED",
      "UNAUTHORIZED",
      "UNAUTHORIZED",
      "NOT_FOUND",
      "NOT_FOUND",
      "RATE_LIMITED",
      "UNREACHABLE",
      "UNREACHABLE",
      "BAD_RESPONSE",
      "BAD_RESPONSE",
    ]);
  });

  it("of the connection says why and what to do, certificates included", () => {
    const url = new URL("https://h.example/x");
    const inner = Object.assign(new Error("inner"), { code: "ECONNREFUSED" });
    expect(causeCode(new Error("outer", { cause: inner }))).toBe("ECONNREFUSED");
    expect(connectionError(inner, url, "x").message).toBe("x: cannot reach h.example: it refuses the connection");
    expect(connectionError(Object.assign(new Error(), { code: "SELF_SIGNED_CERT_IN_CHAIN" }), url, "x").hint).toContain(
      "NODE_EXTRA_CA_CERTS",
    );
  });
});

describe("a password in an address", () => {
  it("is bound to the origin and taken out of the address", () => {
    const { url, credential } = splitCredential(new URL("https://me:p%40ss@index.example:8443/simple"));
    expect(url.href).toBe("https://index.example:8443/simple");
    expect(credential).toMatchObject({ origin: "https://index.example:8443", authorization: `Basic ${btoa("me:p@ss")}` });
    expect(splitCredential(new URL("https://index.example/")).credential).toBeNull();
  });
});
