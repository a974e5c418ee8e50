import { describe, expect, it } from "vitest";
import { AjarError } from "../core/errors.ts";
import type { Source, SourceEntry } from "../core/source.ts";
import { takeInventory } from "./take.ts";
import { MAX_DOCUMENT_BYTES } from "./wanted.ts";

type Files = Readonly<Record<string, string | Omit<SourceEntry, "path">>>;

function sourceOf(files: Files, kind: Source["kind"] = "folder"): Source & { readonly reads: string[] } {
  const reads: string[] = [];
  return {
    reads,
    ref: "made-up",
    kind,
    revision: null,
    listingComplete: true,
    listingProblem: null,
    usage: { bytesRead: 0, requests: 0 },
    async *list() {
      for (const [path, file] of Object.entries(files)) {
        yield typeof file === "string" ? { path, sizeBytes: Buffer.byteLength(file), content: "readable" } : { path, ...file };
      }
    },
    async read(path, range) {
      reads.push(path);
      const file = files[path];
      if (typeof file !== "string") throw new AjarError("UNREADABLE", `${path}: permission denied`, { subject: path });
      const bytes = new TextEncoder().encode(file);
      return range === undefined ? bytes : bytes.slice(range.start, range.start + range.length);
    },
    async close() {},
  };
}

describe("an inventory", () => {
  it("reads documents and leaves weights alone", async () => {
    const source = sourceOf({ "README.md": "# A", "model.safetensors": { sizeBytes: 5e9, content: "readable" } });
    const inventory = await takeInventory(source, "all");
    expect(source.reads).toEqual(["README.md"]);
    expect(inventory.filesListed).toBe(2);
    expect(inventory.filesRead).toBe(1);
    expect(inventory.skipped).toEqual([]);
  });

  it("lists what it wanted and could not have, and says that the audit is partial", async () => {
    const inventory = await takeInventory(sourceOf({ "README.md": { sizeBytes: 10, content: "unreadable" }, "model.py": "x = 1" }), "all");
    expect(inventory.skipped).toEqual([{ path: "README.md", reason: "unreadable", partial: true }]);
  });

  it("does not call a recording partial for the code and the PDFs it never holds", async () => {
    const held = { sizeBytes: 10, content: "not-recorded" } as const;
    const inventory = await takeInventory(
      sourceOf({ "README.md": "# A", "train.py": held, "paper.pdf": held, "docs/more.md": held }, "recorded"),
      "all",
    );
    expect(inventory.skipped.filter(({ partial }) => partial)).toEqual([]);
  });

  it("calls a recording without the license text partial", async () => {
    const inventory = await takeInventory(
      sourceOf({ "README.md": "# A", LICENSE: { sizeBytes: 10, content: "not-recorded" } }, "recorded"),
      "all",
    );
    expect(inventory.skipped).toEqual([{ path: "LICENSE", reason: "not-recorded", partial: true }]);
  });

  it("does not read a document over the limit", async () => {
    const source = sourceOf({ "README.md": { sizeBytes: MAX_DOCUMENT_BYTES + 1, content: "readable" }, LICENSE: "terms" });
    const inventory = await takeInventory(source, "all");
    expect(source.reads).toEqual(["LICENSE"]);
    expect(inventory.skipped).toEqual([{ path: "README.md", reason: "over-limit", partial: true }]);
  });

  it("does not trust a size of zero or none: what is longer than allowed is dropped", async () => {
    const long = "x".repeat(MAX_DOCUMENT_BYTES + 1);
    const source = sourceOf({ "README.md": long, LICENSE: "terms" });
    const lying: Source = {
      ...source,
      usage: source.usage,
      async *list() {
        yield { path: "README.md", sizeBytes: null, content: "readable" } as const;
        yield { path: "LICENSE", sizeBytes: 5, content: "readable" } as const;
      },
    };
    const inventory = await takeInventory(lying, "all");
    expect(inventory.skipped).toMatchObject([{ path: "README.md", reason: "over-limit", partial: true }]);
  });

  it("has one digest whatever the order of the listing, and another when a byte changes", async () => {
    const digestOf = async (files: Files): Promise<string> => (await takeInventory(sourceOf(files), "all")).digest;
    const first = await digestOf({ "README.md": "# A", LICENSE: "b" });
    expect(await digestOf({ LICENSE: "b", "README.md": "# A" })).toBe(first);
    expect(await digestOf({ LICENSE: "b", "README.md": "# B" })).not.toBe(first);
  });

  it.each([{}, { "photo.png": "\u0000", ".github/workflows/ci.yml": "on: push" }])(
    "refuses what holds nothing to audit: %o",
    async (files) => {
      await expect(takeInventory(sourceOf(files), "all")).rejects.toMatchObject({ code: "NOTHING_AUDITABLE", exitCode: 4 });
    },
  );

  it("takes the record of a judgement whole", async () => {
    const inventory = await takeInventory(sourceOf({ "tern.yml": "release: {}" }, "mot"), "all");
    expect(inventory.artifacts[0]?.text).toBe("release: {}");
  });

  it("holds two hundred thousand entries", async () => {
    const files = Object.fromEntries(
      Array.from({ length: 200_000 }, (_, at) => [`data/${at}.bin`, { sizeBytes: 1, content: "readable" } as const]),
    );
    const inventory = await takeInventory(sourceOf({ ...files, "README.md": "# A" }), "all");
    expect(inventory.filesListed).toBe(200_001);
  });
});
