import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, describe, expect, it, test, vi } from "vitest";
import { digestOf, feedOf, madeUpAdvisory, newKey } from "../../../../test/gate/doors/made-up-feed.ts";
import { madeUpModel } from "../../../../test/gate/doors/made-up-model.ts";
import { throwawayFolders } from "../../../../test/support/folders.ts";
import { AjarError } from "../../../core/errors.ts";
import type { Canonical } from "../../durable/canonical.ts";
import { openDoorBook } from "../book.ts";
import { FolderStore } from "../folder-store.ts";
import { readAdvisory } from "./advisory.ts";
import { DEFAULT_TRUST, type FeedTrust, RecallBook } from "./book.ts";
import { readFeed } from "./feed.ts";
import { RecallIndex, type Scope } from "./match.ts";
import type { FetchBytes } from "./read-feed-source.ts";
import { readJson } from "./read-json.ts";

const folder = throwawayFolders("ajar-recalls-");

const NOW = Date.parse("2026-11-25T00:00:00Z");
const key = newKey();
const trust = (keys = [key.publicKey], threshold = 1) => ({ keys, threshold });
const read = (text: string, seen: { sequence: number; digest: string } | null = null, extra: readonly string[] = []) =>
  readFeed(
    Buffer.from(text),
    extra.map((one) => Buffer.from(one)),
    trust(),
    seen,
    "feed",
  );

const OPERATOR: Scope = { role: "operator", namespaces: [], mayBlock: false, declaredLinks: "warn" };
const PUBLISHER: Scope = { ...OPERATOR, role: "publisher", namespaces: ["acme"] };
const THIRD: Scope = { ...OPERATOR, role: "third-party" };
const indexOf = (...documents: Canonical[]) => new RecallIndex(documents.map((document) => readAdvisory(document, "test")));
const decide = (index: RecallIndex, model: Parameters<RecallIndex["matches"]>[0], scope: Scope, policies: readonly string[] = []) =>
  index.matches(model, scope, { now: NOW, policies }).map(({ advisory, decision, by }) => `${advisory.id} ${decision} ${by}`);

const descendants = { applies: "descendants", relations: ["finetune", "quantized"], minConfidence: "declared" };
const tern = madeUpModel({ id: "tern", ref: "hf:acme/tern@0123", fileDigests: [digestOf("a")], releaseDigest: digestOf("r") });

describe("an advisory", () => {
  const example = join(import.meta.dirname, "../../../../../shared/reference/recall-example.json");
  it.skipIf(!existsSync(example))("of the reference is read", () => {
    const advisory = readAdvisory(readJson(readFileSync(example), "BAD_ADVISORY", example), example);
    expect(advisory).toMatchObject({ id: "x_AJAR-2026-0001", action: "block", reason: "backdoor" });
    expect(advisory.affected[0]).toMatchObject({ base: "hf:example-org/example-7b", lineage: { minConfidence: "declared" } });
  });

  test.each([
    ["id", { id: "AJAR-2026-0001" }],
    ["surplus", { top: { surplus: 1 } }],
    ["modified", { top: { modified: "yesterday" } }],
    ["withdrawn", { top: { withdrawn: "2026-11-20" } }],
    ["references.0.type", { top: { references: [{ type: "BLOG", url: "https://a.example" }] } }],
    ["credits.0.type", { top: { credits: [{ name: "A", type: "AUTHOR" }] } }],
    ["affected", { top: { affected: [] } }],
    ["affected.0.database_specific.ajar.match.0.digest", { affected: { match: [{ kind: "file", digest: "sha256:ab" }] } }],
    ["affected.0.database_specific.ajar.match.0.kind", { affected: { match: [{ kind: "name", digest: digestOf("a") }] } }],
    ["affected.0.database_specific.ajar.lineage.applies", { affected: { lineage: { applies: "all" } } }],
    ["database_specific.ajar.action", { ajar: { action: "delete" } }],
    ["database_specific.ajar.policy", { ajar: { action: "require-policy" } }],
    ["database_specific.ajar.format", { ajar: { format: "ajar-recall/2" } }],
    ["database_specific.ajar", { ajar: { surplus: true } }],
  ])("with a wrong %s is refused, and the field is named", (field, parts) => {
    expect(() => readAdvisory(madeUpAdvisory(parts), "a.json")).toThrow(
      expect.objectContaining({ code: "BAD_ADVISORY", message: expect.stringContaining(`${field}:`) }),
    );
  });

  it("of any JSON is read or refused, never anything else", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom("top", "ajar", "affected"), fc.string(), (value, where, name) => {
        try {
          readAdvisory(madeUpAdvisory({ [where]: { [name]: value as Canonical } }), "x");
          readAdvisory(value as Canonical, "x");
        } catch (error) {
          expect(error).toMatchObject({ code: "BAD_ADVISORY" });
        }
      }),
    );
  });
});

