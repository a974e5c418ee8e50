// Licenses of a chain as small numbers, with what each bit of each license becomes over each channel.
import { CHANNELS } from "../core/chain.ts";
import { type TermsRecord, USES } from "../core/terms.ts";
import { BITS, type Bits, narrownessOf, saidOf, step } from "./carry.ts";

/** Terms of a license id; null where there is no record, which stands for unknown terms. */
export type TermsSource = (license: string) => TermsRecord | null;

/** Position of the stand-in for all licenses without a record. */
export const UNKNOWN_LICENSE = 0;

/** Permissions of all uses in one number, two bits each: position in the order allowed, conditional, unknown, forbidden. */
export type PackedPermissions = number;

const MAX_BIT = Math.max(...BITS);

export class TermsTable {
  readonly #records: TermsRecord[] = [unknownTerms()];
  readonly #positions = new Map<string, number>();
  readonly #source: TermsSource;
  /** Per license, channel and bit number: the bits it becomes. */
  readonly #steps: Bits[][] = [stepsOf(unknownTerms())];
  readonly #permissions: PackedPermissions[][] = [permissionsOf(unknownTerms())];

  constructor(source: TermsSource) {
    this.#source = source;
  }

  get size(): number {
    return this.#records.length;
  }

  /** Number of a license; UNKNOWN_LICENSE where it has no record. */
  positionOf(license: string): number {
    const known = this.#positions.get(license);
    if (known !== undefined) return known;
    const record = this.#source(license);
    const position = record === null ? UNKNOWN_LICENSE : this.#records.length;
    if (record !== null) {
      this.#records.push(record);
      this.#steps.push(stepsOf(record));
      this.#permissions.push(permissionsOf(record));
    }
    this.#positions.set(license, position);
    return position;
  }

  recordAt(position: number): TermsRecord {
    return this.#records[position] ?? unknownTerms();
  }

  /** What a set of bits of one license becomes over a channel. */
  step(position: number, bits: Bits, channel: number): Bits {
    const steps = this.#steps[position] ?? [];
    let result = 0;
    for (let at = 0, bit = 1; bit <= MAX_BIT; at += 1, bit *= 2) {
      if ((bits & bit) !== 0) result |= steps[channel * BITS.length + at] ?? 0;
    }
    return result;
  }

  /** The narrowest permission of each use under a set of bits of one license. */
  permissions(position: number, bits: Bits): PackedPermissions {
    const permissions = this.#permissions[position] ?? [];
    let result = 0;
    for (let at = 0, bit = 1; bit <= MAX_BIT; at += 1, bit *= 2) {
      if ((bits & bit) !== 0) result = narrower(result, permissions[at] ?? 0);
    }
    return result;
  }
}

function stepsOf(record: TermsRecord): Bits[] {
  return CHANNELS.flatMap((channel) => BITS.map((bit) => step(record, bit, channel)));
}

function permissionsOf(record: TermsRecord): PackedPermissions[] {
  return BITS.map((bit) =>
    USES.reduce((packed, use, at) => packed | (narrownessOf(saidOf(record, bit, use)?.permission ?? "allowed") << (2 * at)), 0),
  );
}

/** Use by use the narrower of two packed permissions. */
export function narrower(first: PackedPermissions, second: PackedPermissions): PackedPermissions {
  let result = 0;
  for (let at = 0; at < 2 * USES.length; at += 2) {
    const a = (first >> at) & 3;
    const b = (second >> at) & 3;
    result |= Math.max(a, b) << at;
  }
  return result;
}

/** Terms nobody knows: every use is unknown, and they may reach everything that is made from the thing. */
function unknownTerms(): TermsRecord {
  const clause = { clause: "", summary: "" };
  const use = { ...clause, permission: "unknown", conditions: [] } as const;
  const flow = { ...clause, flow: "unknown" } as const;
  const standing = { ...clause, answer: "unknown" } as const;
  return {
    id: "unknown",
    source: "",
    annexes: [],
    reviewed: "",
    basis: "none",
    uses: { commercial: use, internal: use, research: use, redistribute: use, "fine-tune": use, "train-on-outputs": use },
    duties: [],
    flow: { derivatives: flow, outputs: flow, training: flow },
    standing: {
      revocability: standing,
      termination: [standing],
      patent: standing,
      jurisdiction: standing,
      remoteRestriction: standing,
      changes: standing,
      outputs: standing,
      osi: standing,
      openData: standing,
      openContent: standing,
    },
  };
}
