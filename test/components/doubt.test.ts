import { rmSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { audit } from "../../src/audit/audit.ts";
import { auditContext } from "../../src/audit/context.ts";
import type { Report } from "../../src/core/report.ts";
import { type Files, madeUpReleases, writeRelease } from "../acceptance/made-up-releases.ts";

const whole: Files = madeUpReleases["whole-release"] ?? {};
const OWN_TERMS = "SPARROW RESEARCH LICENSE\n\nSection 1. The Model is for study at universities. Selling is out of the question.\n";

async function auditOf(changes: Files, without: readonly string[] = []): Promise<Report> {
  const kept = Object.fromEntries(Object.entries({ ...whole, ...changes }).filter(([path]) => !without.includes(path)));
  const root = writeRelease(kept);
  try {
    const context = auditContext({ env: {}, cwd: "/" });
    return await audit({ parts: [{ part: "all", reference: root }], context, acceptClaims: false });
  } finally {
    rmSync(root, { recursive: true });
  }
}

function availability(report: Report, id: string): string | undefined {
  return report.components.find((component) => component.id === id)?.availability;
}

function openness(report: Report, id: string): string | undefined {
  return report.components.find((component) => component.id === id)?.openness;
}

describe("what must not be called open", () => {
  test("a license file in the publisher's own words, whatever the README says", async () => {
    const report = await auditOf({ LICENSE: OWN_TERMS });
    expect(report.headline.word).not.toBe("open");
    expect(openness(report, "weights")).toBe("unknown");
  });

  test.each([
    [
      "one sentence that names an open license and narrows it",
      "# Sparrow\nReleased under Apache 2.0, for non-commercial research use only.\n",
    ],
    ["terms about the weights beside an open license for the code", "# Sparrow\nThe weights are for non-commercial research use only.\n"],
    ["a card that holds nothing but a restricting id", "---\nlicense: cc-by-nc-4.0\n---\n# Sparrow\nA model.\n"],
  ])("%s", async (_, readme) => {
    const report = await auditOf({ "README.md": readme });
    expect(report.headline.word).not.toBe("open");
    expect(openness(report, "weights")).not.toBe("open");
  });

  test("weights with a license file of their own that nobody can place", async () => {
    const report = await auditOf({ MODEL_LICENSE: OWN_TERMS });
    expect(report.headline.word).not.toBe("open");
    expect(openness(report, "weights")).toBe("unknown");
    expect(openness(report, "training-code")).toBe("open");
  });

  test("terms of use beside an open license", async () => {
    const report = await auditOf({ "TERMS_OF_USE.md": "# Terms of use\nYou may not use the model commercially.\n" });
    expect(report.headline.word).not.toBe("open");
  });

  test("weights of no bytes or of any bytes", async () => {
    const others = ["checkpoints/step-1000/model.safetensors"];
    const empty = await auditOf({ "model.safetensors": "" }, others);
    const noise = await auditOf({ "model.safetensors": new Uint8Array(500).fill(77) }, others);
    expect(availability(empty, "weights")).not.toBe("found");
    expect(availability(noise, "weights")).not.toBe("found");
    expect([empty.headline.word, noise.headline.word]).not.toContain("open");
  });

  test.each(["train.py", "data/prepare_data.py"])("%s that is empty or nothing but comments", async (path) => {
    const component = path === "train.py" ? "training-code" : "data-processing-code";
    expect(availability(await auditOf({ [path]: "" }), component)).not.toBe("found");
    expect(availability(await auditOf({ [path]: "# training: loss.backward()\n\n" }), component)).not.toBe("found");
  });

  test.each([
    "The model may be used for non-commercial research purposes only.",
    "Commercial use of the weights is prohibited.",
    "模型权重仅限学术研究使用。",
  ])("weights of which the card says: %s", async (sentence) => {
    const report = await auditOf({ "README.md": `${String(whole["README.md"])}\n## Terms\n${sentence}\n` });
    expect(report.headline.word).not.toBe("open");
    expect(openness(report, "weights")).toBe("unknown");
  });

  test("a card whose license has a known id and another name", async () => {
    const card = String(whole["README.md"]).replace("license: apache-2.0", "license: apache-2.0\nlicense_name: sparrow-terms");
    const report = await auditOf({ "README.md": card });
    expect(report.headline.word).not.toBe("open");
  });

  test("data of no bytes", async () => {
    expect(availability(await auditOf({ "data/train.jsonl": "" }), "training-data")).not.toBe("found");
  });
});
