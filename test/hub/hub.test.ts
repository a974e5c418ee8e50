import { inspect } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import { DEFAULT_LIMITS, type Source, type SourceContext } from "../../src/core/source.ts";
import { source as hubSource } from "../../src/sources/hub.ts";
import { StubHub, type StubRepository, sha256 } from "./stub-server.ts";
import { contextFor, FILES, failure, listAll, repository, SHA, TOKEN, text, utf8, weights } from "./support.ts";

let hub: StubHub | undefined;
const opened: Source[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((source) => source.close()));
  await hub?.close();
  hub = undefined;
});

async function start(...repositories: readonly StubRepository[]): Promise<StubHub> {
  hub = await StubHub.start(repositories);
  return hub;
}

async function open(reference: string, env: Record<string, string> = {}, overrides: Partial<SourceContext> = {}): Promise<Source> {
  const source = await hubSource.open(reference, contextFor({ HF_ENDPOINT: hub?.endpoint ?? "", ...env }, overrides));
  opened.push(source);
  return source;
}

describe("a repository of the hub", () => {
  it("is pinned to its commit and listed over all pages, sorted, with the host's digests", async () => {
    const stub = await start(repository());
    const source = await open("hf:maker/tiny");
    const entries = await listAll(source);
    expect(source).toMatchObject({
      ref: `hf:maker/tiny@${SHA}`,
      kind: "hub-model",
      revision: SHA,
      listingComplete: true,
      listingProblem: null,
    });
    const paths = entries.map((entry) => entry.path);
    expect(paths).toEqual([...FILES.map((file) => file.path), "@host/model-info.json"].sort());
    expect(stub.seen.filter((request) => request.url.includes("/tree/"))).toHaveLength(3);
    const model = entries.find((entry) => entry.path === "model.safetensors");
    expect(model).toEqual({ path: "model.safetensors", sizeBytes: 300_000, content: "readable", claimedSha256: sha256(weights(300_000)) });
    expect(entries.find((entry) => entry.path === "LICENSE")?.gitOid).toMatch(/^[0-9a-f]{40}$/u);
    expect(source.usage.packageBytes).toBe(FILES.reduce((sum, file) => sum + file.bytes.byteLength, 0));
  });

  it("gives every file's bytes, odd names and empty files included", async () => {
    await start(repository());
    const source = await open("hf:maker/tiny");
    for (const file of FILES) expect(Buffer.from(await source.read(file.path)).equals(file.bytes), file.path).toBe(true);
  });

  it("is opened at a branch, a tag, a pull request and a commit", async () => {
    await start(repository());
    for (const revision of ["v1.0", "refs/pr/1", SHA]) expect((await open(`hf:maker/tiny@${revision}`)).revision).toBe(SHA);
    expect(await failure(open("hf:maker/tiny@nowhere"))).toMatchObject({ code: "REVISION_NOT_FOUND" });
  });

  it("may be a dataset", async () => {
    await start(repository({ key: "datasets/maker/text" }));
    const source = await open("hf:datasets/maker/text");
    expect(source).toMatchObject({ kind: "hub-dataset", ref: `hf:datasets/maker/text@${SHA}` });
    expect(utf8(await source.read("README.md"))).toContain("Made-up model");
  });

  it("has its weights read by range, at a fraction of their size", async () => {
    await start(repository());
    const source = await open("hf:maker/tiny");
    await listAll(source);
    const before = source.usage.bytesRead;
    expect(new Uint8Array(await source.read("model.safetensors", { start: 0, length: 8 }))).toEqual(weights(300_000).subarray(0, 8));
    await source.read("model.safetensors", { start: 8, length: 53 });
    expect((await source.read("model.safetensors", { start: 299_999, length: 99 })).byteLength).toBe(1);
    expect(source.usage.bytesRead - before).toBeLessThanOrEqual(2 * 65_536);
  });

  it("gives the same record of the host's words each time, without what changes by the day", async () => {
    await start(
      repository({ tags: ["b", "license:mit", "region:us", "a", "endpoints_compatible"], cardData: { license: "mit", base_model: "x/y" } }),
    );
    const [first, second] = [await open("hf:maker/tiny"), await open("hf:maker/tiny")];
    for (const source of [first, second]) await listAll(source);
    const record = utf8(await first.read("@host/model-info.json"));
    expect(record).toBe(utf8(await second.read("@host/model-info.json")));
    expect(JSON.parse(record)).toEqual({
      author: "maker",
      cardData: { base_model: "x/y", license: "mit" },
      disabled: false,
      gated: false,
      id: "maker/tiny",
      kind: "model",
      license: "mit",
      private: false,
      refs: { branches: ["main", "v1.0"], tags: [] },
      sha: SHA,
      tags: ["a", "b", "license:mit"],
    });
  });

  it("has the names of its branches in the record, sorted, where the host gives them", async () => {
    await start(repository({ branches: ["step2000", "step1000"] }));
    const source = await open("hf:maker/tiny");
    const record = async (): Promise<unknown> => JSON.parse(utf8(await source.read("@host/model-info.json")));
    // Whoever only reads the record asks for no branches.
    expect(await record()).not.toHaveProperty("refs");
    await listAll(source);
    expect(await record()).toMatchObject({ refs: { branches: ["main", "step1000", "step2000"], tags: [] } });
  });

  it("lists the files where a mirror refuses branches in words of its own", async () => {
    const stub = await start(repository());
    stub.plan(/\/refs$/u, { kind: "status", status: 404, headers: { "content-type": "text/html" } });
    const source = await open("hf:maker/tiny");
    expect((await listAll(source)).length).toBeGreaterThan(3);
    expect(JSON.parse(utf8(await source.read("@host/model-info.json")))).not.toHaveProperty("refs");
  });

  it("costs the same and reads the same twice", async () => {
    await start(repository());
    const run = async (): Promise<unknown> => {
      const source = await open("hf:maker/tiny");
      const entries = await listAll(source);
      const record = await source.read("@host/model-info.json");
      return [entries, source.ref, Buffer.from(record).toString("hex"), source.usage.requests];
    };
    expect(await run()).toEqual(await run());
  });
});