describe("a feed", () => {
  it("is read when it is signed by who is trusted", () => {
    const snapshot = read(feedOf([madeUpAdvisory(), madeUpAdvisory({ id: "x_ACME-2" })], key));
    expect(snapshot.documents.map(({ id }) => id)).toEqual(["x_ACME-1", "x_ACME-2"]);
  });

  it("is refused when it is older than what was seen, or another with the same number", () => {
    const second = read(feedOf([], key, { sequence: 2 }));
    expect(() => read(feedOf([madeUpAdvisory()], key, { sequence: 1 }), second)).toThrow("2 was seen before");
    expect(() => read(feedOf([madeUpAdvisory()], key, { sequence: 2 }), second)).toThrow("two feeds with the number 2");
    expect(read(feedOf([], key, { sequence: 2 }), second).digest).toBe(second.digest);
    expect(read(feedOf([madeUpAdvisory()], key, { sequence: 3 }), second).documents).toHaveLength(1);
  });

  it("wants as many keys as the threshold says, each counted once", () => {
    const other = newKey();
    const text = feedOf([], key);
    expect(() => readFeed(Buffer.from(text), [], trust([other.publicKey]), null, "feed")).toThrow("signed by 0 of the 1");
    const doubled = JSON.parse(text);
    doubled.signatures.push(doubled.signatures[0]);
    const wanted = trust([key.publicKey, other.publicKey], 2);
    expect(() => readFeed(Buffer.from(JSON.stringify(doubled)), [], wanted, null, "feed")).toThrow("signed by 1 of the 2");
    const both = JSON.parse(text);
    both.signatures.push(JSON.parse(feedOf([], other)).signatures[0]);
    expect(readFeed(Buffer.from(JSON.stringify(both)), [], wanted, null, "feed").keys).toHaveLength(2);
  });

  it("is refused when an advisory is missing, another, there twice, or not its own", () => {
    const whole = JSON.parse(feedOf([madeUpAdvisory(), madeUpAdvisory({ id: "x_ACME-2" })], key));
    const [one, two] = whole.advisories;
    const withAdvisories = (...advisories: unknown[]) => JSON.stringify({ ...whole, advisories });
    expect(() => read(withAdvisories(one))).toThrow("x_ACME-2 is missing");
    expect(() => read(withAdvisories(one, { ...two, summary: "harmless" }))).toThrow("x_ACME-2 is not the one that was signed");
    expect(() => read(withAdvisories(one, one, two))).toThrow("comes twice");
    expect(() => read(withAdvisories(one, two, madeUpAdvisory({ id: "x_OTHER-1" })))).toThrow("not part of this feed");
    // In files of their own the same.
    expect(read(withAdvisories(), null, [JSON.stringify(one), JSON.stringify(two)]).documents).toHaveLength(2);
    expect(() => read(withAdvisories(), null, [JSON.stringify(one)])).toThrow("is missing");
  });

  it("with a key that comes twice is refused", () => {
    const text = feedOf([], key).replace('"signed":', '"signed":{},"signed":');
    expect(() => read(text)).toThrow(expect.objectContaining({ code: "BAD_FEED", message: expect.stringContaining("comes twice") }));
  });

  it("is refused, and nothing else happens, for any change or cut of its bytes that changes what it says", () => {
    const text = feedOf([madeUpAdvisory()], key);
    const good = read(text);
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.integer({ min: 1, max: 255 }), fc.boolean(), (at, flip, isCut) => {
        const bytes = Buffer.from(text);
        bytes[at] = (bytes[at] ?? 0) ^ flip;
        try {
          const got = readFeed(isCut ? bytes.subarray(0, at) : bytes, [], trust(), null, "feed");
          expect({ digest: got.digest, documents: got.documents }).toEqual({ digest: good.digest, documents: good.documents });
        } catch (error) {
          expect(error).toMatchObject({ code: "BAD_FEED" });
        }
      }),
      { numRuns: 400 },
    );
  });

  it("of any bytes is refused", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((text) => Buffer.from(text)),
        ),
        (bytes) => {
          expect(() => readFeed(bytes, [], trust(), null, "feed")).toThrow(AjarError);
        },
      ),
    );
  });
});

