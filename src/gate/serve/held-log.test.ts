import { expect, it } from "vitest";
import { recordNumber } from "../../../test/gate/log/record-number.ts";
import type { AuditLog, LogRecord } from "../contract.ts";
import { HeldLog } from "./held-log.ts";

function listing(): AuditLog & { readonly records: LogRecord[] } {
  const records: LogRecord[] = [];
  let isClosed = false;
  return {
    records,
    append: async (record) => {
      if (isClosed) throw new Error("closed");
      records.push(record);
    },
    close: async () => {
      isClosed = true;
    },
  };
}

it("records wait for the beginning, keep their order, and then go on at once", async () => {
  const log = listing();
  const held = new HeldLog(log);
  const early = [held.append(recordNumber(1)), held.append(recordNumber(2))];
  expect(log.records).toEqual([]);
  await held.begin();
  await Promise.all(early);
  await held.append(recordNumber(3));
  expect(log.records).toEqual([1, 2, 3].map(recordNumber));
});

it("a beginning that the log refuses is refused, and so is what waits when it is closed", async () => {
  const log = listing();
  const held = new HeldLog(log);
  const early = expect(held.append(recordNumber(1))).rejects.toThrow("closed");
  await held.close();
  await early;
  expect(log.records).toEqual([]);
  const ended = listing();
  await ended.close();
  const other = new HeldLog(ended);
  const waiting = expect(other.append(recordNumber(1))).rejects.toThrow("closed");
  await expect(other.begin()).rejects.toThrow("closed");
  await waiting;
});
