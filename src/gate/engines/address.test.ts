import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { guardedLookup, isInside, type Resolve, upstreamUrl } from "./address.ts";

describe("the address of an upstream", () => {
  test.each([
    "file:///etc/passwd",
    "ftp://a.example/",
    "gopher://a.example",
    "not an address",
    "http://user:secret@a.example/v1",
    "http://a.example/v1?key=1",
    "http://169.254.169.254/latest",
    "http://[fe80::1]/v1",
    "http://10.0.0.7/v1",
    "http://0x0a000007/v1",
    "http://167772167/v1",
    "http://192.168.1.1./v1",
    "http://[::ffff:10.0.0.1]/v1",
    "http://[::ffff:a9fe:a9fe]/v1",
    "http://0.0.0.0:8000/v1",
    "http://[fd00::1]/v1",
  ])("%s is refused", (text) => {
    expect(() => upstreamUrl(text, false)).toThrow(expect.objectContaining({ code: "BAD_OPTION" }));
  });

  test.each([
    "http://127.0.0.1:8000/v1",
    "http://[::1]:8000/v1",
    "https://api.example/v1",
    "http://localhost:11434/v1",
    "http://8.8.8.8/v1",
  ])("%s is taken", (text) => {
    expect(upstreamUrl(text, false).href).toBe(text);
  });

  it("may be a private one where that is allowed", () => {
    expect(upstreamUrl("http://10.0.0.7/v1", true).hostname).toBe("10.0.0.7");
  });

  it("never shows a password that was written into it", () => {
    expect(() => upstreamUrl("http://user:secret@a.example/v1", false)).not.toThrow(/secret/u);
    try {
      upstreamUrl("http://user:secret@a.example/v1", false);
    } catch (error) {
      expect(JSON.stringify({ ...Object(error) })).not.toContain("secret");
    }
  });
});

it("is inside or not, however it is written", () => {
  const byte = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(fc.constantFrom("10", "127", "8", "169.254", "192.168", "172.20"), byte, byte, byte, (net, a, b, c) => {
      const v4 = [...net.split("."), a, b, c].slice(0, 4).join(".");
      expect(isInside(`::ffff:${v4}`)).toBe(isInside(v4));
      expect(isInside(v4)).toBe(!(net === "127" || net === "8"));
    }),
  );
  expect(isInside("no address")).toBe(true);
});

describe("a name that is looked up for a connection", () => {
  const resolving =
    (...addresses: readonly string[]): Resolve =>
    (_hostname, _options, done) =>
      done(
        null,
        addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
      );
  const lookedUp = (resolve: Resolve, all: boolean, allowInside = false): Promise<unknown> =>
    new Promise((settle, reject) => {
      guardedLookup({ allowInside, resolve })("name.test", { all }, (error, address) => (error === null ? settle(address) : reject(error)));
    });

  it("gives the addresses that were checked, and no others", async () => {
    const checked = [
      { address: "8.8.8.8", family: 4 },
      { address: "2606:4700::1111", family: 6 },
    ];
    expect(await lookedUp(resolving("8.8.8.8", "2606:4700::1111"), true)).toEqual(checked);
    expect(await lookedUp(resolving("8.8.8.8", "2606:4700::1111"), false)).toBe("8.8.8.8");
    expect(await lookedUp(resolving("10.0.0.1"), false, true)).toBe("10.0.0.1");
  });

  it.each([[["10.0.0.1"]], [["8.8.8.8", "10.0.0.1"]], [["::ffff:169.254.169.254"]], [[]]])("is refused with %j", async (addresses) => {
    for (const all of [true, false]) await expect(lookedUp(resolving(...addresses), all)).rejects.toMatchObject({ code: "BAD_OPTION" });
  });

  it("is not there where the network does not know it", async () => {
    const unknown: Resolve = (_hostname, _options, done) => done(Object.assign(new Error("no such name"), { code: "ENOTFOUND" }), []);
    await expect(lookedUp(unknown, true)).rejects.toMatchObject({ code: "ENOTFOUND" });
  });
});