describe("a gated repository", () => {
  const gated = { gated: "manual", token: TOKEN, isCardPublic: true } as const;

  it("is listed, its card is read, its files are gated and not absent", async () => {
    await start(repository(gated));
    const source = await open("hf:maker/tiny");
    const entries = await listAll(source);
    const states = new Map(entries.map((entry) => [entry.path, entry.content]));
    expect([states.get("README.md"), states.get("LICENSE"), states.get("model.safetensors")]).toEqual(["readable", "gated", "gated"]);
    expect(utf8(await source.read("README.md"))).toContain("Made-up");
    expect(await failure(source.read("LICENSE"))).toMatchObject({ code: "GATED" });
    expect(JSON.parse(utf8(await source.read("@host/model-info.json")))).toMatchObject({ gated: "manual" });
    expect(source.listingComplete).toBe(true);
  });

  it("is readable with the token that was granted access, and gated with another", async () => {
    const stub = await start(repository(gated));
    const source = await open("hf:maker/tiny", { HF_TOKEN: TOKEN });
    expect((await listAll(source)).every((entry) => entry.content === "readable")).toBe(true);
    expect((await source.read("model.safetensors")).byteLength).toBe(300_000);
    expect(stub.requestsTo("storage").length).toBeGreaterThan(0);
    expect(inspect(stub.requestsTo("storage"), { depth: 9 })).not.toContain(TOKEN);
    const other = await open("hf:maker/tiny", { HF_TOKEN: "hf_other" });
    expect((await listAll(other)).filter((entry) => entry.content === "gated")).toHaveLength(FILES.length - 1);
  });

  it("whose tree is refused too is listed from its info", async () => {
    await start(repository({ ...gated, isTreeGated: true, isCardPublic: false }));
    const entries = await listAll(await open("hf:maker/tiny"));
    expect(entries.filter((entry) => entry.content === "gated")).toHaveLength(FILES.length);
  });
});

