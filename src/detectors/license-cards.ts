// License fields of a card's front matter: ids, names, links, and terms asked to be accepted before a download.
import type { LicenseScope } from "../core/component.ts";
import type { Evidence } from "../core/evidence.ts";
import type { LicenseFact } from "../core/fact.ts";
import type { Artifact } from "../core/inventory.ts";
import type { LicenseRecord } from "../core/license.ts";
import type { Finding } from "../core/release.ts";
import type { FrontMatter } from "../documents/document.ts";
import { parseExpression } from "../licenses/expression.ts";
import { identifyLicenses } from "../licenses/identify.ts";
import { licenseByUrl } from "../licenses/pointers.ts";
import { licenseByName } from "../licenses/records.ts";
import type { Detector, DetectorContext } from "./detector.ts";
import { governedFolder } from "./support/license-folder.ts";
import { licenseRules } from "./support/license-rules.ts";
import { licenseFiles } from "./support/license-texts.ts";
import { detectorName, linesEvidence } from "./support/observe.ts";
import { artifactsWith } from "./support/passages.ts";

/** Ids of one card's list; the hub allows several, nobody writes many. */
const MAX_IDS = 20;

export const detector: Detector = {
  id: "license-cards",
  version: 1,
  async detect(context) {
    const facts: LicenseFact[] = [];
    const findings: Finding[] = [];
    for (const artifact of artifactsWith(context, ["readme", "model-card", "data-card"])) {
      const front = context.document(artifact)?.frontMatter;
      if (front === null || front === undefined) continue;
      const card = { context, artifact, front, ...coversOfCard(context, artifact, front) };
      facts.push(...idFacts(card), ...gateFacts(card));
      findings.push(...nameless(card));
    }
    return { facts, findings };
  },
};

interface Card {
  readonly context: DetectorContext;
  readonly artifact: Artifact;
  readonly front: FrontMatter;
  readonly covers: readonly LicenseScope[];
  readonly said: readonly LicenseScope[];
  readonly whole: boolean;
}

/** On a hub the card's license holds for the repository; elsewhere it speaks of the model or data set the card is about. */
function coversOfCard(context: DetectorContext, artifact: Artifact, front: FrontMatter): Pick<Card, "covers" | "said" | "whole"> {
  const { path, roles } = artifact;
  if (roles.includes("data-card")) return { covers: ["data", "documents"], said: ["data"], whole: false };
  // A front matter beside weights is a card's, however little else it says.
  const isCard =
    roles.includes("model-card") || liesBesideWeights(context, path) || MODEL_KEYS.some((key) => front.data[key] !== undefined);
  if (!isCard) return { covers: [], said: [], whole: true };
  const isHubCard = context.source.kind === "hub-model" && !path.includes("/");
  return { covers: isHubCard ? ["weights", "code", "documents"] : ["weights"], said: ["weights"], whole: false };
}

/** Fields of model cards (hub documentation, model card metadata); a card kept in a code repository has them too. */
const MODEL_KEYS: readonly string[] = ["pipeline_tag", "library_name", "base_model", "model-index", "widget"];

function liesBesideWeights(context: DetectorContext, path: string): boolean {
  const folder = governedFolder(path);
  return context.source.artifacts.some((file) => file.roles.includes("weights") && governedFolder(file.path) === folder);
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value.trim() : "";
}

function idsOf(front: FrontMatter): readonly { readonly id: string; readonly path: readonly (string | number)[] }[] {
  const value = front.data["license"];
  const list: readonly unknown[] = Array.isArray(value) ? value.slice(0, MAX_IDS) : [value];
  return list.flatMap((id, at) =>
    textOf(id) === "" ? [] : [{ id: textOf(id), path: Array.isArray(value) ? ["license", at] : ["license"] }],
  );
}

function cite({ context, artifact, front }: Card, path: readonly (string | number)[], quote: string): Evidence {
  const lines = front.linesOf(path) ?? { start: front.startLine, end: front.endLine };
  return linesEvidence(context, artifact, lines, quote, "front-matter");
}

