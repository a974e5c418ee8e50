// CycloneDX ML-BOM: https://cyclonedx.org/docs/1.6/json/ and 1.7. The library that writes CycloneDX has no model card, so this is written here
// and held to the official schemas in tests.
import spdxIds from "spdx-license-ids/index.json" with { type: "json" };
import type { Report, Severity } from "../core/report.ts";
import {
  type BomFile,
  type BomLicense,
  type BomLineage,
  bomFiles,
  lineageOf,
  releaseLicenses,
  releaseName,
  releaseVersion,
  stableUuid,
} from "./bom.ts";
import { toJson } from "./json.ts";
import { outerPath } from "./listed-files.ts";
import { lookup } from "./messages.ts";
import { Phrases } from "./phrases.ts";

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

const RATINGS: Readonly<Record<Severity, string>> = { critical: "critical", high: "high", medium: "medium", low: "low", info: "info" };
/** Rules of the safety scan, such as `PK01`, and of file formats: they speak of what loading a file can do. The others are no vulnerabilities. */
const VULNERABILITIES = /^(?:[A-Z]{2}\d{2}$|formats\/)/u;
const MODEL = "model";

/** One release as a bill of materials; no time of creation, so that the same report gives the same bytes. */
export function cycloneDx(report: Report, specVersion: "1.6" | "1.7"): string {
  const files = bomFiles(report);
  const lineage = lineageOf(report);
  const vulnerabilities = vulnerabilitiesOf(report, files);
  return toJson({
    $schema: `http://cyclonedx.org/schema/bom-${specVersion}.schema.json`,
    bomFormat: "CycloneDX",
    specVersion,
    serialNumber: `urn:uuid:${stableUuid(report, `cyclonedx ${specVersion}`)}`,
    version: 1,
    metadata: {
      tools: { components: [{ type: "application", name: "Ajar", version: report.tool.version }] },
      component: modelOf(report, lineage),
    },
    components: [
      ...dataSets(lineage).map(({ name, licenses }, index) => ({
        type: "data",
        "bom-ref": `data-${index}`,
        name,
        ...licensesStated(licenses),
        data: [{ type: "dataset", name }],
      })),
      ...files.map(fileOf),
    ],
    compositions: [{ aggregate: report.coverage.complete ? "incomplete_first_party_only" : "unknown", assemblies: [MODEL] }],
    ...(vulnerabilities.length === 0 ? {} : { vulnerabilities }),
  });
}

/** Data sets that the release itself is trained on or made from. */
function dataSets({ nodes, edges }: BomLineage): BomLineage["nodes"] {
  const own = new Set(edges.filter(({ child }) => child === null).map(({ parent }) => parent));
  return nodes.filter(({ id, isData }) => isData && own.has(id));
}

/** A file, with what its format can do and how much of it was understood: a file that was not is never one without findings. */
function fileOf({ ref, path, sha256, scan }: BomFile): Json {
  const properties = scan === null ? [] : scanProperties(scan);
  return {
    type: "file",
    "bom-ref": ref,
    name: path,
    ...(sha256 === null ? {} : { hashes: [{ alg: "SHA-256", content: sha256 }] }),
    ...(properties.length === 0 ? {} : { properties }),
  };
}

function scanProperties({ format, risk, coverage, sizeBytes, digest }: NonNullable<BomFile["scan"]>): readonly Json[] {
  return [
    { name: "ajar:format", value: format },
    { name: "ajar:risk", value: risk },
    { name: "ajar:coverage", value: coverage.state === "full" ? "full" : `${coverage.state}; ${coverage.code}` },
    { name: "ajar:digest", value: digest },
    ...(sizeBytes === null ? [] : [{ name: "ajar:bytes", value: String(sizeBytes) }]),
  ];
}

/** Licenses that a parent states, as its host or the catalogue has them. */
function licensesStated(licenses: readonly string[]): { readonly [key: string]: Json } {
  return licenses.length === 0
    ? {}
    : { licenses: licenses.map((id) => licenseOf({ id, acknowledgement: "declared", scope: [], places: [] })) };
}

/** Models that the release is made from, each with its own parents; a node is opened up once, as chains can lead back. */
function pedigreeOf({ nodes, edges }: BomLineage): { readonly [key: string]: Json } {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const opened = new Set<string | null>();
  let count = 0;
  const above = (child: string | null): { readonly [key: string]: Json } => {
    if (opened.has(child)) return {};
    opened.add(child);
    const from = edges.filter((edge) => edge.child === child && byId.get(edge.parent)?.isData === false);
    const parents = new Map(from.map(({ parent }) => [parent, byId.get(parent)]));
    if (from.length === 0) return {};
    const ancestors = [...parents].map(([id, node]) => ({
      type: "machine-learning-model",
      "bom-ref": `ancestor-${count++}`,
      name: node?.name ?? id,
      ...licensesStated(node?.licenses ?? []),
      ...above(id),
    }));
    return { pedigree: { ancestors, notes: from.map(({ relation, parent }) => `${relation}: ${parent}`).join("; ") } };
  };
  return above(null);
}

function modelOf(report: Report, lineage: BomLineage): Json {
  const licenses = releaseLicenses(report);
  return {
    type: "machine-learning-model",
    "bom-ref": MODEL,
    name: releaseName(report),
    version: releaseVersion(report),
    ...(licenses.length === 0 ? {} : { licenses: licenses.map(licenseOf) }),
    ...pedigreeOf(lineage),
    externalReferences: referencesOf(report),
    modelCard: modelCardOf(report, lineage),
    properties: propertiesOf(report),
  };
}

