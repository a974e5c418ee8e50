import type { Generated } from "kysely";

export interface DoorTables {
  /** One row: how many acts there are. Whoever adds one holds it until the act is committed, so that numbers come in order. */
  readonly gate_door_clock: { readonly id: number; readonly seq: number };
  readonly gate_door_act: {
    readonly seq: number;
    readonly act: string;
    readonly kind: string;
    readonly value: string;
    readonly confidence: string | null;
    readonly reason: string;
    readonly made_by: string;
    /** ISO 8601, UTC, by the clock of whoever made it. */
    readonly made_at: string;
    readonly confirmed: string | null;
  };
  readonly gate_replica: {
    readonly id: string;
    readonly name: string;
    readonly lease_ms: number;
    readonly applied: number;
    readonly confirmed: number;
    readonly beats: number;
    /** By the database's clock, for people only: no decision rests on it. */
    readonly seen_at: Generated<Date>;
  };
  /** What is left of a key's limits at a time of the database's clock, and what the last exchange gave. */
  readonly gate_rate: {
    readonly key_id: string;
    readonly requests: number;
    readonly tokens: number;
    readonly granted_requests: number;
    readonly granted_tokens: number;
    readonly at: Date;
  };
}
