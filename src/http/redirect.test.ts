import { describe, expect, it } from "vitest";
import { redirectTarget } from "./redirect.ts";

const HUB = new URL("https://hub.example/a/b?x=1");
const REFUSED = expect.objectContaining({ code: "BAD_RESPONSE" });

describe("a redirect", () => {
  it("may be relative, and brings neither user nor fragment", () => {
    expect(redirectTarget("../c", HUB, "x").href).toBe("https://hub.example/c");
    expect(redirectTarget("https://u:p@cdn.example/f?sig=1#top", HUB, "x").href).toBe("https://cdn.example/f?sig=1");
  });

  it("from https to plain http is refused, the other way is followed", () => {
    expect(() => redirectTarget("http://hub.example/a", HUB, "x")).toThrow(REFUSED);
    expect(redirectTarget("https://hub.example/a", new URL("http://hub.example/"), "x").protocol).toBe("https:");
  });

  it("to nowhere or to another scheme is refused", () => {
    for (const location of [undefined, "", "http://", "file:///etc/passwd", "data:,x", "ftp://x/y", "javascript:alert(1)"]) {
      if (location === "") expect(redirectTarget(location, HUB, "x").href).toBe(HUB.href);
      else expect(() => redirectTarget(location, HUB, "x"), String(location)).toThrow(REFUSED);
    }
  });
});