describe("what cannot be had", () => {
  it("is told apart: missing, private or gated behind a bare 401, disabled", async () => {
    await start(
      repository({ key: "models/maker/secret", isPrivate: true, token: TOKEN }),
      repository({ key: "models/maker/gone", isDisabled: true }),
    );
    expect(await failure(open("hf:maker/nothing"))).toMatchObject({ code: "NOT_FOUND" });
    expect(await failure(open("hf:maker/nothing", { HF_TOKEN: TOKEN }))).toMatchObject({ code: "NOT_FOUND" });
    const bare = await failure(open("hf:maker/secret"));
    expect(bare).toMatchObject({ code: "UNAUTHORIZED" });
    expect(bare.message).toContain("missing, private or gated");
    expect((await open("hf:maker/secret", { HF_TOKEN: TOKEN })).revision).toBe(SHA);
    const gone = await open("hf:maker/gone");
    expect((await listAll(gone)).find((entry) => entry.path === "LICENSE")?.content).toBe("unreadable");
    expect(await failure(gone.read("LICENSE"))).toMatchObject({ code: "UNREADABLE" });
  });

  it("is named disabled when the host says so", async () => {
    const stub = await start(repository());
    stub.plan(/api/u, { kind: "status", status: 403, headers: { "x-error-message": "Access to this resource is disabled." } });
    expect(await failure(open("hf:maker/tiny"))).toMatchObject({ code: "UNREADABLE" });
  });

  it("is named by a server whose words cannot carry control characters or the token", async () => {
    const stub = await start(repository());
    const said = `disabled \u009b31m ${TOKEN} bye`;
    stub.plan(/api/u, { kind: "status", status: 403, headers: { "x-error-message": said } });
    const error = await failure(open("hf:maker/tiny", { HF_TOKEN: TOKEN }));
    expect(error.message).toMatch(/^[\x20-\x7e]+$/u);
    expect(error.message).toContain("***");
  });
});

describe("a hub that misbehaves", () => {
  it("with a rate limit is waited for", async () => {
    const stub = await start(repository());
    stub.plan(/tree/u, { kind: "status", status: 429, headers: { ratelimit: '"api";r=0;t=0' } }, 2);
    expect(await listAll(await open("hf:maker/tiny"))).toHaveLength(FILES.length + 1);
  });

  it("whose next page is on another host is not followed, and the listing says that it is incomplete", async () => {
    const stub = await start(repository());
    stub.plan(/tree/u, { kind: "body", body: "[]", headers: { link: `<${stub.third}/next>; rel="next"` } });
    const source = await open("hf:maker/tiny", { HF_TOKEN: TOKEN });
    await listAll(source);
    expect(stub.requestsTo("third")).toHaveLength(0);
    expect(source.listingComplete).toBe(false);
    expect(source.listingProblem).toContain("another host");
  });

  it("whose pages go round in circles ends", async () => {
    const stub = await start(repository());
    stub.plan(/tree/u, { kind: "body", body: "[]", headers: { link: '<?x=1>; rel="next"' } });
    const source = await open("hf:maker/tiny");
    await listAll(source);
    expect(source.listingComplete).toBe(false);
    expect(stub.seen.length).toBeLessThan(6);
  });

  it("with wrong digests or sizes is caught when the whole file is read", async () => {
    const files = [
      { path: "lfs.bin", bytes: text("content"), isLfs: true, claimedSha256: "a".repeat(64) },
      { path: "plain.txt", bytes: text("content"), claimedOid: "b".repeat(40) },
    ];
    await start(repository({ files }));
    const source = await open("hf:maker/tiny");
    for (const file of files) expect(await failure(source.read(file.path))).toMatchObject({ code: "DIGEST_MISMATCH", subject: file.path });
  });

  it("with truncated answers gives an error and no bytes", async () => {
    const stub = await start(repository());
    const source = await open("hf:maker/tiny");
    await listAll(source);
    stub.plan(/resolve.*LICENSE/u, { kind: "truncate", keepBytes: 3 });
    expect(await failure(source.read("LICENSE"))).toMatchObject({ code: "TRUNCATED_RESPONSE" });
  });

  it("with malformed, oversized or wrong JSON is a bad response", async () => {
    const stub = await start(repository());
    for (const [body, code] of [
      ["{", "BAD_RESPONSE"],
      ["[]", "BAD_RESPONSE"],
      ['{"id":"maker/tiny"}', "BAD_RESPONSE"],
      ['{"id":"maker/tiny","sha":"../../x"}', "BAD_RESPONSE"],
      [" ".repeat(17 * 1024 * 1024), "OVER_LIMIT"],
    ] as const) {
      stub.plan(/revision/u, { kind: "body", body }, 1);
      expect(await failure(open("hf:maker/tiny")), body.slice(0, 40)).toMatchObject({ code });
    }
  });

  it("with hostile names in its listing loses those entries and says so", async () => {
    const stub = await start(repository());
    const listed = ["../up", "/etc/passwd", "ok.txt", "ok.txt", "@host/model-info.json", "a\u0000b"].map((path) => ({
      type: "file",
      path,
      size: 1,
      oid: "x",
    }));
    stub.plan(/tree/u, { kind: "body", body: JSON.stringify([...listed, 7, null, {}, { type: "file", path: "neg", size: -1 }]) });
    const source = await open("hf:maker/tiny");
    const entries = await listAll(source);
    expect(entries.map((entry) => [entry.path, entry.sizeBytes]).filter(([path]) => path !== "@host/model-info.json")).toEqual([
      ["\\x40host/model-info.json", 1],
      ["neg", null],
      ["ok.txt", 1],
    ]);
    expect(source.listingComplete).toBe(false);
  });

  it("with more files than allowed is cut and says so", async () => {
    await start(repository());
    const source = await open("hf:maker/tiny", {}, { limits: { ...DEFAULT_LIMITS, maxEntries: 4 } });
    expect(await listAll(source)).toHaveLength(5);
    expect(source.listingComplete).toBe(false);
  });

  it("whose storage ignores ranges still gives a header", async () => {
    const stub = await start(repository());
    stub.plan(/\?X-Signature/u, { kind: "ignore-range" });
    const source = await open("hf:maker/tiny");
    expect(new Uint8Array(await source.read("model.safetensors", { start: 0, length: 8 }))).toEqual(weights(300_000).subarray(0, 8));
  });
});

