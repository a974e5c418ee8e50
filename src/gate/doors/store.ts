// Where doors are kept, and where replicas tell that they live. A folder or a PostgreSQL; all that they have to do is here.
import type { DoorAct, NewAct } from "./acts.ts";

/** What a replica says of itself with each beat. */
export interface ReplicaState {
  readonly id: string;
  /** Host and process, for people. */
  readonly name: string;
  /** Milliseconds for which it goes on after a beat. */
  readonly leaseMs: number;
  /** The last act that it holds to. */
  readonly applied: number;
  /** The last act after which no stream of it runs that the act shut. */
  readonly confirmed: number;
}

export interface Replica extends ReplicaState {
  /** Another number after each beat. */
  readonly beats: number;
}

export interface DoorStore {
  /** Folder or address without password. */
  readonly place: string;
  /** Tells that the replica lives, and gives the acts after `applied`. An act that is not among them was made after this was called. */
  beat(state: ReplicaState): Promise<readonly DoorAct[]>;
  /** Gives an act the next number; on the disk when this resolves. @throws AjarError DOOR_STORE_DOWN */
  append(act: NewAct): Promise<DoorAct>;
  /** All acts. @throws AjarError DOOR_STORE_DOWN */
  acts(): Promise<readonly DoorAct[]>;
  /** @throws AjarError DOOR_STORE_DOWN */
  replicas(): Promise<readonly Replica[]>;
  /** Takes a replica out that did not beat since. */
  forget(id: string, beats: number): Promise<void>;
  /** Calls back soon after an act or a confirmation; may call for nothing, and may miss one. Returns how to stop. */
  watch(changed: () => void): () => void;
  close(): Promise<void>;
}

/** No replica may go on for longer than this without its store: it bounds how long `shut` takes. Milliseconds. */
export const MAX_LEASE_MS = 60_000;
