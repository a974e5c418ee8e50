// A measuring thread: share after share into one tally, which it hands over at the end.
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { AjarError } from "../../core/errors.ts";
import type { ByteReader } from "../../core/source.ts";
import { Measurer } from "../../dataset/measure.ts";
import { measureShare, problemOf } from "../../dataset/measure-file.ts";
import { type OpenedFile, openData } from "../../dataset/read-share.ts";
import { Tally } from "../../dataset/tally.ts";
import { OpenFile } from "../../sources/local-file.ts";
import { plainError, RemoteBytes } from "../remote-bytes.ts";
import { dataPatterns } from "./patterns.ts";
import type { FromMeasurer, MeasureSetup, MeasureTask, ToMeasurer } from "./protocol.ts";

/** The file of the last share; the next is mostly of the same one. */
interface Current {
  readonly name: string;
  readonly reader: ByteReader;
  readonly opened: OpenedFile;
  readonly close: () => Promise<void>;
}

class MeasuringThread {
  readonly #port: MessagePort;
  readonly #tally = new Tally();
  readonly #measurer: Measurer;
  readonly #bytes = new RemoteBytes((asked) => this.#say(asked));
  #current: Current | null = null;

  constructor(port: MessagePort, { overlap }: MeasureSetup) {
    this.#port = port;
    this.#measurer = new Measurer(this.#tally, { patterns: dataPatterns(), overlap });
    port.on("message", (message: ToMeasurer) => this.#hear(message));
  }

  #say(message: FromMeasurer): void {
    this.#port.postMessage(message);
  }

  #hear(message: ToMeasurer): void {
    if (message.kind === "measure") void this.#measure(message.task);
    else if (message.kind === "finish") this.#finish();
    else this.#bytes.hear(message);
  }

  /** The large tables are handed over, not copied: nothing is counted after. */
  #finish(): void {
    const parts = this.#tally.unsortedParts();
    const buffers = [parts.rows, parts.near].flatMap(({ keys, counts }) => [keys.buffer, counts.buffer]) as ArrayBuffer[];
    this.#port.postMessage({ kind: "tally", parts } satisfies FromMeasurer, buffers);
  }

  async #measure(task: MeasureTask): Promise<void> {
    try {
      const { reader, opened } = await this.#open(task);
      this.#say({ kind: "done", outcome: await measureShare(reader, task.name, task.entry, opened, task.share, this.#measurer) });
    } catch (error) {
      this.#refuse(error);
    }
  }

  #refuse(error: unknown): void {
    try {
      this.#say({ kind: "done", outcome: { problem: problemOf(error), isCut: false } });
    } catch (grave) {
      this.#say({ kind: "failed", error: plainError(grave) });
    }
  }

  async #open(task: MeasureTask): Promise<Current> {
    if (this.#current?.name === task.name) return this.#current;
    await this.#current?.close();
    this.#current = null;
    const { reader, close } =
      task.local === null ? { reader: this.#bytes.reader(task.entry.sizeBytes), close: async () => undefined } : await localReader(task);
    this.#current = { name: task.name, reader, opened: await openData(reader, task.entry), close };
    return this.#current;
  }
}

async function localReader({ local, entry }: MeasureTask): Promise<Pick<Current, "reader" | "close">> {
  const file = await OpenFile.open({ path: Buffer.from(local?.file ?? new Uint8Array()), shown: entry.path });
  if (local !== null && file.signature !== local.signature) {
    await file.close();
    throw new AjarError("CHANGED_WHILE_READ", `${entry.path}: changed while it was read`, { subject: entry.path });
  }
  return { reader: file, close: () => file.close() };
}

if (parentPort !== null) new MeasuringThread(parentPort, workerData as MeasureSetup);