describe("matching", () => {
  const byKind = (kind: string) =>
    indexOf(madeUpAdvisory({ affected: { purl: "pkg:huggingface/acme/other", match: [{ kind, digest: digestOf("e") }] } }));
  test.each([
    ["file", { fileDigests: [digestOf("e")] }],
    ["manifest", { releaseDigest: digestOf("e") }],
    ["tensors", { weightsDigest: digestOf("e") }],
    ["tensor", { tensorDigests: [digestOf("b"), digestOf("e")] }],
  ])("by %s, and by no other digest", (kind, known) => {
    const model = madeUpModel({ id: "copy", ref: "./copy.gguf", ...known });
    expect(decide(byKind(kind), model, OPERATOR)).toEqual([`x_ACME-1 block ${kind}`]);
    for (const other of ["file", "manifest", "tensors", "tensor"].filter((name) => name !== kind))
      expect(decide(byKind(other), model, OPERATOR)).toEqual([]);
  });

  it("by a name alone warns", () => {
    const index = indexOf(madeUpAdvisory({ affected: { match: [] } }));
    expect(decide(index, tern, OPERATOR)).toEqual(["x_ACME-1 warn name"]);
  });

  it("by lineage blocks only over a link that is sure enough", () => {
    const child = (confidence: "declared" | "measured" | "verified", relation = "finetune") =>
      madeUpModel({ id: "child", ref: "hf:other/child", bases: [{ ref: "hf:acme/tern", relation, confidence }] });
    const index = indexOf(madeUpAdvisory({ affected: { lineage: descendants } }));
    const sure = indexOf(madeUpAdvisory({ affected: { lineage: { ...descendants, minConfidence: "measured" } } }));
    // Anybody can write down a base: only its own publisher, or the operator's word, makes that enough.
    expect(decide(index, child("declared"), OPERATOR)).toEqual(["x_ACME-1 warn lineage"]);
    expect(decide(index, child("declared"), { ...OPERATOR, declaredLinks: "block" })).toEqual(["x_ACME-1 block lineage"]);
    expect(decide(index, child("declared"), PUBLISHER)).toEqual(["x_ACME-1 block lineage"]);
    expect(decide(sure, child("declared"), PUBLISHER)).toEqual(["x_ACME-1 warn lineage"]);
    expect(decide(sure, child("measured"), OPERATOR)).toEqual(["x_ACME-1 block lineage"]);
    expect(decide(index, child("verified"), { ...PUBLISHER, namespaces: ["other"] })).toEqual(["x_ACME-1 warn lineage"]);
    expect(decide(index, child("verified", "merge"), OPERATOR)).toEqual([]);
    expect(
      decide(indexOf(madeUpAdvisory({ affected: { lineage: { ...descendants, applies: "self" } } })), child("verified"), OPERATOR),
    ).toEqual([]);
  });

  it("lets out what is excepted as a whole, and nothing that only carries a file of it", () => {
    const index = indexOf(madeUpAdvisory({ affected: { lineage: { ...descendants, except: [digestOf("f")] } } }));
    const bases = [{ ref: "hf:acme/tern", relation: "finetune", confidence: "verified" as const }];
    const child = (fileDigests: readonly string[]) => madeUpModel({ id: "child", ref: "./child", bases, fileDigests });
    expect(decide(index, child([digestOf("f")]), OPERATOR)).toEqual([]);
    expect(decide(index, child([digestOf("c"), digestOf("f")]), OPERATOR)).toEqual(["x_ACME-1 block lineage"]);
  });

  it("holds issuers to their scope: nobody recalls another's models", () => {
    const index = indexOf(madeUpAdvisory());
    expect(decide(index, tern, PUBLISHER)).toEqual(["x_ACME-1 block file"]);
    expect(decide(index, tern, { ...PUBLISHER, namespaces: ["evil"] })).toEqual(["x_ACME-1 warn file"]);
    // A copy from nowhere on the hub is held to be one.
    expect(decide(index, madeUpModel({ ...tern, ref: "./tern.gguf" }), PUBLISHER)).toEqual(["x_ACME-1 block file"]);
    expect(decide(index, tern, THIRD)).toEqual(["x_ACME-1 warn file"]);
    expect(decide(index, tern, { ...THIRD, mayBlock: true })).toEqual(["x_ACME-1 block file"]);
  });

  it("minds when an advisory holds, what took its place, and the policy that it asks for", () => {
    const of = (parts: Parameters<typeof madeUpAdvisory>[0]) => indexOf(madeUpAdvisory(parts));
    expect(decide(of({ top: { withdrawn: "2026-11-21T00:00:00Z" } }), tern, OPERATOR)).toEqual([]);
    expect(decide(of({ ajar: { effective: "2026-11-26T00:00:00Z" } }), tern, OPERATOR)).toEqual([]);
    expect(decide(of({ ajar: { expires: "2026-11-24T00:00:00Z" } }), tern, OPERATOR)).toEqual([]);
    expect(decide(of({ ajar: { action: "warn" } }), tern, OPERATOR)).toEqual(["x_ACME-1 warn file"]);
    const asks = of({ ajar: { action: "require-policy", policy: "no-advice@2" } });
    expect(decide(asks, tern, OPERATOR)).toEqual(["x_ACME-1 block file"]);
    expect(decide(asks, tern, OPERATOR, ["no-advice@2"])).toEqual([]);
    const replaced = madeUpAdvisory({ ajar: { supersededBy: "x_ACME-2" } });
    expect(decide(indexOf(replaced), tern, OPERATOR)).toEqual(["x_ACME-1 block file"]);
    expect(decide(indexOf(replaced, madeUpAdvisory({ id: "x_ACME-2" })), tern, OPERATOR)).toEqual(["x_ACME-2 block file"]);
  });

  it("finds in 10,000 advisories exactly what a look at each of them finds", () => {
    const documents = Array.from({ length: 10_000 }, (_, number) =>
      madeUpAdvisory({
        id: `x_ACME-${number}`,
        affected: { match: [{ kind: number % 2 ? "file" : "tensor", digest: `sha256:${String(number % 977).padStart(64, "0")}` }] },
      }),
    );
    const index = indexOf(...documents);
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(1200), { maxLength: 4 }), fc.uniqueArray(fc.nat(1200), { maxLength: 4 }), (files, tensors) => {
        const hex = (numbers: readonly number[]) => numbers.map((number) => `sha256:${String(number).padStart(64, "0")}`);
        const model = madeUpModel({ ref: "./m", fileDigests: hex(files), tensorDigests: hex(tensors) });
        const found = index.matches(model, OPERATOR, { now: NOW, policies: [] }).map(({ advisory }) => advisory.id);
        const wanted = documents.flatMap((_, number) =>
          (number % 2 ? files : tensors).includes(number % 977) ? [`x_ACME-${number}`] : [],
        );
        expect([...found].sort()).toEqual([...wanted].sort());
      }),
      { numRuns: 40 },
    );
  });
});

