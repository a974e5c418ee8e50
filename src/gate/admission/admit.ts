// From a reference to a model that may be served: audited, identified, and on this machine as the bytes that were looked at.
import { basename, resolve } from "node:path";
import { audit } from "../../audit/audit.ts";
import { digest } from "../../audit/identity.ts";
import { providers } from "../../audit/providers.generated.ts";
import { AjarError } from "../../core/errors.ts";
import type { DigestedTensor, ReleaseIdentity } from "../../core/identity.ts";
import type { Report } from "../../core/report.ts";
import type { Source, SourceContext, SourceEntry } from "../../core/source.ts";
import { weightsDigest } from "../../identity/tensor-digest.ts";
import { openSource } from "../../sources/open.ts";
import type { JsonObject, ServedModel } from "../contract.ts";
import { cachedWeights, differs } from "./cache.ts";
import { auditOf, basesOf, distinctTensors, licenseOf } from "./describe.ts";
import { refuseUnread, refuseUnsafe } from "./safety.ts";
import { type FileMark, markFile, sameMarks } from "./watch.ts";
import { isFoundByName, pickWeights, type WeightSet } from "./weights.ts";

export interface AdmissionRequest {
  /** Any target that `ajar audit` takes. */
  readonly reference: string;
  /** Name that clients ask for; made from the reference when absent. */
  readonly name?: string;
  /** Path or name of the file to load, where there are several. */
  readonly file?: string;
  /** Safety rules whose findings do not keep it from being served. */
  readonly allow: readonly string[];
  readonly context: SourceContext;
}

export interface Admitted {
  readonly model: ServedModel;
  readonly audit: JsonObject;
  /** Files of this machine to load, the first part first. */
  readonly files: readonly string[];
  /** As they were when they were read; another mark is another file. */
  readonly marks: readonly FileMark[];
  /** SHA-256 (hex) of each. */
  readonly digests: readonly string[];
}

/** @throws AjarError UNSAFE_MODEL | UNSUPPORTED | BAD_OPTION | CHANGED_WHILE_READ | DIGEST_MISMATCH, and those of an audit */
export async function admit(request: AdmissionRequest): Promise<Admitted> {
  const { context, reference, allow } = request;
  const source = await openSource(reference, context, providers);
  try {
    const set = pickWeights(source.ref, await listed(source, context), request.file);
    const local = (await localFiles(source, set)) ?? null;
    const spilled = local === null ? await cachedWeights(source, set, context) : null;
    const files = local ?? spilled?.files ?? [];
    const marks = files.map(markFile);
    const reports = [await auditOne(source.ref, context)];
    // The bytes that will be loaded are looked at themselves, not only the package that they came from.
    if (spilled !== null) for (const file of files) reports.push(await auditOne(file, context));
    refuseUnsafe(source.ref, reports, new Set(allow));
    if (spilled === null)
      refuseUnread(
        source.ref,
        reports[0] as Report,
        set.map(({ path }) => path),
      );
    else for (const [at, file] of files.entries()) refuseUnread(source.ref, reports[at + 1] as Report, [basename(file)]);
    const weighed = await weigh(files, context);
    if (spilled?.expected.some((sha256, at) => sha256 !== weighed.digests[at]) === true) {
      spilled.discard();
      throw differs(set[0].path, source.ref);
    }
    const release = await releaseIdentity(source.ref, context);
    if (!sameMarks(marks, files)) throw changed(source.ref);
    const [report] = reports;
    if (report === undefined) throw new AjarError("BUG", "no report was made");
    return { ...described(request, { source, set, report, release, weighed }), files, marks, digests: weighed.digests };
  } finally {
    await source.close();
  }
}

async function listed(source: Source, { signal }: SourceContext): Promise<readonly SourceEntry[]> {
  const entries: SourceEntry[] = [];
  for await (const entry of source.list()) {
    signal.throwIfAborted();
    entries.push(entry);
  }
  return entries;
}

