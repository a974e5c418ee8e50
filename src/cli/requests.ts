// Options, operands and the configuration file become audits to run. The pipeline is loaded only when one runs.
import type { AuditRequest } from "../audit/audit.ts";
import { auditContext } from "../audit/context.ts";
import type { AuditPart } from "../audit/observe.ts";
import { AjarError } from "../core/errors.ts";
import { type Report, STANDARD_IDS, type StandardId } from "../core/report.ts";
import { DEFAULT_LIMITS, type SourceContext } from "../core/source.ts";
import { parseParent } from "../sources/parts.ts";
import type { CommandContext } from "./command.ts";
import type { Configured } from "./configuration.ts";

export interface PlannedAudit {
  readonly reference: string;
  readonly run: (progress: (message: string) => void) => Promise<Report>;
}

/** The audits that a completed command line asks for: one, or one for each line of stdin with `-`. @throws AjarError BAD_OPTION */
export async function auditRequests({ context, parts }: Configured): Promise<readonly PlannedAudit[]> {
  const [first, ...rest] = parts;
  if (first === undefined) {
    throw new AjarError("BAD_OPTION", "there is nothing to audit", {
      subject: "TARGET",
      hint: "Name a folder, an archive, hf:owner/name, npm:name, pypi:name or a git URL. See ajar audit --help.",
    });
  }
  if (context.operands[0] === "-")
    return (await listedTargets(context)).map((reference) => planned([{ part: "all", reference }, ...rest], context));
  const revision = context.options.text("rev");
  const main: AuditPart = { part: first.part, reference: revision === undefined ? first.reference : `${first.reference}@${revision}` };
  return [planned([main, ...rest], context)];
}

async function listedTargets(context: CommandContext): Promise<readonly string[]> {
  if (context.options.text("rev") !== undefined) {
    throw new AjarError("BAD_OPTION", "cannot be used with a list of targets", {
      subject: "--rev",
      hint: "Write each target as TARGET@REV.",
    });
  }
  const lines = (await context.readStdin()).split(/\r?\n/u).map((line) => line.trim());
  const targets = lines.filter((line) => line !== "" && !line.startsWith("#"));
  if (targets.length === 0)
    throw new AjarError("BAD_OPTION", "the list on standard input is empty", { subject: "-", hint: "Write one target a line." });
  return targets;
}

function planned(parts: readonly [AuditPart, ...AuditPart[]], context: CommandContext): PlannedAudit {
  return {
    reference: parts[0].reference,
    run: async (progress) => {
      const { audit } = await import("../audit/audit.ts");
      return await audit(request(parts, context, progress));
    },
  };
}

function request(parts: readonly [AuditPart, ...AuditPart[]], context: CommandContext, progress: (message: string) => void): AuditRequest {
  const { options } = context;
  const asked = options.list("standard");
  const standards = STANDARD_IDS.filter((id: StandardId) => asked.includes(id));
  const follow = options.flag("follow");
  const base = {
    parts,
    context: sourceContext(context, progress),
    acceptClaims: options.flag("accept-claims") === true,
    include: options.list("include"),
    exclude: options.list("exclude"),
    parents: options.list("parent").map(parseParent),
    ...(follow === undefined ? {} : { follow }),
    ...(options.text("digests") === "full" ? ({ digests: "full" } as const) : {}),
    ...rowsOf(options.text("rows")),
  };
  return asked.length === 0 ? base : { ...base, standards };
}

/** How much of the data an audit reads. */
function rowsOf(word: string | undefined): Pick<AuditRequest, "rows"> {
  return word === "sample" || word === "full" ? { rows: word } : {};
}

/** What the sources of a command may see of the world. */
export function sourceContext(context: CommandContext, progress: (message: string) => void): SourceContext {
  const { options, env, cwd, signal } = context;
  const seconds = options.number("timeout");
  const limits = {
    maxBytes: options.number("max-bytes") ?? DEFAULT_LIMITS.maxBytes,
    maxArchiveDepth: options.number("max-archive-depth") ?? DEFAULT_LIMITS.maxArchiveDepth,
    timeoutMs: seconds === undefined ? DEFAULT_LIMITS.timeoutMs : seconds * 1000,
  };
  return auditContext({ env, cwd, signal, limits, progress, offline: options.flag("offline") === true });
}
