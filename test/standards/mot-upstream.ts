// Nine synthetic cases of the Model Openness Tool's own tests (lfai/model_openness_tool at 5cc8333, Test_Data), as facts:
// which component is listed under which license, and what the tool answered. With the records of the reference folder
// they make all 27. An empty license means that the record names none.
import type { ContentType } from "../../src/standards/definition.ts";
import type { MotRecord } from "../../src/standards/mot-rule.ts";

export interface UpstreamCase {
  readonly name: string;
  readonly record: MotRecord;
  readonly expected: { readonly class: number; readonly class3: number; readonly class2: number; readonly class1: number };
}

type Global = Partial<Record<ContentType | "distribution", string>>;

function of(name: string, global: Global, components: Readonly<Record<string, string>>, class3: number, rest = [0, 0, 0]): UpstreamCase {
  const [reached = 0, class2 = 0, class1 = 0] = rest;
  return {
    name,
    record: {
      components: Object.entries(components).map(([component, license]) => ({ name: component, license: license || null })),
      distribution: global.distribution ?? null,
      global: { code: global.code ?? null, data: global.data ?? null, document: global.document ?? null },
    },
    expected: { class: reached, class3, class2, class1 },
  };
}

function listed(...names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, ""]));
}

const SIXTH = 16.666666666666664;
const THIRD = 33.33333333333333;
const FIVE_SIXTHS = 83.33333333333334;

export const UPSTREAM_CASES: readonly UpstreamCase[] = [
  of(
    "random, 15 components",
    { distribution: "CDLA-Permissive-2.0", code: "ECL-2.0", data: "CC-BY-2.5-AU", document: "CC-BY-4.0" },
    {
      "Model architecture": "zlib-acknowledgement",
      "Data preprocessing code": "AFL-3.0",
      "Training code": "ECL-2.0",
      "Evaluation code": "UPL-1.0",
      "Supporting libraries and tools": "AFL-1.1",
      "Model parameters (Final)": "ODbL-1.0",
      "Model parameters (Intermediate)": "Xfig",
      Datasets: "CC-BY-2.0",
      "Evaluation data": "CC-BY-SA-4.0",
      "Model metadata": "BSD-2-Clause",
      "Sample model outputs": "CC-BY-4.0",
      "Model card": "CC-BY-SA-3.0",
      "Data card": "SMLNJ",
      "Technical report": "CC0-1.0",
      "Evaluation results": "CC-BY-SA-4.0",
    },
    FIVE_SIXTHS,
  ),
  of(
    "global licenses for code and data, 10 components",
    { code: "NCSA", data: "CC-BY-SA-4.0" },
    listed(
      "Model architecture",
      "Data preprocessing code",
      "Training code",
      "Inference code",
      "Evaluation code",
      "Model parameters (Final)",
      "Model parameters (Intermediate)",
      "Sample model outputs",
      "Data card",
      "Evaluation results",
    ),
    THIRD,
  ),
  of(
    "four global licenses, 5 components",
    { distribution: "MulanPSL-2.0", code: "ECL-1.0", data: "ODC-By-1.0", document: "CC-BY-SA-3.0" },
    listed("Data preprocessing code", "Inference code", "Datasets", "Evaluation data", "Model card"),
    SIXTH,
  ),
  of(
    "a global license for documents, 8 components",
    { document: "CC-BY-SA-4.0" },
    listed(
      "Inference code",
      "Evaluation code",
      "Supporting libraries and tools",
      "Model parameters (Final)",
      "Evaluation data",
      "Model metadata",
      "Sample model outputs",
      "Research paper",
    ),
    SIXTH,
  ),
  of(
    "own licenses, 8 components",
    {},
    {
      "Model architecture": "MulanPSL-2.0",
      "Training code": "AML-glslang",
      "Inference code": "cve-tou",
      "Supporting libraries and tools": "CNRI-Python-GPL-Compatible",
      "Model parameters (Intermediate)": "CC-BY-NC-SA-1.0",
      "Model card": "CC-BY-SA-3.0",
      "Research paper": "CNRI-Jython",
      "Evaluation results": "CC-BY-NC-ND-3.0",
    },
    THIRD,
  ),
  of(
    "own licenses, 11 components",
    {},
    {
      "Model architecture": "MIT",
      "Data preprocessing code": "OPUBL-1.0",
      "Model parameters (Intermediate)": "AFL-2.0",
      Datasets: "CC-BY-SA-1.0",
      "Evaluation data": "HPND-sell-variant-MIT-disclaimer-rev",
      "Model metadata": "softSurfer",
      "Sample model outputs": "Borceux",
      "Model card": "SISSL-1.2",
      "Data card": "CC-BY-ND-3.0",
      "Technical report": "CC-BY-3.0-AU",
      "Evaluation results": "libpng-2.0",
    },
    THIRD,
  ),
  of(
    "Class III with a technical report",
    { data: "CC-BY-SA-2.0-UK" },
    {
      "Model architecture": "MIT-0",
      "Model parameters (Final)": "CC-BY-2.0",
      "Model card": "CC-BY-4.0",
      "Data card": "CC-BY-SA-4.0",
      "Technical report": "CC-BY-4.0",
      "Evaluation results": "CC0-1.0",
    },
    100,
    [3, 60, 0],
  ),
  of(
    "no license, 12 components",
    {},
    listed(
      "Model architecture",
      "Training code",
      "Inference code",
      "Evaluation code",
      "Supporting libraries and tools",
      "Model parameters (Final)",
      "Evaluation data",
      "Sample model outputs",
      "Model card",
      "Data card",
      "Technical report",
      "Research paper",
    ),
    0,
  ),
  of(
    "no license, 16 components",
    {},
    listed(
      "Model architecture",
      "Data preprocessing code",
      "Training code",
      "Inference code",
      "Evaluation code",
      "Supporting libraries and tools",
      "Model parameters (Final)",
      "Model parameters (Intermediate)",
      "Datasets",
      "Evaluation data",
      "Model metadata",
      "Sample model outputs",
      "Data card",
      "Technical report",
      "Research paper",
      "Evaluation results",
    ),
    0,
  ),
];
