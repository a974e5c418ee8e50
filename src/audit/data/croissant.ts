// Croissant metadata held against the files that they describe.
import type { DataReport } from "../../core/dataset.ts";
import { evidence } from "../../core/evidence.ts";
import type { Artifact, SourceInventory } from "../../core/inventory.ts";
import type { Finding } from "../../core/release.ts";
import type { Message } from "../../core/report.ts";
import type { Source } from "../../core/source.ts";
import { type Croissant, type CroissantFile, readCroissant } from "../../dataset/croissant.ts";
import { sha256Of } from "../scan/digest.ts";

/** SHA-256 (hex) by source and path, joined by NUL. */
export type Digests = ReadonlyMap<string, string>;

/** Larger files are not read a second time for their digest; `--digests full` has it. */
const MAX_DIGEST_BYTES = 4 * 1024 ** 3;

interface Described {
  readonly artifact: Artifact;
  readonly metadata: Croissant;
}

/** All metadata of a source, by the artifact that holds them. */
function descriptions({ artifacts }: SourceInventory): readonly Described[] {
  return artifacts.flatMap((artifact) => {
    if (artifact.text === null || !/\.json(?:ld)?$/iu.test(artifact.path)) return [];
    const metadata = readCroissant({ path: artifact.path, text: artifact.text });
    return metadata === null ? [] : [{ artifact, metadata }];
  });
}

/** Digests of the files that metadata state one of. @throws AjarError as the source */
export async function describedDigests(source: Source, inventory: SourceInventory, signal: AbortSignal): Promise<Digests> {
  const digests = new Map<string, string>();
  for (const { metadata } of descriptions(inventory)) {
    for (const file of metadata.files) {
      const artifact = file.sha256 === null ? undefined : fileOf(file, inventory);
      if (artifact === undefined || artifact.content !== "readable" || (artifact.sizeBytes ?? 0) > MAX_DIGEST_BYTES) continue;
      digests.set(`${inventory.ref}\0${artifact.path}`, (await sha256Of(source, artifact, signal)).slice("sha256:".length));
    }
  }
  return digests;
}

/** The file of a description; undefined where it lies elsewhere or is not there. */
function fileOf({ url }: CroissantFile, { artifacts }: SourceInventory): Artifact | undefined {
  if (isElsewhere(url)) return undefined;
  const path = url.replace(/^\.?\//u, "");
  return artifacts.find((one) => one.path === path) ?? artifacts.find((one) => one.path.endsWith(`/${path}`));
}

function isElsewhere(url: string): boolean {
  return url === "" || /^[a-z][a-z0-9+.-]*:/iu.test(url);
}

/** One finding for each thing that does not fit. */
export function croissantFindings(report: DataReport, inventories: readonly SourceInventory[], digests: Digests): readonly Finding[] {
  return inventories.flatMap((inventory) =>
    descriptions(inventory).flatMap(({ artifact, metadata }) => {
      const own = evidence({ source: inventory.ref, path: artifact.path, digest: artifact.digest, method: "config" });
      const problems = [...ownProblems(metadata), ...fileProblems(metadata, inventory, digests), ...columnProblems(metadata, report)];
      return problems.map(
        (message): Finding => ({
          ruleId: "data/croissant",
          severity: "medium",
          message: { ...message, evidence: [own.id] },
          path: artifact.path,
          evidence: [own],
        }),
      );
    }),
  );
}

function ownProblems({ version, missing }: Croissant): readonly Message[] {
  return [
    ...(version === null ? [{ id: "data.croissant.version" }] : []),
    ...(missing.length === 0 ? [] : [{ id: "data.croissant.missing", args: { keys: missing.join(", ") } }]),
  ];
}

function fileProblems({ files }: Croissant, inventory: SourceInventory, digests: Digests): readonly Message[] {
  return files.flatMap((file): readonly Message[] => {
    const { id, url, sha256 } = file;
    if (isElsewhere(url)) return [];
    const artifact = fileOf(file, inventory);
    if (artifact === undefined) {
      return inventory.listingComplete ? [{ id: "data.croissant.no-file", args: { file: id === "" ? url : id } }] : [];
    }
    const actual = digests.get(`${inventory.ref}\0${artifact.path}`);
    const differs = sha256 !== null && actual !== undefined && actual !== sha256;
    return differs ? [{ id: "data.croissant.sha256", args: { file: artifact.path, stated: sha256, actual } }] : [];
  });
}

/** Columns of numbers have no text, so only metadata that share no column with the files are another set's. */
function columnProblems({ columns }: Croissant, { files }: DataReport): readonly Message[] {
  const fields = new Set(files.flatMap((file) => file.fields.map(({ name }) => name.replace(/^\//u, ""))));
  if (fields.size === 0 || columns.length === 0 || columns.some((column) => fields.has(column))) return [];
  return [{ id: "data.croissant.fields", args: { fields: columns.slice(0, 10).join(", ") } }];
}
