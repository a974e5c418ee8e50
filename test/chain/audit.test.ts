// The chain of audited releases: parents from the catalogue, from given targets and from a hub on loopback.
import { afterEach, describe, expect, it } from "vitest";
import { audit } from "../../src/audit/audit.ts";
import { releaseChain } from "../../src/chain/block.ts";
import { effectiveTerms } from "../../src/chain/effective.ts";
import type { Report } from "../../src/core/report.ts";
import { termsOf } from "../../src/licenses/terms/terms.ts";
import { folderWith, GOOD } from "../cli/made-up-release.ts";
import { StubHub, type StubRepository } from "../hub/stub-server.ts";
import { contextFor, repository, text, weights } from "../hub/support.ts";
import { spdxText } from "../licenses/texts.ts";

const opened: { readonly remove: () => void }[] = [];
afterEach(() => {
  for (const folder of opened.splice(0)) folder.remove();
});

const folder = (front: string): string => {
  const made = folderWith({ ...GOOD, "README.md": `---\n${front}\n---\n# Nimbus\n` });
  opened.push(made);
  return made.path;
};
const offline = contextFor({}, { offline: true });
const audited = (reference: string, more: Partial<Parameters<typeof audit>[0]> = {}): Promise<Report> =>
  audit({ parts: [{ part: "all", reference }], context: offline, acceptClaims: false, ...more });

const nodesOf = ({ chain }: Report): readonly string[] =>
  chain.nodes.map(({ id, licenses, resolution, reason }) => `${id} [${licenses.join()}] ${reason ?? resolution}`);
const permissionOf = ({ chain }: Report, use: string): string | undefined => chain.uses.find((of) => of.use === use)?.permission;

describe("the chain of a folder", () => {
  it("is empty where nothing is said to be a parent", async () => {
    const report = await audited(folder("license: mit"));
    expect(report.chain).toEqual({ nodes: [], edges: [], uses: [], duties: [], complete: true });
    expect(releaseChain(report)).toEqual({ nodes: [{ id: report.target.ref, licenses: ["MIT"] }], edges: [] });
  });

  it("finds parents in the catalogue and brings their terms down, each with its clause and the way", async () => {
    const report = await audited(folder("license: mit\nbase_model: meta-llama/Llama-2-7b-hf"));
    expect(nodesOf(report)).toEqual(["release [MIT] release", "hf:meta-llama/llama-2-7b-hf [LicenseRef-Llama-2-Community] catalogue"]);
    expect(report.chain.complete).toBe(true);
    const commercial = report.chain.uses.find(({ use }) => use === "commercial");
    expect(commercial?.permission).toBe("conditional");
    expect(commercial?.conditions).toContainEqual(
      expect.objectContaining({ kind: "size", clause: "2", license: "LicenseRef-Llama-2-Community", reach: "derived", certain: true }),
    );
    expect(commercial?.because[0]?.path).toEqual([{ relation: "base-model", node: "hf:meta-llama/llama-2-7b-hf" }]);
    const cited = new Set(report.evidence.map(({ id }) => id));
    for (const { evidence } of [...report.chain.nodes, ...report.chain.edges]) for (const id of evidence) expect(cited).toContain(id);
  });

  it("gives the same terms again from the saved report", async () => {
    const report = await audited(folder("license: mit\nbase_model: meta-llama/Llama-2-7b-hf\ndatasets: [tatsu-lab/alpaca]"));
    const again = effectiveTerms(releaseChain(report), termsOf);
    for (const { use, permission } of report.chain.uses) expect(again.uses[use].permission).toBe(permission);
  });

  it("leaves what cannot be resolved unknown", async () => {
    const report = await audited(folder("license: mit\nbase_model: some/body"));
    expect(nodesOf(report)).toEqual(["release [MIT] release", "hf:some/body [] not-followed"]);
    expect(report.chain.complete).toBe(false);
    for (const { permission } of report.chain.uses) expect(permission).toBe("unknown");
  });

  it("resolves parents by given targets, by name, by what they are called, or because they are given", async () => {
    const base = folder("license: apache-2.0\nbase_model: deeper/still");
    const child = folder("license: mit\nbase_model: some/body");
    const named = await audited(child, { parents: [{ name: "some/body", reference: base }] });
    expect(nodesOf(named)).toEqual(["release [MIT] release", "hf:some/body [Apache-2.0] target", "hf:deeper/still [] not-followed"]);
    const unnamed = await audited(folder("license: mit"), { parents: [{ reference: base }] });
    expect(nodesOf(unnamed)[1]).toMatch(/^target:.* \[Apache-2\.0\] target$/u);
    expect(unnamed.chain.edges[0]).toMatchObject({ child: "release", relation: "base-model" });
  });

  it("takes data given beside the release for what it was trained on", async () => {
    const data = folderWith({ "README.md": "---\nlicense: cc-by-nc-4.0\n---\n# Chats\n", "train.jsonl": "{}\n" });
    opened.push(data);
    const report = await audited(folder("license: mit"), {
      parts: [
        { part: "all", reference: folder("license: mit") },
        { part: "data", reference: data.path },
      ],
    });
    expect(report.chain.edges).toMatchObject([{ relation: "dataset" }]);
    expect(permissionOf(report, "commercial")).toBe("unknown");
  });
});

