// A new advisory for a release, with every digest by which it can be found again.
import { AjarError } from "../../core/errors.ts";
import type { ReleaseIdentity } from "../../core/identity.ts";
import type { Canonical } from "../../gate/durable/canonical.ts";
import type { CommandContext } from "../command.ts";

/** More tensors than this make an advisory that nobody reads; the digest over all of them is there anyway. */
const MAX_TENSORS = 10_000;

/** @throws AjarError BAD_OPTION when something is not said that an advisory has to say; NOTHING_AUDITABLE without a digest */
export function advisoryFor(identity: ReleaseIdentity, { options, now }: CommandContext): Canonical {
  const wanted = (name: string, hint: string): string => {
    const value = options.text(name);
    if (value !== undefined) return value;
    throw new AjarError("BAD_OPTION", "is missing", { subject: `--${name}`, hint });
  };
  const at = now().toISOString();
  const match = matchesOf(identity);
  if (match.length === 0) {
    throw new AjarError("NOTHING_AUDITABLE", "there is nothing here that has a digest", {
      subject: identity.ref,
      hint: "Name a release with weights.",
    });
  }
  const policy = options.text("required-policy");
  const purl = purlOf(identity);
  const lineage = { applies: "descendants", relations: [], minConfidence: options.text("min-confidence") ?? "measured" };
  return {
    schema_version: "1.7.3",
    id: wanted("id", "Ids of one's own begin with x_, for example x_ACME-2026-0001."),
    modified: at,
    published: at,
    summary: wanted("summary", "Say in one line what is wrong."),
    affected: [
      {
        ...(identity.revision === null ? {} : { versions: [identity.revision] }),
        database_specific: {
          ajar: { ...(purl === null ? {} : { purl }), match, ...(options.flag("descendants") === true ? { lineage } : {}) },
        },
      },
    ],
    database_specific: {
      ajar: {
        format: "ajar-recall/1",
        action: options.text("action") ?? "block",
        ...(policy === undefined ? {} : { policy }),
        reason: wanted(
          "reason",
          "One of backdoor, unsafe-capability, safety-regression, privacy, copyright, licence, unsafe-file, provenance, other.",
        ),
        hazards: options.list("hazard"),
        effective: at,
        issuer: { name: wanted("issuer", "Say who you are."), role: options.text("role") ?? "publisher" },
        sequence: options.number("sequence") ?? 1,
      },
    },
  };
}

function matchesOf({ files, sets, root, weights }: ReleaseIdentity): readonly Canonical[] {
  const counted = sets.filter(({ counts }) => counts);
  const loaded = new Set(counted.flatMap((set) => set.files));
  const digests: Canonical[] = files
    .filter(({ path, sha256 }) => sha256 !== null && loaded.has(path))
    .map(({ path, sha256 }) => ({ kind: "file", digest: `sha256:${sha256}`, path }));
  if (root.sha256 !== null) digests.push({ kind: "manifest", digest: `sha256:${root.sha256}` });
  if (weights !== null && weights.sha256 !== null) digests.push({ kind: "tensors", digest: `sha256:${weights.sha256}` });
  const tensors = new Set(counted.flatMap(({ list = [] }) => list.map(({ sha256 }) => sha256)));
  if (tensors.size > MAX_TENSORS) {
    throw new AjarError("OVER_LIMIT", `${tensors.size} tensors are more than ${MAX_TENSORS}`, { hint: "Leave out --tensors." });
  }
  for (const sha256 of [...tensors].sort()) digests.push({ kind: "tensor", digest: `sha256:${sha256}` });
  return digests;
}

function purlOf({ ref, revision }: ReleaseIdentity): string | null {
  const name = /^hf:(?!datasets\/)([^@]+)/u.exec(ref)?.[1];
  return name === undefined ? null : `pkg:huggingface/${name}${revision === null ? "" : `@${revision}`}`;
}
