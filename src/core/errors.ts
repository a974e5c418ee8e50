// Every failure Ajar can name. A code is stable: scripts match on it and `ajar explain CODE` describes it.

/** What the process exits with. Fixed and documented in docs/cli.md; 1 beats 3 when both hold. */
export const EXIT = {
  ok: 0,
  policy: 1,
  usage: 2,
  incomplete: 3,
  nothing: 4,
  offline: 5,
  bug: 70,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

type UsageCode = "UNKNOWN_COMMAND" | "UNKNOWN_OPTION" | "BAD_OPTION" | "BAD_REFERENCE" | "BAD_CONFIG" | "UNKNOWN_ID" | "OUTPUT_UNWRITABLE";
type SourceCode =
  | "NOT_FOUND"
  | "REVISION_NOT_FOUND"
  | "GATED"
  | "UNAUTHORIZED"
  | "UNREACHABLE"
  | "RATE_LIMITED"
  | "OFFLINE"
  | "CHANGED_WHILE_READ"
  | "DIGEST_MISMATCH"
  | "BAD_RESPONSE"
  | "TRUNCATED_RESPONSE"
  | "NOT_RECORDED"
  | "UNREADABLE"
  | "NOTHING_AUDITABLE"
  | "UNSAFE_PATH";
type FormatCode = "NOT_THIS_FORMAT" | "TRUNCATED" | "OVER_LIMIT" | "INCONSISTENT" | "UNSUPPORTED";
type DataCode = "BAD_RULE_DATA" | "BAD_CLAIMS_FILE" | "BAD_REPORT" | "BAD_KEY" | "NOT_SIGNABLE";
type StoreCode = "STORE_UNUSABLE" | "STORE_TOO_NEW" | "UNFINISHED";
type ServerCode = "BUSY" | "FORBIDDEN_TARGET";
type EngineCode = "ENGINE_MISSING" | "ENGINE_DOWN" | "ENGINE_TIMEOUT" | "UNSAFE_MODEL";
type GateCode = "LOG_UNWRITABLE" | "LOG_DAMAGED" | "IN_USE" | "DOOR_STORE_DOWN" | "NOT_CONFIRMED" | "BAD_FEED" | "BAD_ADVISORY";
type ProcessCode = "INTERRUPTED" | "BUG";
export type ErrorCode = UsageCode | SourceCode | FormatCode | DataCode | StoreCode | ServerCode | EngineCode | GateCode | ProcessCode;

export interface ErrorDetails {
  /** What the error is about: a path, a reference, an option. Comes first in the message. */
  readonly subject?: string;
  /** What to do about it, one sentence. */
  readonly hint?: string;
  /** Byte offset in `subject`, for format errors. */
  readonly offset?: number;
  readonly cause?: unknown;
}

const EXIT_BY_CODE: Readonly<Partial<Record<ErrorCode, ExitCode>>> = {
  UNKNOWN_COMMAND: EXIT.usage,
  UNKNOWN_OPTION: EXIT.usage,
  BAD_OPTION: EXIT.usage,
  BAD_REFERENCE: EXIT.usage,
  BAD_CONFIG: EXIT.usage,
  UNKNOWN_ID: EXIT.usage,
  OUTPUT_UNWRITABLE: EXIT.usage,
  BAD_CLAIMS_FILE: EXIT.usage,
  BAD_REPORT: EXIT.usage,
  BAD_KEY: EXIT.usage,
  BUSY: EXIT.usage,
  FORBIDDEN_TARGET: EXIT.usage,
  STORE_UNUSABLE: EXIT.usage,
  STORE_TOO_NEW: EXIT.usage,
  ENGINE_MISSING: EXIT.usage,
  UNSAFE_MODEL: EXIT.policy,
  LOG_UNWRITABLE: EXIT.usage,
  IN_USE: EXIT.usage,
  NOT_CONFIRMED: EXIT.usage,
  BAD_FEED: EXIT.policy,
  BAD_ADVISORY: EXIT.usage,
  NOTHING_AUDITABLE: EXIT.nothing,
  OFFLINE: EXIT.offline,
  INTERRUPTED: EXIT.interrupted,
  BUG: EXIT.bug,
  BAD_RULE_DATA: EXIT.bug,
};

/** The one error type Ajar throws on purpose. Anything else that escapes is a bug (exit 70). */
export class AjarError extends Error {
  readonly code: ErrorCode;
  readonly subject: string | undefined;
  readonly hint: string | undefined;
  readonly offset: number | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = "AjarError";
    this.code = code;
    this.subject = details.subject;
    this.hint = details.hint;
    this.offset = details.offset;
  }

  /** Exit code when this error means that no report can be made; source and format errors give 3. */
  get exitCode(): ExitCode {
    return EXIT_BY_CODE[this.code] ?? EXIT.incomplete;
  }
}

/** Marks a switch as exhaustive; throws if a value slips past the types. */
export function assertNever(value: never): never {
  throw new AjarError("BUG", `unexpected value ${JSON.stringify(value)}`);
}
