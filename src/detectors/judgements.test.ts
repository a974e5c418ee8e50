import { describe, expect, it } from "vitest";
import type { JudgementFact } from "../core/fact.ts";
import { factsOf } from "../core/fact.ts";
import type { SourceInventory } from "../core/inventory.ts";
import type { SourceKind } from "../core/source.ts";
import { detector } from "./judgements.ts";

const MOT = `release:
  name: Made-up
  license:
    code: { name: MIT, path: "" }
  components:
    - name: Training code
      license: Apache-2.0
    - name: Datasets
`;
const OSAII = `system:
  name: Made-up
trainingcode:
    class: partial
    notes: half of it
`;
const LEGACY = `project:
  name: Made-up
llmweights:
    class: open
architecture:
    class: closed
api:
    class: open
`;

async function judgements(kind: SourceKind, text: string, held = true): Promise<readonly JudgementFact[]> {
  const artifact = {
    path: "record.yml",
    sizeBytes: text.length,
    content: "readable",
    roles: [],
    digest: "sha256:00",
    thirdParty: false,
  } as const;
  const source: SourceInventory = {
    ref: `${kind}:record.yml`,
    kind,
    revision: null,
    part: "all",
    digest: "sha256:00",
    artifacts: [{ ...artifact, text: held ? text : null }],
    listingComplete: true,
    listingProblem: null,
    skipped: [],
    filesListed: 1,
    filesRead: 1,
    bytesRead: text.length,
  };
  const detected = await detector.detect({ source, document: () => null, read: async () => new TextEncoder().encode(text) });
  return factsOf(detected.facts, "judgement");
}

describe("judgements", () => {
  it("of a mot: file carry the name, the license as written and the lines", async () => {
    const facts = await judgements("mot", MOT);
    expect(facts.map(({ subject, value }) => [subject, value])).toEqual([
      ["release", "Made-up"],
      ["release.license.code", "MIT"],
      ["Training code", "Apache-2.0"],
      ["Datasets", null],
    ]);
    expect(facts[2]?.evidence[0]).toMatchObject({
      method: "claim",
      span: { kind: "lines", start: 6, end: 7 },
      quote: "- name: Training code license: Apache-2.0",
    });
  });

  it("of an osaii: file carry the grade and the lines of the dimension", async () => {
    const fact = (await judgements("osaii", OSAII)).find(({ subject }) => subject === "trainingcode");
    expect(fact).toMatchObject({ value: "partial", evidence: [{ span: { kind: "lines", start: 3, end: 5 } }] });
  });

  it("of the index's predecessor are given in today's words, and what is no longer asked is left out", async () => {
    const facts = await judgements("osaii", LEGACY);
    expect(facts.map(({ subject, value }) => [subject, value])).toEqual([
      ["system", "Made-up"],
      ["layout", "legacy-2023-2025"],
      ["weights_basemodel", "open"],
    ]);
  });

  it("are read from the source when the inventory does not hold the text", async () => {
    expect(await judgements("mot", MOT, false)).toEqual(await judgements("mot", MOT));
  });

  it("are made of no other source, whatever its files are called", async () => {
    expect(await judgements("folder", MOT)).toEqual([]);
  });
});