function factOf(card: Card, license: LicenseRecord | null, stated: string, evidence: Evidence): LicenseFact {
  const { artifact, covers, said, whole } = card;
  return {
    kind: "license",
    statement: "card",
    license,
    stated,
    covers,
    said,
    whole,
    components: [],
    folder: governedFolder(artifact.path),
    thirdParty: artifact.thirdParty,
    evidence: [evidence],
    detector: detectorName(detector),
  };
}

/** One fact for each id; `other` counts by its name, or by the address its link leads to. */
function idFacts(card: Card): readonly LicenseFact[] {
  const name = textOf(card.front.data["license_name"]);
  const link = textOf(card.front.data["license_link"]);
  return idsOf(card.front).flatMap(({ id, path }): readonly LicenseFact[] => {
    const evidence = cite(card, path, `license: ${id}`);
    const alternatives = choiceIn(id);
    if (alternatives.length > 1) {
      return alternatives.map((license) => ({ ...factOf(card, license, license?.id ?? id, evidence), choice: id }));
    }
    const known = licenseByName(id);
    if (!licenseRules().nameless.test(id)) {
      const fact = factOf(card, known ?? licenseByName(name), id, evidence);
      return [contradictsItself(known, name) ? inDoubt(fact) : fact];
    }
    const named = licenseByName(name) ?? licenseByUrl(link);
    const words = name === "" ? id : name;
    return [factOf(card, named, words, name === "" ? evidence : cite(card, ["license_name"], `license: ${id}, license_name: ${name}`))];
  });
}

/** Licenses of `MIT OR Apache-2.0`; fewer than two for anything else. */
function choiceIn(id: string): readonly (LicenseRecord | null)[] {
  if (!/\s(?:or|and|with)\s/iu.test(id)) return [];
  const parsed = parseExpression(id);
  return parsed.ok && parsed.expression.kind === "or" ? parsed.licenses.map(({ license }) => license) : [];
}

/** `license_name` is for licenses without an id; beside the id of another license the card says two things. */
function contradictsItself(known: LicenseRecord | null, name: string): boolean {
  return known !== null && name !== "" && licenseByName(name)?.id !== known.id;
}

function inDoubt(fact: LicenseFact): LicenseFact {
  const span = fact.evidence[0].span ?? { kind: "lines", start: 1, end: 1 };
  return { ...fact, license: null, match: { outcome: "unknown-license", nearest: null, span, form: "sentence", restrictions: [] } };
}

/** A license text that must be accepted before a download is a license of what is downloaded. */
function gateFacts(card: Card): readonly LicenseFact[] {
  const prompt = textOf(card.front.data["extra_gated_prompt"]);
  if (prompt === "") return [];
  const evidence = cite(card, ["extra_gated_prompt"], prompt);
  return identifyLicenses(prompt).flatMap((match): readonly LicenseFact[] => {
    if (match.outcome === "pointer") return [];
    const license = match.outcome === "identified" ? match.license : null;
    // Lines of a text inside a field are not lines of the file: the field's own place stands for all of them.
    const placed = evidence.span === undefined ? match : { ...match, span: evidence.span };
    return [{ ...factOf(card, license, "", evidence), match: placed }];
  });
}

/** Ids that name no license: families, and `other` with neither name nor link. */
function nameless(card: Card): readonly Finding[] {
  const { artifact, context, front } = card;
  if (artifact.thirdParty) return [];
  const isNamed = textOf(front.data["license_name"]) !== "" || textOf(front.data["license_link"]) !== "";
  const hasText = [...licenseFiles(context).values()].some(({ path }) => governedFolder(path) === governedFolder(artifact.path));
  return idsOf(front).flatMap(({ id, path }): readonly Finding[] => {
    const isFamily = licenseByName(id) === null && licenseRules().families.has(id.toLowerCase());
    const isUnnamed = licenseRules().nameless.test(id) && !isNamed;
    if (!isFamily && !isUnnamed) return [];
    const evidence = cite(card, path, `license: ${id}`);
    const message = {
      id: isFamily ? "licenses.family-id" : "licenses.unnamed",
      args: { path: artifact.path, id },
      evidence: [evidence.id],
    };
    const ruleId = isFamily ? "licenses/family-id" : "licenses/unnamed";
    return [{ ruleId, severity: hasText ? "low" : "medium", message, path: artifact.path, evidence: [evidence] }];
  });
}
