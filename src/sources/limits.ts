// What one audit may cost, counted in one place for every local source.
import { AjarError } from "../core/errors.ts";
import type { SourceLimits, SourceUsage } from "../core/source.ts";
import { shownInMessage } from "./paths.ts";

/** Bytes handed out by one read. Ajar reads headers and texts; whoever wants more asks for ranges. */
export const MAX_READ_BYTES = 1024 ** 3;

/** A sentence with more examples than this is not read. */
const NAMED_PROBLEMS = 3;

/** Counts bytes against `maxBytes` before they are read. */
export class ReadBudget {
  #bytesRead = 0;
  readonly #limits: SourceLimits;

  constructor(limits: SourceLimits) {
    this.#limits = limits;
  }

  /** @throws AjarError OVER_LIMIT when the source's budget or the limit of one read does not allow `bytes` more */
  take(bytes: number, subject: string): void {
    if (bytes > MAX_READ_BYTES) {
      throw new AjarError("OVER_LIMIT", `${subject}: ${bytes} bytes in one read is over the limit of ${MAX_READ_BYTES}`, {
        subject,
        hint: "Read a range of it.",
      });
    }
    if (this.#bytesRead + bytes > this.#limits.maxBytes) {
      throw new AjarError(
        "OVER_LIMIT",
        `${subject}: ${bytes} bytes more would pass the limit of ${this.#limits.maxBytes} bytes for one source`,
        { subject, hint: "Raise --max-bytes if the source is worth it." },
      );
    }
    this.#bytesRead += bytes;
  }

  get usage(): SourceUsage {
    return { bytesRead: this.#bytesRead, requests: 0 };
  }
}

/** What kept a listing from being complete. The first few are named, the rest counted. */
export class ListingProblems {
  readonly #first: string[] = [];
  #count = 0;

  add(problem: string): void {
    if (this.#first.length < NAMED_PROBLEMS) this.#first.push(shownInMessage(problem));
    this.#count += 1;
  }

  /** Null when there was none. */
  get text(): string | null {
    if (this.#count === 0) return null;
    const rest = this.#count - this.#first.length;
    return rest === 0 ? this.#first.join("; ") : `${this.#first.join("; ")}; and ${rest} more`;
  }
}
