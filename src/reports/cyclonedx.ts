// CycloneDX ML-BOM: https://cyclonedx.org/docs/1.6/json/ and 1.7. The library that writes CycloneDX has no model card, so this is written here
// and held to the official schemas in tests.
import spdxIds from "spdx-license-ids/index.json" with { type: "json" };
import type { Report, Severity } from "../core/report.ts";
import { type BomLicense, dataSetsOf, evidencedFiles, parentsOf, releaseLicenses, releaseName, releaseVersion, stableUuid } from "./bom.ts";
import { toJson } from "./json.ts";
import { Phrases } from "./phrases.ts";

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

const RATINGS: Readonly<Record<Severity, string>> = { critical: "critical", high: "high", medium: "medium", low: "low", info: "info" };
/** Findings of these areas speak of what loading a file can do; the others are no vulnerabilities. */
const VULNERABILITIES = /^(?:safety|formats)\//u;
const MODEL = "model";

/** One release as a bill of materials; no time of creation, so that the same report gives the same bytes. */
export function cycloneDx(report: Report, specVersion: "1.6" | "1.7"): string {
  const files = evidencedFiles(report);
  const vulnerabilities = vulnerabilitiesOf(report);
  return toJson({
    $schema: `http://cyclonedx.org/schema/bom-${specVersion}.schema.json`,
    bomFormat: "CycloneDX",
    specVersion,
    serialNumber: `urn:uuid:${stableUuid(report, `cyclonedx ${specVersion}`)}`,
    version: 1,
    metadata: {
      tools: { components: [{ type: "application", name: "Ajar", version: report.tool.version }] },
      component: modelOf(report),
    },
    components: [
      ...dataSetsOf(report).map(({ target }, index) => ({
        type: "data",
        "bom-ref": `data-${index}`,
        name: target,
        data: [{ type: "dataset", name: target }],
      })),
      ...files.map(({ path, sha256 }) => ({
        type: "file",
        "bom-ref": `file:${path}`,
        name: path,
        hashes: [{ alg: "SHA-256", content: sha256 }],
      })),
    ],
    compositions: [{ aggregate: report.coverage.complete ? "incomplete_first_party_only" : "unknown", assemblies: [MODEL] }],
    ...(vulnerabilities.length === 0 ? {} : { vulnerabilities }),
  });
}

function modelOf(report: Report): Json {
  const parents = parentsOf(report);
  const licenses = releaseLicenses(report);
  return {
    type: "machine-learning-model",
    "bom-ref": MODEL,
    name: releaseName(report),
    version: releaseVersion(report),
    ...(licenses.length === 0 ? {} : { licenses: licenses.map(licenseOf) }),
    ...(parents.length === 0
      ? {}
      : {
          pedigree: {
            ancestors: parents.map(({ target }, index) => ({
              type: "machine-learning-model",
              "bom-ref": `ancestor-${index}`,
              name: target,
            })),
            notes: parents.map(({ relation, target }) => `${relation}: ${target}`).join("; "),
          },
        }),
    externalReferences: referencesOf(report),
    modelCard: modelCardOf(report),
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

function modelCardOf(report: Report): Json {
  const datasets = dataSetsOf(report).map((_, index) => ({ ref: `data-${index}` }));
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

function vulnerabilitiesOf(report: Report): readonly Json[] {
  const phrases = new Phrases("en");
  const files = new Set(evidencedFiles(report).map(({ path }) => path));
  return report.findings
    .filter(({ ruleId }) => VULNERABILITIES.test(ruleId))
    .map(({ ruleId, severity, message, path = "" }, index) => ({
      "bom-ref": `finding-${index}`,
      id: ruleId,
      source: { name: "Ajar" },
      ratings: [{ source: { name: "Ajar" }, severity: RATINGS[severity], method: "other" }],
      description: phrases.tell(message),
      affects: [{ ref: files.has(path) ? `file:${path}` : MODEL }],
    }));
}
