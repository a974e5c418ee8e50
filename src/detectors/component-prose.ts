// Components that documents describe: statements in prose, commands in code blocks, tables of results.
import { COMPONENT_IDS, type ComponentId } from "../core/component.ts";
import type { Evidence } from "../core/evidence.ts";
import type { ComponentFact, Sighting } from "../core/fact.ts";
import type { Artifact } from "../core/inventory.ts";
import type { Detector, DetectorContext } from "./detector.ts";
import { ownFetch } from "./support/fetch-commands.ts";
import { detectorName, passageEvidence } from "./support/observe.ts";
import { artifactsWith, type Passage, passagesOf } from "./support/passages.ts";
import { ownNames } from "./support/publisher.ts";
import { namesRelease } from "./support/release-names.ts";
import { findTopics, oneOf } from "./support/topics.ts";

const SIGHTINGS: readonly Sighting[] = ["found", "linked", "gated", "described", "withheld"];

export const detector: Detector = {
  id: "component-prose",
  version: 1,
  async detect(context) {
    const facts: ComponentFact[] = [];
    for (const { topic, evidence } of findTopics(context, "components", ["readme", "model-card", "data-card", "document"])) {
      const [component, sighting] = split(topic);
      // A gate that a guide deep down speaks of is the gate of whatever the guide is about.
      if (sighting === "gated" && evidence[0].path.includes("/") && !/model[-_ ]?card/iu.test(evidence[0].path)) continue;
      if (component !== undefined && sighting !== undefined) facts.push(factOf(component, sighting, evidence, "statement in prose"));
    }
    for (const artifact of artifactsWith(context, ["readme", "model-card", "document"])) facts.push(...readDocument(context, artifact));
    return { facts, findings: [] };
  },
};

function split(topic: string): [ComponentId | undefined, Sighting | undefined] {
  const [component = "", sighting = ""] = topic.split("/");
  return [oneOf(COMPONENT_IDS, component), oneOf(SIGHTINGS, sighting)];
}

function factOf(
  component: ComponentId,
  sighting: Sighting,
  evidence: readonly [Evidence, ...Evidence[]],
  reason: string,
  place: string = evidence[0].path,
): ComponentFact {
  return { kind: "component", component, sighting, place, partial: false, reason, evidence, detector: detectorName(detector) };
}

function readDocument(context: DetectorContext, artifact: Artifact): readonly ComponentFact[] {
  const passages = passagesOf(context, artifact);
  const isMain = artifact.path.split("/").length <= 2;
  return [...(isMain ? codeBlocks(context, passages) : []), ...resultTables(context, artifact, passages), ...citedPaper(context, passages)];
}

// A library of others that runs this model: the architecture is defined there, or in code that it fetches with the weights.
const LIBRARY =
  /\b(?:Auto(?:Model|Processor)\w*|\w+For(?:CausalLM|ConditionalGeneration|SequenceClassification)|diffusers|transformers|vllm|llama[._-]cpp|lmdeploy|sglang|ollama|modelscope)\b/u;
