import { describe, expect, it } from "vitest";
import { detectIn, factsInReadme } from "../../test/facts/context.ts";
import { factsOf } from "../core/fact.ts";
import { detector } from "./quantities.ts";

const read = async (text: string): Promise<readonly string[]> =>
  (await factsInReadme(detector, "quantity", text)).map(({ quantity, value, subject, hardware }) =>
    [quantity, value, subject, hardware ?? ""].join(" ").trim(),
  );

describe("quantities", () => {
  it("reads sizes and tokens from English prose", async () => {
    expect(
      await read("# Nimbus\n\nNimbus comes in sizes of 3B and 7B parameters. It was pretrained on 2.0T tokens of web data.\n"),
    ).toEqual(["parameters 3000000000 3B", "parameters 7000000000 7B", "tokens 2000000000000"]);
  });

  it("reads sizes and tokens from simplified and traditional Chinese", async () => {
    expect(await read("云雀模型具有700亿参数，在1.4万亿 token 的语料上训练。\n")).toEqual([
      "parameters 70000000000 700亿",
      "tokens 1400000000000",
    ]);
    expect(await read("雲雀模型具有700億參數，以1.4萬億詞元的語料訓練。\n")).toEqual([
      "parameters 70000000000 700億",
      "tokens 1400000000000",
    ]);
  });

  it("reads hours per model and their total from a table, with the hardware", async () => {
    const table = "| Model | A100 GPU hours |\n|--|--|\n| Nimbus 3B | 1,000 |\n| Nimbus 7B | 2.5K |\n| Total | 3500 |\n";
    expect(await read(table)).toEqual([
      "parameters 3000000000 3B",
      "gpu-hours 1000 3B A100",
      "parameters 7000000000 7B",
      "gpu-hours 2500 7B A100",
      "gpu-hours-total 3500  A100",
    ]);
  });

  it("reads tables in which models are columns", async () => {
    expect(await read("| | Nimbus 3B | Nimbus 7B |\n|--|--|--|\n| Number of tokens | 4 Trillion | 5 Trillion |\n")).toEqual([
      "parameters 3000000000 3B",
      "parameters 7000000000 7B",
      "tokens 4000000000000 3B",
      "tokens 5000000000000 7B",
    ]);
  });

  it("scales cells by the unit in their column's title", async () => {
    expect(await read("| Source | Tokens (Billion) |\n|--|--|\n| Web | 665.01 |\n")).toEqual(["tokens 665010000000 Web"]);
  });

  it("reads compute, energy and emissions in one unit each", async () => {
    expect(
      await read(
        "Training used 3.8e24 FLOPs of compute. It consumed 1.2 GWh of energy and emitted 450 kg of CO2eq. It took 2.788M H800 GPU hours.\n",
      ),
    ).toEqual(["flop 3.8e+24", "energy 1200000", "emissions 0.45", "gpu-hours 2788000  H800"]);
  });

  it("does not take context lengths, speeds, memory or other models' sizes for its own", async () => {
    expect(await read("It has a context length of 128K tokens, runs at 24k tokens per second, needs 16 GB and beats Rival-70B.\n")).toEqual(
      [],
    );
  });

  it("quotes the words and their line", async () => {
    const [fact] = await factsInReadme(detector, "quantity", "# Nimbus\n\ntext\n\nTrained on\n2T tokens of data.\n");
    expect(fact?.stated).toBe("2T");
    expect(fact?.evidence[0]).toMatchObject({
      path: "README.md",
      span: { kind: "lines", start: 5, end: 6 },
      quote: "Trained on 2T tokens of data.",
      method: "text",
    });
  });

  it("reads the user limit of a license and the counts of configs and host records", async () => {
    const { facts } = await detectIn(detector, {
      LICENSE: "If you have more than 700 million monthly active users, ask for a license.",
      "config.json": '{"num_parameters": 12345}',
      "@host/model.json": '{"safetensors": {"total": 6738415616}}',
    });
    expect(factsOf(facts, "quantity").map(({ quantity, value, evidence }) => [quantity, value, evidence[0].method])).toEqual([
      ["monthly-users", 700_000_000, "text"],
      ["parameters", 12_345, "config"],
      ["parameters", 6_738_415_616, "host-record"],
    ]);
  });

  it("ignores broken JSON and third-party files", async () => {
    const { facts } = await detectIn(detector, {
      "config.json": '{"num_parameters": ',
      "vendor/README.md": { text: "It has 7B parameters.", roles: ["readme"], thirdParty: true },
    });
    expect(facts).toEqual([]);
  });
});
