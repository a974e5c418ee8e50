// The library: the same audit that the command line runs, with the same types.
export { type AuditRequest, audit } from "./audit/audit.ts";
export { auditContext, type ContextOptions } from "./audit/context.ts";
export type { AuditPart } from "./audit/observe.ts";
export { type ScanRequest, scan } from "./audit/scan/scan.ts";
export { releaseChain } from "./chain/block.ts";
export { effectiveTerms } from "./chain/effective.ts";
export type { TermsSource } from "./chain/terms-table.ts";
export type {
  ChainEdge,
  ChainNode,
  ChainStep,
  EffectiveCondition,
  EffectiveDuty,
  EffectiveTerms,
  EffectiveUse,
  Ground,
  Reach,
  Relation,
  ReleaseChain,
  TermOrigin,
} from "./core/chain.ts";
export type { Availability, ComponentId, LicenseScope, Openness } from "./core/component.ts";
export { AjarError, type ErrorCode, EXIT, type ExitCode } from "./core/errors.ts";
export type { Evidence, EvidenceMethod, Span } from "./core/evidence.ts";
export type { LicenseMatch, LicenseRecord, Restriction } from "./core/license.ts";
export type {
  ChainReport,
  ComponentReport,
  Coverage,
  CriterionResult,
  FindingReport,
  Gap,
  Headline,
  LicenseReport,
  Message,
  Outcome,
  Report,
  StandardId,
  Verdict,
} from "./core/report.ts";
export type { CoverageCode, FormatRisk, LoadState, ScanCoverage, ScannedFile, ScanReport } from "./core/scan.ts";
export type { SourceContext, SourceLimits, SourcePart } from "./core/source.ts";
export type {
  Clause,
  Condition,
  Duty,
  DutyKind,
  Effect,
  Flow,
  FlowTerm,
  Measure,
  ModelKind,
  Permission,
  Purpose,
  Scope,
  SizeLimit,
  StandingTerm,
  TermsRecord,
  Trigger,
  Use,
  UseTerm,
} from "./core/terms.ts";
export { termsOf } from "./licenses/terms/terms.ts";
export type { Language } from "./reports/language.ts";
export { type ReportFormat, renderReport } from "./reports/render-report.ts";
export type { ReportOptions } from "./reports/report-options.ts";
