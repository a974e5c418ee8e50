// Compares an index of shards with what is there: a loader trusts the index, so must not the reader of a report.
import { AjarError } from "../../core/errors.ts";
import { evidence } from "../../core/evidence.ts";
import type { Artifact } from "../../core/inventory.ts";
import type { Finding } from "../../core/release.ts";
import type { Message } from "../../core/report.ts";
import { parseWeightsIndex, type WeightsIndex } from "../../formats/weights-index.ts";
import type { DetectorContext } from "../detector.ts";
import type { WeightsHeader } from "./weights-headers-read.ts";

/** As in weights-index.ts; a longer text is refused there. */
const MAX_INDEX_BYTES = 64 * 1024 * 1024;
const INDEX_NAME = /\.index\.json$/iu;

/** Findings about every index of the source. @throws whatever is not an AjarError */
export async function checkIndexes(context: DetectorContext, headers: readonly WeightsHeader[]): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const artifact of context.source.artifacts) {
    if (!INDEX_NAME.test(artifact.path) || artifact.content !== "readable") continue;
    findings.push(...(await checkIndex(context, artifact, headers)));
  }
  return findings;
}

async function checkIndex(context: DetectorContext, artifact: Artifact, headers: readonly WeightsHeader[]): Promise<readonly Finding[]> {
  const text = await indexText(context, artifact);
  if (text === null) return [];
  try {
    const index = parseWeightsIndex(text);
    return mismatches(context, artifact, index, headers).map((message) => finding(context, artifact, message));
  } catch (error) {
    if (!(error instanceof AjarError)) throw error;
    // Other tools name other things `*.index.json`.
    if (error.code === "NOT_THIS_FORMAT") return [];
    return [finding(context, artifact, { id: "formats.index.broken", args: { offset: error.offset ?? 0 } })];
  }
}

async function indexText(context: DetectorContext, artifact: Artifact): Promise<string | null> {
  if (artifact.text !== null) return artifact.text;
  if (artifact.sizeBytes === null || artifact.sizeBytes > MAX_INDEX_BYTES) return null;
  try {
    return new TextDecoder().decode(await context.read(artifact.path, { start: 0, length: artifact.sizeBytes }));
  } catch (error) {
    if (error instanceof AjarError && error.code !== "INTERRUPTED") return null;
    throw error;
  }
}

/** At most one message of each kind, with the first case and how many there are. */
function mismatches(
  context: DetectorContext,
  artifact: Artifact,
  index: WeightsIndex,
  headers: readonly WeightsHeader[],
): readonly Message[] {
  const folder = artifact.path.slice(0, artifact.path.lastIndexOf("/") + 1);
  const listed = new Set(context.source.artifacts.map(({ path }) => path));
  const files = [...new Set(index.files.values())];
  const messages: Message[] = index.problems.slice(0, 1).map((problem) => ({ id: `formats.${problem.id}`, args: problem.args }));
  const missing = context.source.listingComplete ? files.filter((file) => !listed.has(folder + file)) : [];
  add(messages, "formats.index.missing-shard", missing);
  const shards = new Map(
    headers.flatMap(({ artifact: shard, tensorNames }) => (tensorNames === null ? [] : [[shard.path, new Set(tensorNames)] as const])),
  );
  const lost = [...index.files].filter(([tensor, file]) => shards.get(folder + file)?.has(tensor) === false);
  const [firstLost] = lost;
  if (firstLost !== undefined) {
    const [tensor, file] = firstLost;
    messages.push({ id: "formats.index.missing-tensor", args: { tensor, file, count: lost.length } });
  }
  const unmapped = files.flatMap((file) => [...(shards.get(folder + file) ?? [])].filter((tensor) => index.files.get(tensor) !== file));
  add(messages, "formats.index.unmapped-tensor", unmapped);
  return messages;
}

function add(messages: Message[], id: string, cases: readonly string[]): void {
  const [first] = cases;
  if (first !== undefined) messages.push({ id, args: { name: first, count: cases.length } });
}

function finding(context: DetectorContext, artifact: Artifact, message: Message): Finding {
  const { path, digest } = artifact;
  const item = evidence({ source: context.source.ref, path, digest, method: "header" });
  return {
    ruleId: "formats/index-mismatch",
    severity: "medium",
    message: { ...message, evidence: [item.id] },
    path,
    evidence: [item],
  };
}
