// What the formats of a report have to keep to: official schemas and readers, one check a format.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Spec, Validation } from "@cyclonedx/cyclonedx-library";
import { Ajv } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import type { Log } from "sarif";
import { parse } from "yaml";
import type { FormatId } from "../../src/reports/formats.generated.ts";
import { textWidth } from "../../src/reports/width.ts";
import { packageRoot } from "../../src/rules/load.ts";
import { pythonWith } from "./python.ts";

type Check = (text: string) => readonly string[] | Promise<readonly string[]>;

/** Problems with a report in a format; none where it keeps to what the format asks. SPDX has `problemsInSpdx`. */
export function problemsIn(format: Exclude<FormatId, "spdx">, text: string): Promise<readonly string[]> {
  return Promise.resolve(CHECKS[format](text));
}

const CHECKS: Readonly<Record<Exclude<FormatId, "spdx">, Check>> = {
  json: (text) => ajvProblems(reportValidator(), JSON.parse(text)),
  cyclonedx: (text) => cyclonedxProblems(text, Spec.Version.v1dot6),
  "cyclonedx-1.7": (text) => cyclonedxProblems(text, Spec.Version.v1dot7),
  sarif: sarifProblems,
  junit: junitProblems,
  "badge-svg": (text) => (XMLValidator.validate(text) === true ? [] : ["is no well-formed XML"]),
  // https://shields.io/badges/endpoint-badge
  "badge-json": (text) => sameKeys(Object.keys(JSON.parse(text)), ["color", "label", "message", "schemaVersion"]),
  "mot-yaml": recordProblems,
  "osaii-yaml": recordProblems,
  csv: csvProblems,
  html: htmlProblems,
  markdown: (text) => (/^# .+/u.test(text) && !text.includes("undefined") ? [] : ["does not begin with a title"]),
  // The first line is the reference, whole, to be copied.
  table: (text) => text.split("\n").flatMap((line, at) => (at > 0 && textWidth(line) > 80 ? [`line ${at + 1} is wider than 80`] : [])),
};

function ajvProblems(validate: ReturnType<Ajv["compile"]>, value: unknown): readonly string[] {
  return validate(value) ? [] : (validate.errors ?? []).map(({ instancePath, message = "" }) => `${instancePath} ${message}`);
}

function reportValidator(): ReturnType<Ajv["compile"]> {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  return ajv.compile(JSON.parse(readFileSync(join(packageRoot, "schema/report.schema.json"), "utf8")));
}

async function cyclonedxProblems(text: string, version: Spec.Version): Promise<readonly string[]> {
  const problem = await new Validation.JsonStrictValidator(version).validate(text);
  return problem === null ? [] : [JSON.stringify(problem)];
}

/** The schema, and the limits of code scanning: https://docs.github.com/en/code-security/reference/code-scanning/sarif-support-for-code-scanning */
function sarifProblems(text: string): readonly string[] {
  const log = JSON.parse(text) as Log;
  const results = log.runs.flatMap((run) => run.results ?? []);
  return [
    ...ajvProblems(sarifValidator(), log),
    ...(results.length > 5000 ? [`${results.length} results`] : []),
    ...results.flatMap(({ locations = [], partialFingerprints = {} }) => [
      ...(locations.length === 0 ? ["a result has no location"] : []),
      ...(/^[0-9a-f]{64}$/u.test(partialFingerprints["ajarFinding/v1"] ?? "") ? [] : ["a result has no fingerprint"]),
      ...locations.flatMap(({ physicalLocation }) => {
        const uri = physicalLocation?.artifactLocation?.uri ?? "";
        return /^[a-z]+:|^\//iu.test(uri) ? [`${uri} is not relative`] : [];
      }),
    ]),
  ];
}

function sarifValidator(): ReturnType<Ajv["compile"]> {
  const file = createRequire(import.meta.url).resolve("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json");
  // Draft 4 spells the id without a dollar; the rest is the same in draft 7.
  const { $schema: _, id: __, ...schema } = JSON.parse(readFileSync(file, "utf8"));
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats.default(ajv);
  return ajv.compile(schema);
}

function junitProblems(xml: string): readonly string[] {
  if (XMLValidator.validate(xml) !== true) return ["is no well-formed XML"];
  const parsed = new XMLParser({ ignoreAttributes: false, isArray: (name) => name === "testsuite" || name === "testcase" }).parse(xml);
  const suites = parsed.testsuites.testsuite as readonly { readonly testcase?: readonly Record<string, unknown>[] }[];
  const cases = suites.flatMap((suite) => suite.testcase ?? []);
  const counted: readonly (readonly [string, number])[] = [
    ["tests", cases.length],
    ["failures", cases.filter((one) => "failure" in one).length],
  ];
  return counted.flatMap(([name, count]) => {
    const stated = Number(parsed.testsuites[`@_${name}`]);
    return stated === count ? [] : [`says ${stated} ${name}, has ${count}`];
  });
}

function recordProblems(text: string): readonly string[] {
  const record: unknown = parse(text);
  const ajar = typeof record === "object" && record !== null ? Reflect.get(record, "ajar") : null;
  return typeof ajar === "object" && ajar !== null && typeof Reflect.get(ajar, "digest") === "string"
    ? []
    : ["does not say which release it is about"];
}

function sameKeys(found: readonly string[], wanted: readonly string[]): readonly string[] {
  return [...found].sort().join() === wanted.join() ? [] : [`has ${found.join(", ")}`];
}

/** RFC 4180: every record has as many fields as the first. */
function csvProblems(text: string): readonly string[] {
  const records = text.match(/(?:"(?:[^"]|"")*"|[^"\n])*\n/gu) ?? [];
  const counts = records.map((record) => record.replace(/"(?:[^"]|"")*"/gu, "").split(",").length);
  const [first] = counts;
  return [
    ...(records.join("") === text ? [] : ["has a field without an end"]),
    ...counts.flatMap((count, at) => (count === first ? [] : [`record ${at + 1} has ${count} fields`])),
  ];
}

/** One file that loads nothing and runs nothing; what stands in quotes and between tags is text. */
function htmlProblems(text: string): readonly string[] {
  const tags = text.replace(/="[^"]*"/gu, '=""').match(/<[a-z!/][^<>]*>/giu) ?? [];
  const active = /^<(?:script|img|iframe|link|form|object|embed|base)\b|\s(?:on\w+|style)=/iu;
  return [
    ...(text.startsWith("<!doctype html>") ? [] : ["has no doctype"]),
    ...(text.includes("default-src 'none'") ? [] : ["has no policy"]),
    ...tags.filter((tag) => active.test(tag)).map((tag) => `holds ${tag}`),
  ];
}

const python = pythonWith("spdx-python-model==0.0.6");
export const canCheckSpdx: boolean = python !== null;

/** Problems with SPDX documents, by the model that SPDX generates from its specification. Python starts once for all of them. */
export function problemsInSpdx(documents: ReadonlyMap<string, string>): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), "ajar-spdx-"));
  try {
    const files = [...documents].map(([name, text], at) => {
      const file = join(folder, `${at}-${name.replace(/[^\w.-]/gu, "_")}.spdx.json`);
      writeFileSync(file, text);
      return file;
    });
    const { status, stdout, stderr } = spawnSync(python ?? "", [join(import.meta.dirname, "check-spdx.py"), ...files], {
      encoding: "utf8",
    });
    if (status !== 0 || stderr !== "") return [stderr.trim()];
    const read = stdout.trim().split("\n").length;
    return read === files.length ? [] : [`${read} of ${files.length} documents were read`];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
