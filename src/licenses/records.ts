import type { LicenseRecord } from "../core/license.ts";
import { type IndexedRecord, licenseIndex } from "./license-index.ts";

const cache = new Map<number, LicenseRecord>();

function publicRecord({ id, name, kind, osi, fsf, aliases, source, restrictions }: IndexedRecord): LicenseRecord {
  return {
    id,
    name,
    kind,
    osiApproved: osi,
    fsfLibre: fsf,
    restrictions: restrictions.map(({ term, clause, summary }) => ({ term, clause, summary })),
    aliases,
    source,
  };
}

/** The license at a position of the index header. */
export function recordAt(position: number): LicenseRecord | null {
  const known = cache.get(position);
  if (known !== undefined) return known;
  const index = licenseIndex();
  if (position < 0 || position >= index.recordCount) return null;
  const record = publicRecord(index.record(position));
  cache.set(position, record);
  return record;
}

/** The license with exactly this id: an SPDX id or `LicenseRef-…`; null when Ajar does not know it. */
export function licenseById(id: string): LicenseRecord | null {
  const { ids } = licenseIndex().names();
  const at = Object.hasOwn(ids, id) ? ids[id] : undefined;
  return at === undefined ? null : recordAt(at);
}

/**
 * The one license that a name stands for: SPDX ids in any case, also with spaces for hyphens (`CC BY-SA 2.0`), hub ids, full
 * names, aliases. Null for names of families (`bsd`, `gpl`, `cc`, `openrail`, `other`), which stand for several licenses, and
 * for names Ajar does not know.
 */
export function licenseByName(name: string): LicenseRecord | null {
  const key = name.trim().toLowerCase().replace(/\s+/gu, " ");
  const { names } = licenseIndex().names();
  // No id has spaces in it.
  const at = [key, key.replaceAll(" ", "-")]
    .map((one) => (Object.hasOwn(names, one) ? names[one] : undefined))
    .find((one) => one !== undefined);
  return at === undefined || at === null ? null : recordAt(at);
}

/** All licenses Ajar knows, in code-point order of ids. */
export function allLicenses(): readonly LicenseRecord[] {
  return Array.from({ length: licenseIndex().recordCount }, (_, at) => recordAt(at)).filter((record) => record !== null);
}

let known: ReadonlySet<string> | undefined;

/** Whether Ajar can recognise this license by its text; of others it knows no more than names. */
export function hasKnownText(id: string): boolean {
  known ??= new Set(licenseIndex().templates.flatMap(({ role, record }) => (role === "license" ? (recordAt(record)?.id ?? []) : [])));
  return known.has(plainId(id)) || known.has(id);
}

/** One license under two ids: a GNU text does not say whether later versions are allowed, a name may. */
export function isSameLicense(a: string, b: string): boolean {
  return a === b || plainId(a) === plainId(b);
}

/** Whether two ids start alike (`BSD-2-Clause`, `BSD-3-Clause`): a changed copy of one is close to the other too. */
export function isSameFamily(a: string, b: string): boolean {
  const family = (id: string): string => /^(?:LicenseRef-)?[A-Za-z]+/u.exec(id)?.[0] ?? id;
  return family(a) === family(b);
}

function plainId(id: string): string {
  const short = id.replace(/(?:-only|-or-later|\+)$/u, "");
  const { equivalent } = licenseIndex().names();
  return equivalent.find((group) => group.includes(id) || group.includes(short))?.[0] ?? short;
}
