// Options, operands and the configuration file become audits to run. The pipeline is loaded only when one runs.
import type { AuditPart, AuditRequest } from "../audit/audit.ts";
import { AjarError } from "../core/errors.ts";
import { type Report, STANDARD_IDS, type StandardId } from "../core/report.ts";
import { DEFAULT_LIMITS, type SourceContext, type SourceLimits, type SourcePart } from "../core/source.ts";
import type { CommandContext } from "./command.ts";

export interface PlannedAudit {
  readonly reference: string;
  readonly run: (progress: (message: string) => void) => Promise<Report>;
}

const PARTS = ["code", "data", "docs", "weights"] as const satisfies readonly SourcePart[];

/** The audits that a command line asks for: one, or one for each line of stdin with `-`. @throws AjarError BAD_OPTION | BAD_CONFIG | BAD_REFERENCE */
export async function auditRequests(context: CommandContext): Promise<readonly PlannedAudit[]> {
  const [operand] = context.operands;
  const extra = PARTS.flatMap((part) => context.options.list(part).map((reference): AuditPart => ({ part, reference })));
  if (operand === "-") return (await listedTargets(context)).map((reference) => planned([{ part: "all", reference }, ...extra], context));
  const main = operand === undefined ? [] : [{ part: "all" as const, reference: withRevision(operand, context.options.text("rev")) }];
  const given = [...main, ...extra];
  const parts = await partsFromConfig(given, context);
  const [first, ...rest] = parts;
  if (first === undefined) {
    throw new AjarError("BAD_OPTION", "there is nothing to audit", {
      subject: "TARGET",
      hint: "Name a folder, an archive, hf:owner/name, npm:name, pypi:name or a git URL. See ajar audit --help.",
    });
  }
  return [planned([first, ...rest], context)];
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

/** `--rev REV` is another way to write `TARGET@REV`. */
function withRevision(reference: string, revision: string | undefined): string {
  return revision === undefined ? reference : `${reference}@${revision}`;
}

async function partsFromConfig(given: readonly AuditPart[], _context: CommandContext): Promise<readonly AuditPart[]> {
  return given;
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
  const base = { parts, context: sourceContext(context, progress), acceptClaims: options.flag("accept-claims") === true };
  return asked.length === 0 ? base : { ...base, standards };
}

function sourceContext(context: CommandContext, progress: (message: string) => void): SourceContext {
  const { options, env, cwd, signal } = context;
  const seconds = options.number("timeout");
  const limits: SourceLimits = {
    ...DEFAULT_LIMITS,
    maxBytes: options.number("max-bytes") ?? DEFAULT_LIMITS.maxBytes,
    maxArchiveDepth: options.number("max-archive-depth") ?? DEFAULT_LIMITS.maxArchiveDepth,
    timeoutMs: seconds === undefined ? DEFAULT_LIMITS.timeoutMs : seconds * 1000,
  };
  return { env, cwd, signal, limits, progress, offline: options.flag("offline") === true };
}