describe("the recalls of a gate", () => {
  const books: RecallBook[] = [];
  afterEach(() => {
    for (const book of books.splice(0)) book.close();
  });
  let now = new Date(NOW);
  async function bookOf(feeds: readonly (Partial<FeedTrust> & { from: string })[], options: { folder?: string; fetch?: FetchBytes } = {}) {
    now = new Date(NOW);
    const book = new RecallBook({
      feeds: feeds.map((feed) => ({ ...DEFAULT_TRUST, role: "operator", keys: [key.publicKey], ...feed })),
      fetch: options.fetch ?? (() => Promise.reject(new Error("no network"))),
      folder: options.folder ?? null,
      everyMs: 1e9,
      now: () => now,
      random: () => 0.5,
    });
    books.push(book);
    await book.start();
    return book;
  }

  it("shut a door while it is open, with the advisory's id, and open it when it is withdrawn", async () => {
    const path = join(folder(), "feed.json");
    writeFileSync(path, feedOf([], key));
    const recalls = await bookOf([{ from: path }]);
    const doors = await openDoorBook({ store: new FolderStore(folder()), others: recalls });
    try {
      expect(doors.state(tern).kind).toBe("open");
      const epoch = doors.epoch();
      const told = vi.fn();
      doors.onChange(told);
      writeFileSync(path, feedOf([madeUpAdvisory()], key, { sequence: 2 }));
      await recalls.refresh();
      expect(told).toHaveBeenCalled();
      expect(doors.epoch()).not.toBe(epoch);
      expect(doors.state(tern)).toEqual({
        kind: "shut",
        code: "model_recalled",
        reason: "recalled by x_ACME-1",
        advisory: "x_ACME-1",
        since: "2026-11-20T12:00:00Z",
      });
      expect(doors.state(madeUpModel({ id: "other" })).kind).toBe("open");
      writeFileSync(path, feedOf([madeUpAdvisory({ top: { withdrawn: "2026-11-24T00:00:00Z" } })], key, { sequence: 3 }));
      await recalls.refresh();
      expect(doors.state(tern).kind).toBe("open");
    } finally {
      await doors.close();
    }
  });

  it("hold to what was said before when a feed is refused, and say why", async () => {
    const path = join(folder(), "feed.json");
    writeFileSync(path, feedOf([madeUpAdvisory()], key, { sequence: 5 }));
    const recalls = await bookOf([{ from: path }]);
    for (const [text, why] of [
      [feedOf([], key, { sequence: 4 }), /5 was seen before/u],
      [feedOf([], newKey(), { sequence: 6 }), /signed by 0 of the 1/u],
      ["{", /not JSON/u],
    ] as const) {
      writeFileSync(path, text);
      await recalls.refresh();
      expect(recalls.state(tern)).toMatchObject({ code: "model_recalled" });
      expect(recalls.feeds()[0]?.problem).toMatch(why);
    }
  });

  it("know after a restart what was seen: an older feed is refused, and a feed that is down still holds", async () => {
    const path = join(folder(), "feed.json");
    const state = folder();
    writeFileSync(path, feedOf([madeUpAdvisory()], key, { sequence: 5 }));
    await bookOf([{ from: path }], { folder: state });
    writeFileSync(path, feedOf([], key, { sequence: 4 }));
    const again = await bookOf([{ from: path }], { folder: state });
    expect(again.state(tern)).toMatchObject({ code: "model_recalled" });
    expect(again.feeds()[0]).toMatchObject({ sequence: 5, problem: expect.stringMatching(/5 was seen before/u) });
    rmSync(path);
    expect((await bookOf([{ from: path }], { folder: state })).state(tern)).toMatchObject({ code: "model_recalled" });
    // What was kept counts only while its signer is trusted.
    expect((await bookOf([{ from: path, keys: [newKey().publicKey] }], { folder: state })).state(tern).kind).toBe("open");
    expect(readdirSync(state)).toHaveLength(1);
  });

  test.each([
    ["serve", "open"],
    ["warn", "open"],
    ["block", "shut"],
  ] as const)("that are stale are met with %s: %s", async (onStale, kind) => {
    const path = join(folder(), "feed.json");
    writeFileSync(path, feedOf([], key));
    const other = madeUpModel({ id: "other" });
    const recalls = await bookOf([{ from: path, onStale }]);
    expect(recalls.state(other).kind).toBe("open");
    // Too old, then run out, then never there.
    now = new Date(NOW + 8 * 24 * 3_600_000);
    expect(recalls.feeds()[0]?.isStale).toBe(true);
    expect(recalls.state(other)).toMatchObject(kind === "open" ? { kind } : { kind, code: "gate_stale" });
    now = new Date("2026-12-25T00:00:00Z");
    expect(recalls.state(other).kind).toBe(kind);
    expect((await bookOf([{ from: join(folder(), "none.json"), onStale }])).state(other).kind).toBe(kind);
    // Signed by somebody else while it runs: a feed that blocks closes at once.
    const tampered = await bookOf([{ from: path, onStale }]);
    writeFileSync(path, feedOf([], newKey(), { sequence: 2 }));
    await tampered.refresh();
    expect(tampered.state(other).kind).toBe(kind);
  });

  it("come from a folder, a file and an address, and the strictest issuer decides", async () => {
    const place = folder();
    const whole = JSON.parse(feedOf([madeUpAdvisory({ ajar: { action: "warn" } })], key));
    mkdirSync(join(place, "feed"));
    writeFileSync(join(place, "feed", "feed.json"), JSON.stringify({ ...whole, advisories: [] }));
    writeFileSync(join(place, "feed", "x_ACME-1.json"), JSON.stringify(whole.advisories[0]));
    const asked: string[] = [];
    const fetch = async (url: URL) => {
      asked.push(url.href);
      return { bytes: Buffer.from(feedOf([madeUpAdvisory({ id: "x_STRICT-1" })], key)), etag: null };
    };
    const recalls = await bookOf([{ from: join(place, "feed") }, { from: "https://feeds.example/acme.json" }], { fetch });
    expect(asked).toEqual(["https://feeds.example/acme.json"]);
    expect(recalls.recalls(tern).map(({ advisory, decision }) => `${advisory.id} ${decision}`)).toEqual([
      "x_STRICT-1 block",
      "x_ACME-1 warn",
    ]);
    expect(recalls.state(tern)).toMatchObject({ advisory: "x_STRICT-1" });
  });

  it.each(["http://feeds.example/a.json", "ftp://feeds.example/a", "https://user:canary@feeds.example/a.json"])(
    "never come from %s",
    async (from) => {
      const fetch = vi.fn();
      const recalls = await bookOf([{ from }], { fetch });
      expect(fetch).not.toHaveBeenCalled();
      expect(recalls.feeds()[0]?.problem).toMatch(/HTTPS/u);
      expect(recalls.feeds()[0]?.problem).not.toContain("canary");
    },
  );
});