const RUNS =
  /\.generate\s*\(|\bpipeline\s*\(|\.chat\s*\(|\bLLM\s*\(|\.transcribe\s*\(|from_pretrained\s*\(|\bvllm\s+serve\b|\bllama-cli\b|chat\.completions|inference/iu;

function codeBlocks(context: DetectorContext, passages: readonly Passage[]): readonly ComponentFact[] {
  const blocks = passages.filter(({ kind }) => kind === "code");
  const facts: ComponentFact[] = [];
  const fetches = blocks.find((passage) => ownFetch(context, passage.text) !== null);
  const fetched = fetches === undefined ? null : ownFetch(context, fetches.text);
  if (fetches !== undefined && fetched !== null) {
    facts.push(factOf("weights", "linked", [passageEvidence(context, fetches)], "command that fetches the weights", fetched));
  }
  const runs = blocks.find(({ text }) => RUNS.test(text));
  if (runs !== undefined) facts.push(factOf("inference-code", "described", [passageEvidence(context, runs)], "example in a document"));
  const library = passages.find(({ text, kind }) => kind !== "heading" && LIBRARY.test(text));
  if (library !== undefined) {
    const name = LIBRARY.exec(library.text)?.[0] ?? "";
    facts.push(factOf("architecture-code", "linked", [passageEvidence(context, library)], `run by a library of others: ${name}`));
  }
  return facts;
}

const BENCHMARK =
  /\b(?:MMLU|GSM-?8K|HellaSwag|HumanEval|MBPP|ARC(?:-[CEce])?|BBH|C-?Eval|CMMLU|LAMBADA|PIQA|WinoGrande|TruthfulQA|BoolQ|OpenBookQA|OBQA|SIQA|TriviaQA|NaturalQuestions|AGIEval|MT-?Bench|AlpacaEval|IFEval|GPQA|MATH|MMMU|SuperGLUE|GLUE|SQuAD|WER|BLEU|FID|perplexity|ppl|val(?:idation)?[\s_]loss|accuracy|F1|BIG-?Bench|SWE-?bench|AIME|LiveCodeBench|toxigen|RULER|LongBench|pass@\d+)\b/iu;
const NUMBERS = /(?:^|[\s|*±(~])\d{1,3}(?:\.\d+)?\s*%?(?=$|[\s|*)±(†])/gu;

/** A measured value of an evaluation, as a list states it. */
const MEASURED = /\b(?:validation\s+loss|test\s+loss|training\s+loss|perplexity|accuracy|F1|WER|BLEU)\b\W{0,6}\d/iu;

/** A table whose header or rows name benchmarks and whose cells are numbers. */
function resultTables(context: DetectorContext, artifact: Artifact, passages: readonly Passage[]): readonly ComponentFact[] {
  let title = "";
  let named = 0;
  let measured = 0;
  for (const [at, passage] of passages.entries()) {
    if (passage.kind === "item" && MEASURED.test(passage.text)) measured += 1;
    if (measured >= 2)
      return [factOf("evaluation-results", "found", [passageEvidence(context, passage)], "list of results", artifact.path)];
    if (passage.kind !== "row") {
      named = 0;
      title = "";
      continue;
    }
    if (passages[at - 1]?.kind !== "row") title = passage.text;
    const speaks = BENCHMARK.test(passage.text) || BENCHMARK.test(title);
    const numbers = passage.text.match(NUMBERS)?.length ?? 0;
    if (speaks && numbers >= 1 && !/\bGPU|memory|VRAM|speed|tokens\/s|throughput|latency/iu.test(title)) named += 1;
    if (named >= 2) {
      const fact = factOf("evaluation-results", "found", [passageEvidence(context, passage)], "table of results", artifact.path);
      return [fact];
    }
  }
  return [];
}

const ARXIV = /arxiv(?:\.org\/(?:abs|pdf)\/|:\s*|\s+preprint\s+arXiv:)(\d{4}\.\d{4,5})/iu;

/** A BibTeX entry under a citation heading whose title names the release: the release's own paper. */
function citedPaper(context: DetectorContext, passages: readonly Passage[]): readonly ComponentFact[] {
  const names = ownNames(context);
  for (const passage of passages) {
    if (!/@\w+\s*\{/u.test(passage.text)) continue;
    const under =
      passage.under.some((heading) => /cit(?:e|ation|ing)|bibtex|引用|reference/iu.test(heading)) ||
      /\bcit(?:e|ation)\b|引用/iu.test(passage.before);
    if (!under) continue;
    for (const entry of passage.text.split(/(?=@\w+\s*\{)/u)) {
      const title = /title\s*=\s*[{"]+(.{1,300}?)[}"]/iu.exec(entry)?.[1] ?? "";
      const place = ARXIV.exec(entry);
      const eprint = /eprint\s*=\s*[{"]+(\d{4}\.\d{4,5})/iu.exec(entry);
      const id = place?.[1] ?? eprint?.[1];
      if (id === undefined) continue;
      if (!namesRelease(title, names) && !under) continue;
      return [
        factOf("paper", "linked", [passageEvidence(context, passage)], "citation that the release asks for", `https://arxiv.org/abs/${id}`),
      ];
    }
  }
  return [];
}
