// SPDX 3.0.1 JSON-LD with the AI and Dataset profiles: https://spdx.github.io/spdx-spec/v3.0.1/
import type { Report } from "../../core/report.ts";
import type { ReportedFile } from "../../core/scan.ts";
import { type BomLineage, bomFiles, createdAt, lineageOf, releaseLicenses, releaseName, releaseVersion, stableUuid } from "../bom.ts";
import type { Format } from "../format.ts";
import { toJson } from "../json.ts";
import { Phrases } from "../phrases.ts";
import type { ReportOptions } from "../report-options.ts";

const CONTEXT = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld";
const NO_ASSERTION = "NOASSERTION";
const CREATION = "_:creation";

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
type Element = Readonly<Record<string, Json>> & { readonly spdxId: string };

export const format: Format = { id: "spdx", extensions: [".spdx.json", ".spdx3.json"], render };

function render(report: Report, options: ReportOptions): string {
  const namespace = `urn:uuid:${stableUuid(report, "spdx")}`;
  const id = (name: string): string => `${namespace}#${name}`;
  const element = (type: string, name: string, fields: Record<string, Json>): Element => ({
    type,
    spdxId: id(name),
    creationInfo: CREATION,
    ...fields,
  });
  const created = createdAt(report, options.created);
  const lineage = lineageOf(report);
  const ancestors = new Map(
    lineage.nodes.map(({ id: nodeId, name, isData }, index) => [
      nodeId,
      isData
        ? element("dataset_DatasetPackage", `dataset-${index}`, {
            ...bareModel(name, id("publisher")),
            dataset_datasetType: ["noAssertion"],
          })
        : element("ai_AIPackage", `parent-${index}`, bareModel(name, id("publisher"))),
    ]),
  );
  const files = bomFiles(report).map(({ path, sha256, scan }, index) =>
    element("software_File", `file-${index}`, {
      name: path,
      ...(sha256 === null ? {} : { verifiedUsing: [{ type: "Hash", algorithm: "sha256", hashValue: sha256 }] }),
      ...(scan === null ? {} : { comment: scanText(scan) }),
    }),
  );
  const licenses = releaseLicenses(report).map((license, index) => ({
    license,
    element: element("simplelicensing_LicenseExpression", `license-${index}`, {
      simplelicensing_licenseExpression: expressionOf(license.id),
    }),
  }));
  const stated = [...new Set(lineage.nodes.flatMap((node) => node.licenses))].map((license, index) => ({
    license,
    element: element("simplelicensing_LicenseExpression", `stated-${index}`, { simplelicensing_licenseExpression: expressionOf(license) }),
  }));
  const idOf = (node: string | null): string => (node === null ? id("model") : (ancestors.get(node)?.spdxId ?? id("model")));
  const links: readonly Link[] = [
    ["contains", id("model"), files.map(({ spdxId }) => spdxId)],
    ...lineageLinks(lineage, idOf),
    ...lineage.nodes.map(({ id: nodeId, licenses: ids }): Link => {
      const to = stated.filter(({ license }) => ids.includes(license)).map((one) => one.element.spdxId);
      return ["hasDeclaredLicense", idOf(nodeId), to];
    }),
    ["hasDeclaredLicense", id("model"), licensesSaid("declared")],
    ["hasConcludedLicense", id("model"), licensesSaid("concluded")],
  ];
  function licensesSaid(how: "declared" | "concluded"): readonly string[] {
    return licenses.filter(({ license }) => license.acknowledgement === how).map(({ element: { spdxId } }) => spdxId);
  }
  const relationships = links
    .filter(([, , to]) => to.length > 0)
    .map(([relationshipType, from, to, comment], index) =>
      element("Relationship", `relationship-${index}`, {
        relationshipType,
        from,
        to,
        completeness: "noAssertion",
        ...(comment === undefined ? {} : { comment }),
      }),
    );
  const elements: readonly Element[] = [
    element("SoftwareAgent", "ajar", { name: `Ajar ${report.tool.version} (rules ${report.tool.rules})` }),
    element("Agent", "publisher", { name: NO_ASSERTION, comment: "Who published the release was not established." }),
    element("ai_AIPackage", "model", modelFields(report, id("publisher"), created)),
    ...ancestors.values(),
    ...files,
    ...licenses.map((license) => license.element),
    ...stated.map((license) => license.element),
    ...relationships,
  ];
  const document = element("SpdxDocument", "document", {
    name: report.target.ref,
    profileConformance: ["core", "software", "ai", "dataset", "simpleLicensing"],
    rootElement: [id("model")],
    element: elements.map(({ spdxId }) => spdxId),
  });
  const creation: Json = {
    type: "CreationInfo",
    "@id": CREATION,
    specVersion: "3.0.1",
    created,
    createdBy: [id("ajar")],
    ...(options.created === undefined ? { comment: "The time is the day of the rules in force: a report carries no clock." } : {}),
  };
  return toJson({ "@context": CONTEXT, "@graph": [creation, ...elements, document] });
}

