// Appends to a log as fast as it can and says on standard output what was acknowledged, until it is killed or refused.
// Usage: node writing-child.ts FOLDER FIRST LANES
import { writeSync } from "node:fs";
import { openLog } from "../../../src/gate/log/open.ts";
import { recordNumber } from "./record-number.ts";

const [folder = "", first = "1", lanes = "16"] = process.argv.slice(2);
const log = await openLog({ folder, segmentBytes: 256 * 1024, checkpointEntries: 500, syncMs: 20 });
let next = Number(first);

async function lane(): Promise<void> {
  for (;;) {
    const number = next;
    next += 1;
    await log.append(recordNumber(number));
    writeSync(1, `${number}\n`);
  }
}

try {
  await Promise.all(Array.from({ length: Number(lanes) }, lane));
} catch (error) {
  writeSync(1, `refused ${error instanceof Error && "code" in error ? error.code : error}\n`);
  // What could not be written now can be written by nobody else as long as this one lives.
  process.exit(0);
}
