// A use policy beside a license: of two versions of one publisher's terms, each has its own.
import { evidence, quoteOf } from "../core/evidence.ts";
import type { Artifact } from "../core/inventory.ts";
import type { LicenseMatch } from "../core/license.ts";
import type { Finding } from "../core/release.ts";
import { loadRules } from "../rules/load.ts";
import type { Detector, DetectorContext } from "./detector.ts";
import { governedFolder } from "./support/license-folder.ts";
import { licenseFiles, licensesIn } from "./support/license-texts.ts";

export const detector: Detector = {
  id: "license-policies",
  version: 1,
  async detect(context) {
    const policies = context.source.artifacts.filter(
      ({ roles, text, thirdParty }) => roles.includes("policy") && text !== null && !thirdParty,
    );
    return { facts: [], findings: policies.flatMap((policy) => findingsOf(context, policy)) };
  },
};

function policyOf(license: string): string | undefined {
  const policies: Readonly<Record<string, unknown>> = Object(Object(loadRules("detectors").get("license-duties"))["policies"]);
  const policy = Object.hasOwn(policies, license) ? policies[license] : undefined;
  return typeof policy === "string" ? policy : undefined;
}

function findingsOf(context: DetectorContext, policy: Artifact): readonly Finding[] {
  const found = identified(policy);
  const beside = [...licenseFiles(context).values()].filter(({ path }) => governedFolder(path) === governedFolder(policy.path));
  return beside.flatMap((file): readonly Finding[] => {
    const license = identified(file);
    const wanted = license === null ? undefined : policyOf(license.license.id);
    if (
      found === null ||
      license === null ||
      wanted === undefined ||
      found.license.id === wanted ||
      !/-Use-Policy$/u.test(found.license.id)
    )
      return [];
    const pieces = [place(context, policy, found), place(context, file, license)] as const;
    const args = { path: policy.path, policy: found.license.id, license: license.license.id };
    const message = { id: "licenses.policy-of-another", args, evidence: pieces.map(({ id }) => id) };
    return [{ ruleId: "licenses/policy-of-another", severity: "medium", message, path: policy.path, evidence: pieces }];
  });
}

type Identified = Extract<LicenseMatch, { outcome: "identified" }>;

function identified(file: Artifact): Identified | null {
  return licensesIn(file).find((match): match is Identified => match.outcome === "identified") ?? null;
}

function place(context: DetectorContext, { path, digest, text }: Artifact, { span }: Identified): ReturnType<typeof evidence> {
  const line = span.kind === "lines" ? ((text ?? "").split("\n")[span.start - 1] ?? "") : "";
  return evidence({ source: context.source.ref, path, digest, span, quote: quoteOf(line), method: "license-match" });
}
