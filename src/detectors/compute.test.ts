import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { detectIn } from "../../test/facts/context.ts";
import type { Finding } from "../core/release.ts";
import { detector } from "./compute.ts";
import { architectureFlop, hardwareFlop, peakOf } from "./support/compute-estimate.ts";

const find = async (text: string): Promise<readonly Finding[]> => (await detectIn(detector, { "README.md": text })).findings;
const table = (rows: readonly (readonly [string, string])[]): string =>
  ["| | GPU hours |", "|--|--|", ...rows.map(([name, hours]) => `| ${name} | ${hours} |`), ""].join("\n");

describe("compute", () => {
  it("gives the Commission's worked examples", () => {
    // C(2025) 5045, paragraphs 123 to 132.
    expect(architectureFlop(3.8e9, 3.3e12)).toBeCloseTo(7.5e22, -21);
    expect(architectureFlop(0.6e9, 36e12)).toBeCloseTo(1.3e23, -22);
    expect(hardwareFlop(200_000, 300e12, 0.5) / 1e23).toBeCloseTo(1, 0);
  });

  it("finds rows that do not add up to their stated total, with both figures", async () => {
    const findings = await find(
      table([
        ["Nimbus 3B", "1000"],
        ["Nimbus 7B", "2000"],
        ["Total", "4500"],
      ]),
    );
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({
      ruleId: "compute/gpu-hours-sum",
      severity: "medium",
      path: "README.md",
      message: { id: "facts.gpu-hours-sum", args: { sum: 3000, stated: 4500, difference: 1500 } },
    });
    expect(findings[0]?.evidence.map(({ span }) => (span?.kind === "lines" ? span.start : 0))).toEqual([5, 3, 4]);
  });

  it("compares rows with a total stated in prose when the table has none", async () => {
    expect(
      await find(
        `Pretraining took a cumulative 3.3M GPU hours.\n\n${table([
          ["Nimbus 3B", "1.0M"],
          ["Nimbus 7B", "1.2M"],
        ])}`,
      ),
    ).toHaveLength(1);
  });

  it("allows for rounding in the rows", async () => {
    expect(
      await find(
        table([
          ["Nimbus 3B", "1.3M"],
          ["Nimbus 7B", "6.4M"],
          ["Total", "7.7M"],
        ]),
      ),
    ).toEqual([]);
    expect(
      await find(
        table([
          ["A", "370k"],
          ["B", "460k"],
          ["C", "1.3k"],
          ["D", "1.6k"],
          ["Total", "833k"],
        ]),
      ),
    ).toEqual([]);
  });

  it("never complains about rows that add up, always about a total off by half", async () => {
    const hours = fc.integer({ min: 10, max: 1_000_000 });
    await fc.assert(
      fc.asyncProperty(fc.array(hours, { minLength: 2, maxLength: 8 }), async (rows) => {
        const sum = rows.reduce((all, row) => all + row, 0);
        const named = rows.map((row, at) => [`Nimbus ${at + 1}B`, String(row)] as const);
        expect(await find(table([...named, ["Total", String(sum)]]))).toEqual([]);
        expect(await find(table([...named, ["Total", String(Math.round(sum * 1.5))]]))).toHaveLength(1);
      }),
      { numRuns: 40 },
    );
  });

  it("finds stated compute that six operations per parameter and token do not give", async () => {
    const text = (flop: string): string =>
      `Nimbus has 7B parameters. It was trained on 2T tokens of data. Training compute: ${flop} FLOPs.\n`;
    expect((await find(text("8.4e22"))).map(({ ruleId }) => ruleId)).toEqual([]);
    expect((await find(text("1.0e23"))).map(({ ruleId }) => ruleId)).toEqual([]);
    expect((await find(text("8.4e24"))).map(({ ruleId }) => ruleId)).toEqual(["compute/flop-mismatch"]);
  });

  it("finds hours in which the hardware could not have done the work", async () => {
    const text = (hours: string): string =>
      `Nimbus has 7B parameters. It was trained on 2T tokens of data. This took ${hours} A100 GPU hours.\n`;
    expect((await find(text("184,320"))).map(({ ruleId }) => ruleId)).toEqual([]);
    const [finding] = await find(text("20,000"));
    expect(finding).toMatchObject({ ruleId: "compute/impossible-utilization", message: { args: { hours: 20_000, percent: 374 } } });
  });

  it("counts only active parameters of a mixture of experts", async () => {
    expect(
      await find(
        "Nimbus has 671B total parameters with 37B activated parameters. Trained on 14.8T tokens of data in 2.7M H800 GPU hours.\n",
      ),
    ).toEqual([]);
  });

  it("leaves out hours that were taken per amount of data", async () => {
    expect(await find("Nimbus has 1.1B parameters, trained on 3T tokens of data. It took 3,456 A100 GPU hours per 300B tokens.\n")).toEqual(
      [],
    );
  });

  it("tells devices with similar names apart and admits not to know others", () => {
    expect(peakOf("NVIDIA H200 141GB", false)).toBe(9.89e14);
    expect(peakOf("H20", false)).toBe(1.48e14);
    expect(peakOf("Cerebras CS-3", false)).toBeNull();
  });
});
