import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { type Canonical, canonical } from "./canonical.ts";
import { replaceDurably, writeDurablyAt } from "./files.ts";
import { isPublicKey, isSignedBy, keyOfFile, newKeyPem, signingKey } from "./keys.ts";
import { isLocked, takeLock } from "./lock.ts";

const folders: string[] = [];
function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "ajar-durable-"));
  folders.push(made);
  return made;
}
afterEach(() => {
  for (const made of folders.splice(0)) rmSync(made, { recursive: true, force: true });
});

describe("canonical JSON", () => {
  it("has one spelling whatever the order of members", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
        const turned = Object.fromEntries(Object.entries(object).reverse());
        expect(canonical(turned as Canonical)).toBe(canonical(object as Canonical));
        expect(JSON.parse(canonical(object as Canonical))).toEqual(JSON.parse(JSON.stringify(object)));
      }),
    );
  });

  it("is RFC 8785's for the example of its section 3.2", () => {
    const example = {
      numbers: [333333333.3333333, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '€$\u000f\nA\'B"\\\\"/',
      literals: [null, true, false],
    };
    expect(canonical(example)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
    expect(canonical({ b: 1, gone: undefined, a: "" })).toBe('{"a":"","b":1}');
  });
});

describe("keys", () => {
  it("sign what only they sign", () => {
    const key = signingKey(newKeyPem(), "test");
    const other = signingKey(newKeyPem(), "test");
    expect(isPublicKey(key.publicKey)).toBe(true);
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, another) => {
        const signature = key.sign(text);
        expect(isSignedBy(key.publicKey, text, signature)).toBe(true);
        expect(isSignedBy(other.publicKey, text, signature)).toBe(false);
        if (another !== text) expect(isSignedBy(key.publicKey, another, signature)).toBe(false);
        expect(isSignedBy(key.publicKey, text, another)).toBe(false);
      }),
      { numRuns: 30 },
    );
  });

  it("are made once, for their owner's eyes", () => {
    const path = join(folder(), "key.pem");
    const first = keyOfFile(path);
    expect(keyOfFile(path).publicKey).toBe(first.publicKey);
    writeFileSync(path, "no key");
    expect(() => keyOfFile(path)).toThrow(expect.objectContaining({ code: "BAD_KEY" }));
  });
});

describe("a lock", () => {
  it("keeps a second writer out until it is released", () => {
    const path = join(folder(), "lock");
    const lock = takeLock(path, "the log");
    expect(isLocked(path)).toBe(true);
    expect(() => takeLock(path, "the log")).toThrow(expect.objectContaining({ code: "IN_USE" }));
    lock.release();
    expect(isLocked(path)).toBe(false);
    takeLock(path, "the log").release();
  });

  it.each([
    ["a process that ended", { pid: 2 ** 30, began: "1" }],
    ["another process with its number", { pid: process.pid, began: "1" }],
    ["nobody", { pid: -1 }],
  ])("is taken over from %s", (_, change) => {
    const path = join(folder(), "lock");
    const lock = takeLock(path, "the log");
    const holder: object = JSON.parse(readFileSync(path, "utf8"));
    writeFileSync(path, JSON.stringify({ ...holder, token: "another", ...change }));
    const second = takeLock(path, "the log");
    expect(second.isHeld()).toBe(true);
    expect(lock.isHeld()).toBe(false);
    lock.release();
    expect(second.isHeld()).toBe(true);
    second.release();
  });

  it("of another machine holds while it is touched, and is taken over when it is not", () => {
    const path = join(folder(), "lock");
    writeFileSync(path, JSON.stringify({ pid: 1, boot: "elsewhere", space: "", began: "", token: "x" }));
    expect(() => takeLock(path, "the log")).toThrow(expect.objectContaining({ code: "IN_USE" }));
    utimesSync(path, new Date(0), new Date(0));
    takeLock(path, "the log").release();
    expect(readdirSync(join(path, ".."))).toEqual([]);
  });

  it("that is a copy of a held one is held by nobody", () => {
    const path = join(folder(), "lock");
    const lock = takeLock(path, "the log");
    const copy = join(folder(), "lock");
    cpSync(path, copy, { preserveTimestamps: true });
    expect(isLocked(path)).toBe(true);
    expect(isLocked(copy)).toBe(false);
    lock.release();
  });

  it("that nobody finished writing is no lock", () => {
    const path = join(folder(), "lock");
    writeFileSync(path, '{"pid":');
    takeLock(path, "the log").release();
  });
});

it("a replaced file leaves nothing beside it", async () => {
  const here = folder();
  await replaceDurably(join(here, "head.json"), "1");
  await replaceDurably(join(here, "head.json"), "2");
  expect(readdirSync(here)).toEqual(["head.json"]);
  expect(readFileSync(join(here, "head.json"), "utf8")).toBe("2");
});

it("a text at a place ends the file", async () => {
  const path = join(folder(), "lines");
  await writeDurablyAt(path, 0, "one\n");
  await writeDurablyAt(path, 4, "a longer one\n");
  await writeDurablyAt(path, 4, "two\n");
  expect(readFileSync(path, "utf8")).toBe("one\ntwo\n");
});