/** Paths of a set that lies plainly on this machine, each file whole; null where it has to be fetched or unpacked. */
async function localFiles(source: Source, set: WeightSet): Promise<readonly string[] | null> {
  if (source.locate === undefined) return null;
  const files: string[] = [];
  for (const { path } of set) {
    const bytes = await source.locate(path);
    if (bytes === null || bytes.start !== 0) return null;
    const file = Buffer.from(bytes.file).toString("utf8");
    if (!Buffer.from(file).equals(Buffer.from(bytes.file)) || markFile(file).sizeBytes !== bytes.length) return null;
    files.push(file);
  }
  return isFoundByName(files) ? files : null;
}

async function auditOne(reference: string, context: SourceContext): Promise<Report> {
  return await audit({ parts: [{ part: "all", reference }], context, acceptClaims: false });
}

interface Weighed {
  /** SHA-256 (hex) of each file. */
  readonly digests: readonly string[];
  readonly tensors: readonly DigestedTensor[];
  /** `ajar.weights.v1` over the tensors of all files together; null where one has no digest. */
  readonly weights: string | null;
}

/** Reads every byte of the files. @throws AjarError UNREADABLE */
async function weigh(files: readonly string[], context: SourceContext): Promise<Weighed> {
  const references = files.map((file) => resolve(file));
  const { targets } = await digest({ references, compare: false, tensors: true, list: true, stated: false, context });
  const digests = targets.map(({ identity }) => {
    const sha256 = identity.files[0]?.sha256 ?? null;
    if (sha256 === null) throw new AjarError("UNREADABLE", "the file cannot be read in full", { subject: identity.ref });
    return sha256;
  });
  const tensors = targets.flatMap(({ identity }) => identity.sets.flatMap(({ list }) => list ?? []));
  // A part may hold no tensors at all: its header was understood in full, or it would not have come this far.
  const isWhole = targets.every(({ identity }) => identity.weights === null || identity.weights.sha256 !== null);
  const all = tensors.map(({ sha256 }) => Buffer.from(sha256, "hex"));
  return { digests, tensors, weights: isWhole && all.length > 0 ? Buffer.from(weightsDigest(all)).toString("hex") : null };
}

/** Of the whole release; what others state of files that are not loaded is taken, and marked as stated. */
async function releaseIdentity(reference: string, context: SourceContext): Promise<ReleaseIdentity> {
  const { targets } = await digest({ references: [reference], compare: false, tensors: false, list: false, stated: true, context });
  const [target] = targets;
  if (target === undefined) throw new AjarError("BUG", "no identity was made");
  return target.identity;
}

interface Found {
  readonly source: Source;
  readonly set: WeightSet;
  readonly report: Report;
  readonly release: ReleaseIdentity;
  readonly weighed: Weighed;
}

function described(request: AdmissionRequest, { source, set, report, release, weighed }: Found): Pick<Admitted, "model" | "audit"> {
  const weightsDigest = weighed.weights === null ? null : `sha256:${weighed.weights}`;
  const loaded = set.map(({ path }, at) => ({ path, sha256: weighed.digests[at] ?? "" }));
  return {
    model: {
      id: request.name ?? defaultName(request.reference),
      ref: source.ref,
      basis: "verified",
      fileDigests: weighed.digests.map((sha256) => `sha256:${sha256}`).sort(),
      weightsDigest,
      tensorDigests: distinctTensors(weighed.tensors),
      releaseDigest: release.root.sha256 === null ? null : `sha256:${release.root.sha256}`,
      bases: basesOf(report),
      license: licenseOf(report),
      headline: report.headline.word,
    },
    audit: auditOf({ report, release, loaded, weightsDigest, allowed: request.allow }),
  };
}

/** `hf:owner/SmolLM2-GGUF@main` → `SmolLM2-GGUF`, `/models/a.gguf` → `a`. */
export function defaultName(reference: string): string {
  const path = reference.replace(/[/\\]+$/u, "");
  const last = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\"), path.search(/:(?!.*[/\\])/u)) + 1);
  return last.replace(/@[^@]*$/u, "").replace(/\.(?:gguf|zip|whl|tgz|tar\.gz|tar)$/iu, "") || "model";
}

function changed(ref: string): AjarError {
  return new AjarError("CHANGED_WHILE_READ", `${ref}: changed while it was read`, {
    subject: ref,
    hint: "Run again when nothing writes to it.",
  });
}
