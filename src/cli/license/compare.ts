import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { AjarError, EXIT, type ExitCode } from "../../core/errors.ts";
import type { LicenseMatch } from "../../core/license.ts";
import type { TermsRecord } from "../../core/terms.ts";
import { identifyLicenses } from "../../licenses/identify.ts";
import { licenseById, licenseByName } from "../../licenses/records.ts";
import { compareTerms } from "../../licenses/terms/compare.ts";
import { termsOf } from "../../licenses/terms/terms.ts";
import { toJson } from "../../reports/json.ts";
import { type ComparedSide, renderComparison, type TermsComparison } from "../../reports/terms/comparison.ts";
import type { CommandContext } from "../command.ts";
import { readInput } from "../input.ts";
import { badOption } from "../options.ts";
import { columnsOf, wantsColor } from "../terminal.ts";
import { LICENSE_INPUT } from "./input.ts";

/** `ajar license --compare A B`. Exit code 3 when one of them is no license whose terms were read. @throws AjarError */
export async function compare(context: CommandContext): Promise<ExitCode> {
  const [first = "", second] = context.operands;
  if (second === undefined) throw badOption("OTHER", "is missing", "Write ajar license --compare A B.");
  const a = await sideOf(first, context);
  const b = await sideOf(second, context);
  const topics = a.terms === null || b.terms === null ? null : compareTerms(a.terms, b.terms);
  const comparison: TermsComparison = { a: a.side, b: b.side, topics };
  const options = {
    language: context.language,
    verbose: true,
    color: wantsColor(context, context.stdout),
    width: columnsOf(context.stdout),
  };
  const isJson = context.options.text("format") === "json";
  await context.stdout.write(isJson ? toJson(comparison) : renderComparison(comparison, options));
  return topics === null ? EXIT.incomplete : EXIT.ok;
}

interface Side {
  readonly side: ComparedSide;
  readonly terms: TermsRecord | null;
}

/** A license by id or name, else the license that a file is. Ids come first: a file named MIT is ./MIT. */
async function sideOf(asked: string, context: CommandContext): Promise<Side> {
  const license = licenseById(asked) ?? licenseByName(asked);
  if (license !== null) return known(asked, license.id);
  if (asked !== "-" && !/[/\\]/u.test(asked) && !existsSync(resolve(context.cwd, asked))) {
    const hint = "Names of families (gpl, openrail) stand for several licenses; ajar explain knows the ids. A file needs to exist.";
    throw new AjarError("UNKNOWN_ID", "no license has this id or name, and there is no such file", { subject: asked, hint });
  }
  return identified(asked, identifyLicenses(await readInput(asked, context, LICENSE_INPUT)));
}

function known(asked: string, id: string): Side {
  const terms = termsOf(id);
  if (terms === null) return { side: { asked, license: id, state: "unread" }, terms };
  const digest = terms.textDigest === undefined ? {} : { textDigest: terms.textDigest };
  return { side: { asked, license: id, state: terms.basis, ...digest }, terms };
}

function identified(asked: string, matches: readonly LicenseMatch[]): Side {
  const nothing = (state: ComparedSide["state"], found: readonly string[] = []): Side => ({
    side: { asked, license: null, state, ...(found.length === 0 ? {} : { found }) },
    terms: null,
  });
  const ids = [...new Set(matches.flatMap((match) => (match.outcome === "identified" ? [match.license.id] : [])))];
  const changed = matches.flatMap((match) => (match.outcome === "modified" ? [match.base.id] : []));
  if (changed.length > 0) return nothing("modified", changed);
  if (matches.some(({ outcome }) => outcome === "unknown-license")) return nothing("unknown");
  const [only] = ids;
  if (only === undefined) return nothing("nothing");
  return ids.length === 1 ? known(asked, only) : nothing("several", ids);
}
