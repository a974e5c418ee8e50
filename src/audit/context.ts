import { DEFAULT_LIMITS, type SourceContext, type SourceLimits } from "../core/source.ts";

export interface ContextOptions {
  readonly env: SourceContext["env"];
  /** Folder that relative references start from. */
  readonly cwd: string;
  readonly offline?: boolean;
  readonly signal?: AbortSignal;
  readonly limits?: Partial<SourceLimits>;
  readonly turn?: (host: string) => Promise<void>;
  readonly progress?: (message: string) => void;
}

/** Fills in what a caller left out; nothing is read from the process. */
export function auditContext(options: ContextOptions): SourceContext {
  return {
    env: options.env,
    cwd: options.cwd,
    offline: options.offline ?? false,
    signal: options.signal ?? new AbortController().signal,
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    ...(options.turn === undefined ? {} : { turn: options.turn }),
    progress: options.progress ?? ((): void => undefined),
  };
}
