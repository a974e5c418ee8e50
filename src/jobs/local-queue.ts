// Jobs of one process: a few at a time, each watched by whoever asked. Nothing of it survives the process; the catalogue does.
import { EventEmitter } from "node:events";
import { AjarError } from "../core/errors.ts";
import { type AuditJob, failedState, type JobState, type JobTools, runAuditJob } from "./audit-job.ts";

/** Waiting jobs; more is refused, so that nobody can fill the memory. */
const MAX_WAITING = 1000;
/** Ended jobs whose state can still be asked for. */
const MAX_KEPT = 1000;

export interface AuditQueue {
  /** @throws AjarError BUSY when too many wait */
  enqueue(job: AuditJob): Promise<string>;
  state(id: string): Promise<JobState | null>;
  /** States from now on, the present one first, ending with `done` or `failed`. */
  watch(id: string, signal: AbortSignal): AsyncIterable<JobState>;
  close(): Promise<void>;
}

interface Entry {
  readonly id: string;
  readonly job: AuditJob;
  state: JobState;
}

export class LocalQueue implements AuditQueue {
  readonly #tools: JobTools;
  readonly #limit: number;
  readonly #entries = new Map<string, Entry>();
  readonly #waiting: Entry[] = [];
  readonly #changes = new EventEmitter().setMaxListeners(0);
  readonly #stop = new AbortController();
  readonly #running = new Set<Promise<void>>();
  #last = 0;

  /** `limit`: jobs at the same time. */
  constructor(tools: JobTools, limit = 2) {
    this.#tools = tools;
    this.#limit = limit;
  }

  async enqueue(job: AuditJob): Promise<string> {
    if (this.#waiting.length >= MAX_WAITING) {
      throw new AjarError("BUSY", `${MAX_WAITING} audits are waiting`, { subject: job.target, hint: "Try again later." });
    }
    this.#last += 1;
    const entry: Entry = { id: String(this.#last), job, state: { state: "waiting" } };
    this.#entries.set(entry.id, entry);
    this.#forgetOld();
    this.#waiting.push(entry);
    this.#next();
    return entry.id;
  }

  async state(id: string): Promise<JobState | null> {
    return this.#entries.get(id)?.state ?? null;
  }

  async *watch(id: string, signal: AbortSignal): AsyncIterable<JobState> {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    // Listening before looking: a change in between would be lost otherwise.
    const states: JobState[] = [];
    let wake: (() => void) | undefined;
    const listen = (state: JobState): void => {
      states.push(state);
      wake?.();
    };
    const leave = (): void => wake?.();
    this.#changes.on(id, listen);
    signal.addEventListener("abort", leave);
    try {
      states.push(entry.state);
      while (!signal.aborted) {
        const state = states.shift();
        if (state === undefined) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
          continue;
        }
        yield state;
        if (state.state === "done" || state.state === "failed") return;
      }
    } finally {
      this.#changes.off(id, listen);
      signal.removeEventListener("abort", leave);
    }
  }

  async close(): Promise<void> {
    this.#stop.abort();
    for (const entry of this.#waiting.splice(0)) this.#set(entry, failedState(new AjarError("INTERRUPTED", "the server stopped")));
    await Promise.allSettled(this.#running);
  }

  #next(): void {
    while (this.#running.size < this.#limit) {
      const entry = this.#waiting.shift();
      if (entry === undefined) return;
      const work = this.#work(entry).finally(() => {
        this.#running.delete(work);
        this.#next();
      });
      this.#running.add(work);
    }
  }

  async #work(entry: Entry): Promise<void> {
    this.#set(entry, { state: "running", progress: "" });
    const progress = (message: string): void => this.#set(entry, { state: "running", progress: message });
    try {
      const { releaseId, reportId, isNew } = await runAuditJob(entry.job, this.#tools, progress, this.#stop.signal);
      this.#set(entry, { state: "done", releaseId, reportId, isNew });
    } catch (failure) {
      this.#set(entry, failedState(failure));
    }
  }

  #set(entry: Entry, state: JobState): void {
    entry.state = state;
    this.#changes.emit(entry.id, state);
  }

  #forgetOld(): void {
    for (const [id, { state }] of this.#entries) {
      if (this.#entries.size <= MAX_KEPT + this.#waiting.length) return;
      if (state.state === "done" || state.state === "failed") this.#entries.delete(id);
    }
  }
}
