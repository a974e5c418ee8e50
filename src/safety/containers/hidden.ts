// What a zip holds outside its members: whole members that the directory does not list, or other bytes (ZP01, ZP05).
import type { ByteReader } from "../../core/source.ts";
import type { ScanBudget } from "../budget.ts";

/** A member known by its local header alone. */
export interface HiddenMember {
  readonly name: string;
  readonly method: number;
  /** Place of its header, and of its packed data as the header has it. */
  readonly offset: number;
  readonly dataStart: number;
  readonly dataEnd: number;
}

export interface Stretch {
  readonly start: number;
  readonly end: number;
}

export interface Gaps {
  readonly members: readonly HiddenMember[];
  /** Stretches that belong to nothing and are not only zeros. */
  readonly loose: readonly Stretch[];
}

/** A data descriptor behind a member has 12 to 24 bytes. */
const DESCRIPTOR_BYTES = 24;
const HEADER_BYTES = 30;
const SIGNATURE = Buffer.from("PK\x03\x04", "latin1");
const MAX_HIDDEN = 1_000;
const CHUNK = 1024 * 1024;

/** Looks into the stretches of `sizeBytes` that `taken` leaves free. @throws AjarError when the bytes cannot be had */
export async function findHidden(reader: ByteReader, taken: readonly Stretch[], sizeBytes: number, budget: ScanBudget): Promise<Gaps> {
  const members: HiddenMember[] = [];
  const loose: Stretch[] = [];
  for (const gap of gapsBetween(taken, sizeBytes)) {
    budget.checkTime();
    const found = await membersIn(reader, gap);
    members.push(...found.slice(0, MAX_HIDDEN - members.length));
    if (found.length === 0 && (await holdsBytes(reader, gap))) loose.push(gap);
  }
  return { members, loose };
}

function gapsBetween(taken: readonly Stretch[], sizeBytes: number): readonly Stretch[] {
  const gaps: Stretch[] = [];
  let at = 0;
  for (const { start, end } of [...taken].sort((a, b) => a.start - b.start)) {
    if (start - at > DESCRIPTOR_BYTES) gaps.push({ start: at, end: start });
    at = Math.max(at, end);
  }
  if (sizeBytes - at > DESCRIPTOR_BYTES) gaps.push({ start: at, end: sizeBytes });
  return gaps;
}

async function membersIn(reader: ByteReader, gap: Stretch): Promise<readonly HiddenMember[]> {
  const found: HiddenMember[] = [];
  let base = gap.start;
  while (base < gap.end && found.length < MAX_HIDDEN) {
    const bytes = Buffer.from(await reader.read(base, Math.min(CHUNK, gap.end - base)));
    let at = bytes.indexOf(SIGNATURE);
    while (at !== -1 && found.length < MAX_HIDDEN) {
      const member = await memberAt(reader, base + at, gap.end);
      if (member !== null) found.push(member);
      at = bytes.indexOf(SIGNATURE, at + 4);
    }
    // A signature may lie across the seam.
    base += bytes.length < CHUNK ? bytes.length : CHUNK - 3;
  }
  return found;
}

async function memberAt(reader: ByteReader, offset: number, end: number): Promise<HiddenMember | null> {
  if (offset + HEADER_BYTES > end) return null;
  const header = await reader.read(offset, HEADER_BYTES);
  const view = new DataView(header.buffer, header.byteOffset, HEADER_BYTES);
  const nameBytes = view.getUint16(26, true);
  const dataStart = offset + HEADER_BYTES + nameBytes + view.getUint16(28, true);
  if (nameBytes === 0 || nameBytes > 4096 || dataStart > end) return null;
  const name = new TextDecoder().decode(await reader.read(offset + HEADER_BYTES, nameBytes));
  const stated = view.getUint32(18, true);
  // A size that follows the data, or is too wide for the field: up to the end of the gap.
  const isKnown = stated > 0 && stated !== 0xffffffff && dataStart + stated <= end;
  return { name, method: view.getUint16(8, true), offset, dataStart, dataEnd: isKnown ? dataStart + stated : end };
}

async function holdsBytes(reader: ByteReader, gap: Stretch): Promise<boolean> {
  for (let at = gap.start; at < gap.end; at += CHUNK) {
    const bytes = await reader.read(at, Math.min(CHUNK, gap.end - at));
    if (bytes.some((byte) => byte !== 0)) return true;
  }
  return false;
}
