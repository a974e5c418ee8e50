import { describe, expect, it } from "vitest";
import type { Source, SourceEntry } from "../core/source.ts";
import { FilteredSource, pathFilter } from "./filtered.ts";

/** A folder of these paths that says which of them were read. */
function sourceOf(paths: readonly string[], read: string[] = []): Source {
  return {
    ref: "made-up",
    kind: "folder",
    revision: null,
    listingComplete: true,
    listingProblem: null,
    usage: { bytesRead: 7, requests: 0 },
    async *list(): AsyncIterable<SourceEntry> {
      for (const path of paths) yield { path, sizeBytes: 1, content: "readable" };
    },
    read: async (path) => {
      read.push(path);
      return new Uint8Array(1);
    },
    close: async () => undefined,
  };
}

function filtered(paths: readonly string[], include: readonly string[], exclude: readonly string[], read?: string[]): FilteredSource {
  const filter = pathFilter(include, exclude);
  if (filter === null) throw new Error("no patterns");
  return new FilteredSource(sourceOf(paths, read), filter, (path) => path.endsWith(".md"));
}

async function listed(source: Source): Promise<readonly string[]> {
  const paths: string[] = [];
  for await (const { path } of source.list()) paths.push(path);
  return paths;
}

const PATHS = ["README.md", "data/a.csv", "data/about.md", "model.bin"];

describe("FilteredSource", () => {
  it("lists what some include and no exclude matches, and counts the rest in one row", async () => {
    const source = filtered(PATHS, ["**/*.md", "data/**"], ["data/a*.md"]);
    expect(await listed(source)).toEqual(["README.md", "data/a.csv"]);
    expect(source.excluded).toEqual({
      path: "",
      reason: "excluded",
      detail: "2 files, 1 document among them: --include **/*.md --include data/** --exclude data/a*.md",
      partial: true,
    });
  });

  it("says nothing when nothing was left out, and counts each listing anew", async () => {
    const none = filtered(PATHS, [], ["nothing/**"]);
    expect(await listed(none)).toEqual(PATHS);
    expect(none.excluded).toBeNull();
    const twice = filtered(PATHS, [], ["model.bin"]);
    await listed(twice);
    await listed(twice);
    expect(twice.excluded?.detail).toMatch(/^1 file, 0 documents /u);
  });

  it("does not read what it does not list, whoever asks", async () => {
    const read: string[] = [];
    const source = filtered(PATHS, [], ["data/**"], read);
    await expect(source.read("data/a.csv")).rejects.toMatchObject({ code: "UNREADABLE", subject: "data/a.csv" });
    await source.read("model.bin", { start: 0, length: 1 });
    expect(read).toEqual(["model.bin"]);
    expect(source.usage.bytesRead).toBe(7);
  });
});

describe("pathFilter", () => {
  it("is none without patterns", () => {
    expect(pathFilter([], [])).toBeNull();
  });
});