describe("the environment", () => {
  it("with --offline or HF_HUB_OFFLINE makes no connection", async () => {
    const stub = await start(repository());
    expect(await failure(open("hf:maker/tiny", {}, { offline: true }))).toMatchObject({ code: "OFFLINE", exitCode: 5 });
    for (const word of ["1", "on", "YES", "True"]) {
      expect(await failure(open("hf:maker/tiny", { HF_HUB_OFFLINE: word }))).toMatchObject({ code: "OFFLINE" });
    }
    expect(stub.seen).toHaveLength(0);
    expect((await open("hf:maker/tiny", { HF_HUB_OFFLINE: "0", TRANSFORMERS_OFFLINE: "1" })).revision).toBe(SHA);
  });

  it("with an endpoint or a token that cannot be one is a configuration error that shows neither", async () => {
    await start(repository());
    expect(await failure(open("hf:maker/tiny", { HF_ENDPOINT: "ftp://x" }))).toMatchObject({ code: "BAD_CONFIG" });
    expect(await failure(open("hf:maker/tiny", { HF_ENDPOINT: `https://user:${TOKEN}@x` }))).toMatchObject({ code: "BAD_CONFIG" });
    expect(await failure(open("hf:maker/tiny", { HF_TOKEN: `${TOKEN}\nX: y` }))).toMatchObject({ code: "BAD_CONFIG" });
  });

  it("sends no Authorization header without a token", async () => {
    const stub = await start(repository());
    await listAll(await open("hf:maker/tiny"));
    expect(stub.seen.every((request) => request.headers.authorization === undefined)).toBe(true);
  });
});

describe("claims", () => {
  it("takes owner/name unless such a folder is here", async () => {
    const context = contextFor({}, { cwd: new URL("../..", import.meta.url).pathname });
    expect(await hubSource.claims("maker/tiny", context)).toBe(true);
    expect(await hubSource.claims("src/core", context)).toBe(false);
    expect(await hubSource.claims("./maker", context)).toBe(false);
  });
});