describe("findings of the chain", () => {
  const findingsOf = ({ findings }: Report): readonly string[] =>
    findings.filter(({ ruleId }) => ruleId.startsWith("chain/")).map(({ ruleId, severity }) => `${ruleId} ${severity}`);
  const made = (files: Readonly<Record<string, string>>): string => {
    const folderOf = folderWith({ ...GOOD, ...files });
    opened.push(folderOf);
    return folderOf.path;
  };

  it("name both places, the clauses of both licenses and the way", async () => {
    const report = await audited(folder("license: mit\nbase_model: meta-llama/Llama-2-7b-hf"));
    const [dropped] = report.findings.filter(({ ruleId }) => ruleId === "chain/restriction-dropped");
    expect(dropped?.message).toMatchObject({
      id: "chain.restriction-hidden",
      args: { own: "MIT", license: "LicenseRef-Llama-2-Community", parent: "hf:meta-llama/llama-2-7b-hf", clause: "2, 1.b.iv, 1.b.v" },
    });
    const quotes = report.evidence.filter(({ id }) => dropped?.evidence.includes(id)).map(({ path, quote }) => `${path} ${quote}`);
    expect(quotes.sort()).toEqual(["README.md base_model: meta-llama/Llama-2-7b-hf", "README.md license: mit"]);
    expect(dropped?.path).toBe("README.md");
  });

  it("ask for the upstream text and for the name, where they are owed", async () => {
    const front = "---\nlicense: llama3.1\nbase_model: meta-llama/Llama-3.1-8B\n---\n";
    expect(findingsOf(await audited(made({ "README.md": `${front}# Nimbus 8B\n` })))).toEqual(["chain/name-prefix-missing medium"]);
    expect(findingsOf(await audited(made({ "README.md": `${front}# Llama-Nimbus 8B\n` })))).toEqual([]);
    const apache = "---\nlicense: mit\nbase_model: mistralai/Mistral-7B-v0.1\n---\n# Nimbus\n";
    expect(findingsOf(await audited(made({ "README.md": apache })))).toEqual(["chain/text-missing medium"]);
    expect(findingsOf(await audited(made({ "README.md": apache, "LICENSE-APACHE": spdxText("Apache-2.0") })))).toEqual([]);
  });

  it("do not accuse designs, comparisons and look-alikes", async () => {
    const text = "Nimbus has the same architecture as Llama 2 and beats models fine-tuned from it. It reproduces LLaMA, like OpenLLaMA.";
    const report = await audited(made({ "README.md": `---\nlicense: mit\n---\n# Nimbus\n\n${text}\n` }));
    expect([report.chain.nodes, findingsOf(report)]).toEqual([[], []]);
    const open = await audited(folder("license: mit\nbase_model: openlm-research/open_llama_7b"));
    expect(nodesOf(open)[1]).toBe("hf:openlm-research/open_llama_7b [Apache-2.0] catalogue");
    expect(findingsOf(open)).toEqual(["chain/text-missing medium"]);
  });

  it("tell a release that names itself, and two parents where there is one", async () => {
    const itself = await audited(folder("license: mit\nbase_model: hf:release"));
    expect(findingsOf(itself)).toEqual([]);
    const adapter = made({
      "README.md": "---\nlicense: mit\nlibrary_name: peft\nbase_model: meta-llama/Llama-2-7b-hf\n---\n# Llama 2 Nimbus\n",
      "adapter_config.json": '{"base_model_name_or_path": "mistralai/Mistral-7B-v0.1"}',
    });
    const report = await audited(adapter);
    expect(findingsOf(report)).toContain("chain/contradictory-parents medium");
    const places = report.findings.find(({ ruleId }) => ruleId === "chain/contradictory-parents")?.evidence ?? [];
    expect(report.evidence.filter(({ id }) => places.includes(id)).map(({ path }) => path)).toEqual(["README.md", "adapter_config.json"]);
  });
});