/** Ids of the SPDX list go in `id`; every other name, AI licenses among them, in `name`. */
function licenseOf({ id, acknowledgement, scope, places }: BomLicense): Json {
  const known = (spdxIds as readonly string[]).includes(id);
  const properties = [...scope.map((value) => ({ name: "ajar:scope", value })), ...places.map((value) => ({ name: "ajar:place", value }))];
  return { license: { ...(known ? { id } : { name: id }), acknowledgement, ...(properties.length === 0 ? {} : { properties }) } };
}

/** Addresses where components are; a reference must be an IRI, so paths are left to the files. */
function referencesOf(report: Report): readonly Json[] {
  const seen = new Set<string>();
  return report.components.flatMap(({ id, places }) =>
    places
      .filter((place) => /^https?:\/\/[^\s<>"{}|\\^`]+$/u.test(place) && !seen.has(place) && seen.add(place))
      .map((url) => ({ type: id === "model-card" ? "model-card" : id === "paper" ? "documentation" : "other", url, comment: id })),
  );
}

function modelCardOf(report: Report, lineage: BomLineage): Json {
  const datasets = dataSets(lineage).map((_, index) => ({ ref: `data-${index}` }));
  const energy = energyOf(report);
  return {
    modelParameters: { ...(datasets.length === 0 ? {} : { datasets }) },
    ...(energy === null ? {} : { considerations: { environmentalConsiderations: { energyConsumptions: [energy] } } }),
    properties: report.statements.quantities.map(({ quantity, subject, value, unit, stated }) => ({
      name: `ajar:stated:${quantity}${subject === "" ? "" : `:${subject}`}`,
      value: stated === "" ? `${value} ${unit}` : stated,
    })),
  };
}

/** The card's own figures for training, where it states energy in kWh; emissions alone have no place in the schema. */
function energyOf(report: Report): Json {
  const energy = report.statements.quantities.find(({ quantity, unit }) => quantity === "energy" && unit === "kWh");
  if (energy === undefined) return null;
  const emissions = report.statements.quantities.find(({ quantity, unit }) => quantity === "emissions" && unit === "tCO2eq");
  return {
    activity: "training",
    energyProviders: [
      { organization: { name: "not stated" }, energySource: "unknown", energyProvided: { value: energy.value, unit: "kWh" } },
    ],
    activityEnergyCost: { value: energy.value, unit: "kWh" },
    ...(emissions === undefined ? {} : { co2CostEquivalent: { value: emissions.value, unit: "tCO2eq" } }),
  };
}

function propertiesOf(report: Report): readonly Json[] {
  const phrases = new Phrases("en");
  return [
    { name: "ajar:target", value: report.target.ref },
    { name: "ajar:digest", value: report.target.digest },
    { name: "ajar:rules", value: report.tool.rules },
    { name: "ajar:complete", value: String(report.coverage.complete) },
    { name: "ajar:word", value: report.headline.word },
    { name: "ajar:label", value: report.headline.label },
    ...report.verdicts.map(({ standard, profile, result, level }) => ({
      name: `ajar:verdict:${standard}${profile === undefined ? "" : `:${profile}`}`,
      value: level === undefined ? result : `${result}; ${level}`,
    })),
    ...report.components.map(({ id, availability, openness }) => ({ name: `ajar:component:${id}`, value: `${availability}; ${openness}` })),
    ...report.findings
      .filter(({ ruleId }) => !VULNERABILITIES.test(ruleId))
      .map(({ ruleId, severity, message }) => ({ name: `ajar:finding:${ruleId}`, value: `${severity}: ${phrases.tell(message)}` })),
  ];
}

function vulnerabilitiesOf(report: Report, files: readonly BomFile[]): readonly Json[] {
  const phrases = new Phrases("en");
  const sources = new Map(report.evidence.map(({ id, source }) => [id, source]));
  const known = new Set(files.map(({ ref }) => ref));
  const refOf = (path: string, evidence: readonly string[]): string => {
    const source = sources.get(evidence[0] ?? "");
    const refs = [path, outerPath(path)].flatMap((one) => [`file:${one}`, `file:${source}:${one}`]);
    return refs.find((ref) => known.has(ref)) ?? MODEL;
  };
  return report.findings
    .filter(({ ruleId }) => VULNERABILITIES.test(ruleId))
    .map(({ ruleId, severity, message, path = "", evidence, setAside }, index) => ({
      "bom-ref": `finding-${index}`,
      id: ruleId,
      source: { name: "Ajar" },
      ratings: [{ source: { name: "Ajar" }, severity: RATINGS[severity], method: "other" }],
      description: phrases.tell(message),
      ...told("detail", lookup(`finding.${ruleId}.means`, "en")),
      ...told("recommendation", lookup(`finding.${ruleId}.do`, "en")),
      ...(setAside === undefined ? {} : { analysis: { detail: phrases.setAside(setAside) } }),
      affects: [{ ref: refOf(path, evidence) }],
    }));
}

function told(field: string, text: string | undefined): { readonly [key: string]: Json } {
  return text === undefined ? {} : { [field]: text };
}