type Link = readonly [type: string, from: string, to: readonly string[], comment?: string];

/** One relationship a child and relation. Training on data is `trainedOn`; everything else makes a descendant, and its comment says how. */
function lineageLinks({ edges }: BomLineage, idOf: (node: string | null) => string): readonly Link[] {
  const groups = Map.groupBy(edges, ({ child, relation }) => `${child ?? ""}\0${relation}`);
  return [...groups.values()].flatMap((group): readonly Link[] => {
    const [first] = group;
    if (first === undefined) return [];
    const to = [...new Set(group.map(({ parent }) => idOf(parent)))];
    return first.relation === "dataset"
      ? [["trainedOn", idOf(first.child), to]]
      : [["descendantOf", idOf(first.child), to, first.relation]];
  });
}

/** Format, what loading it can do, and how much of it was understood. */
function scanText({ format, risk, coverage, digest }: ReportedFile): string {
  const covered = coverage.state === "full" ? "full" : `${coverage.state} (${coverage.code})`;
  return `format: ${format}; risk: ${risk}; coverage: ${covered}; digest: ${digest}`;
}

/** A package known by name only. */
function bareModel(name: string, publisher: string): Record<string, Json> {
  return {
    name,
    software_packageVersion: NO_ASSERTION,
    software_downloadLocation: /^https?:\/\/\S+$/u.test(name) ? name : NO_ASSERTION_IRI,
    software_primaryPurpose: "other",
    suppliedBy: publisher,
  };
}

/** A download location must be an IRI, so that the bare word is not allowed. */
const NO_ASSERTION_IRI = "https://spdx.org/rdf/3.0.1/terms/Core/NoAssertionElement";

function modelFields(report: Report, publisher: string, created: string): Record<string, Json> {
  const phrases = new Phrases("en");
  const { standardsMet, verdicts } = verdictsOf(report, phrases);
  const location = report.components.find(({ id }) => id === "weights")?.places.find((place) => /^https?:\/\/\S+$/u.test(place));
  const training = report.statements.quantities.map(
    ({ quantity, subject, stated, value, unit }) =>
      `${quantity}${subject === "" ? "" : ` (${subject})`}: ${stated === "" ? `${value} ${unit}` : stated}`,
  );
  return {
    name: releaseName(report),
    description: verdicts.join("\n"),
    software_packageVersion: releaseVersion(report),
    software_downloadLocation: location ?? NO_ASSERTION_IRI,
    software_primaryPurpose: "model",
    suppliedBy: publisher,
    releaseTime: created,
    comment: "releaseTime is when this document was made; the release's own date was not established.",
    ai_useSensitivePersonalInformation: "noAssertion",
    ...(standardsMet.length === 0 ? {} : { ai_standardCompliance: standardsMet }),
    ...(training.length === 0 ? {} : { ai_informationAboutTraining: training.join("; ") }),
  };
}

function verdictsOf(report: Report, phrases: Phrases): { readonly standardsMet: readonly string[]; readonly verdicts: readonly string[] } {
  const met = report.verdicts.filter(({ result }) => result === "met");
  const line = ({ result, ...verdict }: (typeof report.verdicts)[number]): string =>
    phrases.pair(phrases.verdictName(verdict), phrases.word(`outcome.${result}`));
  return { standardsMet: met.map((verdict) => phrases.verdictName(verdict)), verdicts: report.verdicts.map(line) };
}

/** An expression of the list's ids and LicenseRefs only; other words become a LicenseRef of themselves. */
function expressionOf(id: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9.+-]*$/u.test(id)) return id;
  return `LicenseRef-${id.replace(/[^A-Za-z0-9.-]+/gu, "-").replace(/^-+|-+$/gu, "") || "unnamed"}`;
}
