// A writer that is killed in the middle, and one whose disk is full: what was acknowledged is there.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openLog } from "../../../src/gate/log/open.ts";
import { select } from "../../../src/gate/log/select.ts";
import { verifyLog } from "../../../src/gate/log/verify.ts";
import { folder } from "./made-up.ts";
import { recordNumber } from "./record-number.ts";

const CHILD = join(import.meta.dirname, "writing-child.ts");

interface Run {
  readonly acknowledged: readonly number[];
  readonly refused: string | null;
}

/** `enough` is asked after every piece of output; the child is killed as soon as it says so. */
function run(command: readonly string[], enough: (acknowledged: number) => boolean): Promise<Run> {
  return new Promise((resolve, reject) => {
    const [program = "", ...args] = command;
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (piece: string) => {
      text += piece;
      if (enough(text.split("\n").length)) child.kill("SIGKILL");
    });
    child.once("error", reject);
    child.once("close", () => {
      const lines = text.split("\n").slice(0, -1);
      const refused = lines.find((line) => line.startsWith("refused"))?.slice("refused ".length) ?? null;
      resolve({ acknowledged: lines.filter((line) => /^\d+$/u.test(line)).map(Number), refused });
    });
  });
}

async function numbersIn(path: string): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for await (const lines of select(path, { kind: "decision" })) {
    for (const { entry } of lines) found.add(entry.entry.kind === "decision" ? entry.entry.requestId : "");
  }
  return found;
}

function requestId(number: number): string | null {
  const record = recordNumber(number);
  return record.kind === "decision" ? record.requestId : null;
}

function missing(acknowledged: readonly number[], found: ReadonlySet<string>): readonly number[] {
  return acknowledged.filter((number) => {
    const id = requestId(number);
    return id !== null && !found.has(id);
  });
}

describe("a writer that is killed", () => {
  it("loses nothing that it acknowledged, time after time", async () => {
    const made = folder();
    const acknowledged: number[] = [];
    for (const [round, lines] of [300, 1700, 3000].entries()) {
      const first = String(1 + round * 1_000_000);
      const ran = await run([process.execPath, CHILD, made, first, "32"], (count) => count > lines);
      expect(ran.acknowledged.length).toBeGreaterThan(lines - 100);
      acknowledged.push(...ran.acknowledged);
      // What the next process finds: at most an unfinished line, nothing that does not fit.
      expect((await verifyLog(made)).result).not.toBe("tampered");
    }
    await (await openLog({ folder: made })).close();
    expect(missing(acknowledged, await numbersIn(made))).toEqual([]);
    expect(await verifyLog(made)).toMatchObject({ result: "intact" });
  });
});

describe.skipIf(process.platform === "win32")("a writer whose disk is full", () => {
  it("refuses, keeps what it acknowledged, and goes on when there is space", async () => {
    const made = folder();
    // No file may grow beyond 64 KiB, and the signal that would end the process is ignored: the write falls short, as on a full disk.
    const script = 'trap "" XFSZ; ulimit -f 64; exec "$0" "$@"';
    const ran = await run(["bash", "-c", script, process.execPath, CHILD, made, "1", "8"], () => false);
    expect(ran.refused).toBe("LOG_UNWRITABLE");
    expect(ran.acknowledged.length).toBeGreaterThan(20);
    expect(missing(ran.acknowledged, await numbersIn(made))).toEqual([]);
    expect((await verifyLog(made)).result).not.toBe("tampered");
    const log = await openLog({ folder: made });
    await log.append(recordNumber(999_999));
    await log.close();
    expect(await verifyLog(made)).toMatchObject({ result: "intact" });
    expect(missing([...ran.acknowledged, 999_999], await numbersIn(made))).toEqual([]);
  });
});
