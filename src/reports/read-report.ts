// A saved report back into its type. Reports are files that anyone may have written: nothing in them is trusted but their shape.
import { AjarError } from "../core/errors.ts";
import { type Report, SCHEMA_VERSION } from "../core/report.ts";
import { parseReport } from "./schema.ts";

/** Reports of whole families take some megabytes. */
export const MAX_REPORT_BYTES = 256 * 1024 ** 2;

/** The reports in a JSON text: one, or the list that `ajar audit - -f json` writes. @throws AjarError BAD_REPORT saying what is wrong and where */
export function readReports(json: string, subject: string): readonly [Report, ...Report[]] {
  const value = parsed(json, subject);
  const [first, ...others] = Array.isArray(value) ? value.filter((item) => !isFailure(item)) : [value];
  if (first === undefined) throw refused(subject, "holds no report");
  return [readReport(first, subject), ...others.map((item) => readReport(item, subject))];
}

/** The same, with the reason in place of each report that cannot be read. */
export function readEachReport(json: string, subject: string): readonly (Report | AjarError)[] {
  try {
    const value = parsed(json, subject);
    return (Array.isArray(value) ? value : [value]).map((item) => {
      if (isFailure(item)) return refused(subject, "holds the error of an audit in place of its report");
      return orRefusal(() => readReport(item, subject));
    });
  } catch (failure) {
    return [asRefusal(failure)];
  }
}

function orRefusal(read: () => Report): Report | AjarError {
  try {
    return read();
  } catch (failure) {
    return asRefusal(failure);
  }
}

function asRefusal(failure: unknown): AjarError {
  if (failure instanceof AjarError) return failure;
  throw failure;
}

function parsed(json: string, subject: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw refused(subject, "not JSON", cause);
  }
}

/** Where one of a list of targets failed, `ajar audit -` writes an error in its place. */
function isFailure(item: unknown): boolean {
  return typeof item === "object" && item !== null && "error" in item;
}

function readReport(value: unknown, subject: string): Report {
  const version = typeof value === "object" && value !== null ? Reflect.get(value, "schemaVersion") : undefined;
  if (typeof version !== "string") throw refused(subject, "not a report of Ajar: it has no schemaVersion");
  const [major] = SCHEMA_VERSION.split(".");
  if (version.split(".")[0] !== major) throw refused(subject, `schema version ${version}; this Ajar reads ${major}.x`);
  const read = parseReport(value);
  if ("problem" in read) throw refused(subject, `${read.place}: ${read.problem}`);
  return read.report;
}

function refused(subject: string, problem: string, cause?: unknown): AjarError {
  const hint = "Give a file that ajar audit -f json wrote; ajar schema report has its form.";
  return new AjarError("BAD_REPORT", problem, { subject, hint, cause });
}
