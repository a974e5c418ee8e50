// Logs for tests: records that vary with their number, folders that are gone afterwards.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";
import type { LogRecord } from "../../../src/gate/contract.ts";
import { type LogOptions, openLog } from "../../../src/gate/log/open.ts";
import { recordNumber } from "./record-number.ts";

const folders: string[] = [];
afterEach(() => {
  for (const made of folders.splice(0)) rmSync(made, { recursive: true, force: true });
});

export function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "ajar-log-"));
  folders.push(made);
  return made;
}

/** A closed log of so many entries. */
export async function logOf(entries: number, options: Partial<LogOptions> = {}): Promise<string> {
  const made = options.folder ?? folder();
  const log = await openLog({ segmentBytes: 4000, checkpointEntries: 10, ...options, folder: made });
  for (let number = 1; number <= entries; number += 1) await log.append(recordNumber(number) satisfies LogRecord);
  await log.close();
  return made;
}