describe("the chain on a hub", () => {
  const hubs: StubHub[] = [];
  afterEach(async () => {
    for (const hub of hubs.splice(0)) await hub.close();
  });
  const model = (name: string, license: string, tags: readonly string[] = [], more: Partial<StubRepository> = {}): StubRepository =>
    repository({ key: `models/${name}`, cardData: { license }, tags, ...more });
  const hubWith = async (...repositories: readonly StubRepository[]): Promise<StubHub> => {
    const hub = await StubHub.start(repositories);
    hubs.push(hub);
    return hub;
  };
  const follow = (hub: StubHub, more: Partial<Parameters<typeof audit>[0]> = {}): Promise<Report> =>
    audited("hf:maker/tiny", { context: contextFor({ HF_ENDPOINT: hub.endpoint }), ...more });
  const files = [
    { path: "README.md", bytes: text("---\nlicense: mit\n---\n# Tiny\n") },
    { path: "model.safetensors", bytes: weights(1000) },
  ];
  const tiny = (...tags: readonly string[]): StubRepository => model("maker/tiny", "mit", tags, { files });

  it("goes up by the host's records, one request a parent", async () => {
    const hub = await hubWith(
      tiny("base_model:finetune:maker/mid"),
      model("maker/mid", "apache-2.0", ["base_model:maker/top"]),
      model("maker/top", "gemma"),
    );
    const report = await follow(hub);
    expect(nodesOf(report).slice(1)).toEqual(["hf:maker/mid [Apache-2.0] host", "hf:maker/top [LicenseRef-Gemma] host"]);
    expect(hub.seen.filter(({ url }) => url.includes("maker/mid") || url.includes("maker/top"))).toHaveLength(2);
    expect(permissionOf(report, "commercial")).toBe("conditional");
    expect(report.coverage.requests).toBe(hub.seen.length);
  });

  it("does not ask for parents when told not to, nor for those of a folder unless told to", async () => {
    const hub = await hubWith(tiny("base_model:maker/mid"), model("maker/mid", "mit"));
    expect(nodesOf(await follow(hub, { follow: false }))[1]).toBe("hf:maker/mid [] not-followed");
    const context = contextFor({ HF_ENDPOINT: hub.endpoint });
    const local = folder("license: mit\nbase_model: maker/mid");
    hub.seen.length = 0;
    expect(nodesOf(await audited(local, { context }))[1]).toBe("hf:maker/mid [] not-followed");
    expect(hub.seen).toHaveLength(0);
    expect(nodesOf(await audited(local, { context, follow: true }))[1]).toBe("hf:maker/mid [MIT] host");
    expect(nodesOf(await audited(local, { follow: true }))[1]).toBe("hf:maker/mid [] offline");
  });

  it("reads the documents of a parent whose record names no license", async () => {
    const hub = await hubWith(tiny("base_model:maker/mid"), model("maker/mid", "other"));
    expect(nodesOf(await follow(hub))[1]).toMatch(/^hf:maker\/mid \[.+\] host$/u);
  });

  it("ends in cycles, in missing and in private parents", async () => {
    const hub = await hubWith(
      tiny("base_model:maker/mid", "base_model:maker/gone", "base_model:maker/secret"),
      model("maker/mid", "mit", ["base_model:maker/tiny", "base_model:maker/mid"]),
      model("maker/secret", "mit", [], { isPrivate: true }),
    );
    const report = await follow(hub);
    expect(nodesOf(report).slice(1)).toEqual(["hf:maker/gone [] not-found", "hf:maker/mid [MIT] host", "hf:maker/secret [] gated"]);
    expect(report.chain.edges.filter(({ parent }) => parent === "hf:maker/tiny")).toHaveLength(1);
    expect(permissionOf(report, "research")).toBe("unknown");
    expect(report.findings.filter(({ ruleId }) => ruleId === "chain/cycle")).toHaveLength(1);
  });

  it("tells of a release that names itself", async () => {
    const report = await follow(await hubWith(tiny("base_model:Maker/Tiny")));
    expect(report.chain.edges).toEqual([]);
    expect(report.findings.map(({ ruleId }) => ruleId)).toContain("chain/self-reference");
  });

  it("stops at a limit and says so", async () => {
    const long = Array.from({ length: 60 }, (_, at) => model(`maker/m${at}`, "mit", [`base_model:maker/m${at + 1}`]));
    const report = await follow(await hubWith(tiny("base_model:maker/m0"), ...long));
    expect(report.chain.complete).toBe(false);
    expect(nodesOf(report).at(-1)).toBe("hf:maker/m48 [] limit");
  });
});
