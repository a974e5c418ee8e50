// Limits of the gate and their defaults. docs/gate.md has the same table.

export interface GateLimits {
  /** Bytes of a request's body. */
  readonly bodyBytes: number;
  /** Requests that wait for a slot of one model, and milliseconds that one may wait. */
  readonly queue: number;
  readonly queueMs: number;
  /** Connections in all; those beyond are closed at once. */
  readonly connections: number;
  /** Milliseconds for a request's head, and for head and body together. */
  readonly headMs: number;
  readonly requestMs: number;
  /** Milliseconds that an idle connection is kept. */
  readonly keepAliveMs: number;
  /** Milliseconds without a byte after which a stream sends a comment, so that proxies do not give it up. */
  readonly commentMs: number;
  /** Milliseconds that a client may leave a stream unread. */
  readonly stallMs: number;
  /** Milliseconds that a drain waits for running replies. */
  readonly drainMs: number;
}

export const DEFAULT_LIMITS: GateLimits = {
  bodyBytes: 8 * 1024 * 1024,
  queue: 256,
  queueMs: 30_000,
  connections: 10_000,
  headMs: 10_000,
  requestMs: 60_000,
  keepAliveMs: 65_000,
  commentMs: 10_000,
  stallMs: 60_000,
  drainMs: 30_000,
};
