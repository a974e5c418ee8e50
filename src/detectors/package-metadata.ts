// Licenses stated by package metadata: package.json, Python METADATA, pyproject.toml, CITATION.cff.
import type { LicenseScope } from "../core/component.ts";
import type { LicenseFact } from "../core/fact.ts";
import type { Artifact } from "../core/inventory.ts";
import type { LicenseRecord } from "../core/license.ts";
import { parseExpression } from "../licenses/expression.ts";
import { licenseByName } from "../licenses/records.ts";
import type { Detector, DetectorContext } from "./detector.ts";
import { detectorName, linesEvidence } from "./support/observe.ts";

interface Stated {
  readonly value: string;
  readonly line: number;
}

/** Lines of a metadata file that may hold its license; the long description comes after. */
const MAX_LINES = 400;

export const detector: Detector = {
  id: "package-metadata",
  version: 1,
  async detect(context) {
    const files = context.source.artifacts.filter(({ roles, text }) => roles.includes("package-metadata") && text !== null);
    return { facts: files.flatMap((artifact) => factsOf(context, artifact)), findings: [] };
  },
};

function factsOf(context: DetectorContext, artifact: Artifact): readonly LicenseFact[] {
  return statedIn(artifact).flatMap((stated) => licensesOf(stated.value).map((license) => factOf(context, artifact, stated, license)));
}

interface Named {
  readonly license: LicenseRecord | null;
  readonly choice: boolean;
}

/** The licenses of an SPDX expression: those of `A OR B` are for the reader to choose from. */
function licensesOf(value: string): readonly Named[] {
  // Classifiers add a short name: `GNU General Public License v3 (GPLv3)`.
  const known = licenseByName(value) ?? licenseByName(value.replace(/\s*\([^()]*\)$/u, ""));
  const parsed = known === null && /\s(?:or|and)\s/iu.test(value) ? parseExpression(value) : null;
  if (parsed === null || !parsed.ok) return [{ license: known, choice: false }];
  return parsed.licenses.map(({ license }) => ({ license, choice: parsed.expression.kind === "or" }));
}

function factOf(context: DetectorContext, artifact: Artifact, { value, line }: Stated, { license, choice }: Named): LicenseFact {
  return {
    kind: "license",
    statement: "metadata",
    license,
    stated: value,
    covers: coversOf(context),
    said: [],
    whole: true,
    ...(choice ? { choice: value } : {}),
    components: [],
    folder:
      artifact.path.includes("/") && !/\.dist-info\//iu.test(artifact.path) ? artifact.path.slice(0, artifact.path.lastIndexOf("/")) : "",
    thirdParty: artifact.thirdParty,
    evidence: [linesEvidence(context, artifact, { start: line, end: line }, value, "config")],
    detector: detectorName(detector),
  };
}

/** A package's license holds for the package, weights in it included; in a repository it speaks of the code that is packaged. */
function coversOf(context: DetectorContext): readonly LicenseScope[] {
  return context.source.kind === "npm" || context.source.kind === "pypi" ? [] : ["code"];
}

function statedIn({ path, text }: Artifact): readonly Stated[] {
  if (text === null) return [];
  if (/(?:^|\/)package\.json$/iu.test(path)) return inPackageJson(text);
  const lines = text.split("\n").slice(0, MAX_LINES);
  if (/(?:^|\/)pkg-info$|\.dist-info\/metadata$/iu.test(path)) return inHeaders(lines);
  return lines.flatMap((line, at) => {
    const value = (STATED.exec(line)?.[1] ?? CLASSIFIER.exec(line)?.[1])?.trim();
    return value === undefined || value === "" ? [] : [{ value, line: at + 1 }];
  });
}

// license = "MIT", license = { text = "MIT" }, license: Apache-2.0, license="MIT",
const STATED = /^\s{0,8}license\s{0,4}[=:]\s{0,4}(?:\{\s{0,4}text\s{0,4}=\s{0,4})?["']?([A-Za-z0-9][\w .+()-]{1,60})["']?/u;

/** Source: https://pypi.org/classifiers/; the name behind `License ::` and the approving body. */
const CLASSIFIER = /^\s{0,8}["']License\s{0,2}::\s{0,2}(?:OSI Approved\s{0,2}::\s{0,2})?([A-Za-z0-9][\w .()-]{2,80})["']/u;

function inPackageJson(text: string): readonly Stated[] {
  try {
    const data: unknown = JSON.parse(text);
    const fields = new Map<string, unknown>(typeof data === "object" && data !== null ? Object.entries(data) : []);
    const old = fields.get("licenses");
    const values = [fields.get("license"), ...(Array.isArray(old) ? old.slice(0, MAX_LICENSES) : [])].map(nameIn);
    const line = text.slice(0, Math.max(0, text.search(/"licenses?"/u))).split("\n").length;
    return values.flatMap((value) => (value === "" ? [] : [{ value, line }]));
  } catch {
    return [];
  }
}

/** Licenses of the old list form. */
const MAX_LICENSES = 10;

/** npm's forms: a text, or the old `{ type, url }`. */
function nameIn(value: unknown): string {
  if (typeof value === "string") return value.trim();
  const type = typeof value === "object" && value !== null && "type" in value ? value.type : undefined;
  return typeof type === "string" ? type.trim() : "";
}

/** RFC 822 style headers up to the first empty line. */
function inHeaders(lines: readonly string[]): readonly Stated[] {
  const stated: Stated[] = [];
  for (const [at, line] of lines.entries()) {
    if (line.trim() === "") break;
    const value = /^(?:License|License-Expression):\s*(.{1,100})$/iu.exec(line)?.[1]?.trim();
    const classified = /^Classifier:\s*License\s*::\s*(?:OSI Approved\s*::\s*)?(.{1,80})$/iu.exec(line)?.[1]?.trim();
    if (value !== undefined && value !== "UNKNOWN") stated.push({ value, line: at + 1 });
    else if (classified !== undefined && stated.length === 0) stated.push({ value: classified, line: at + 1 });
  }
  return stated;
}
