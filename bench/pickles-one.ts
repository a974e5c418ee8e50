// Scans one file and prints seconds of processor time; started by bench/pickles.ts, once a measurement.
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { scanFile } from "../src/safety/dispatch.ts";

const file = openSync(process.argv[2] ?? "", "r");
const reader = {
  sizeBytes: fstatSync(file).size,
  async read(start: number, length: number): Promise<Uint8Array> {
    const bytes = Buffer.allocUnsafeSlow(length);
    readSync(file, bytes, 0, length, start);
    return bytes;
  },
};
const options = { effort: "whole", strict: false, signal: new AbortController().signal } as const;
await scanFile("warm.pkl", { sizeBytes: 2, read: async () => Buffer.from("N.") }, options);
const started = process.cpuUsage();
const { coverage, readings } = await scanFile(process.argv[2] ?? "", reader, options);
const { user, system } = process.cpuUsage(started);
const seconds = (user + system) / 1e6;
if (coverage.state !== "full") throw new Error(JSON.stringify(coverage));
closeSync(file);
console.log(JSON.stringify({ seconds, tensors: readings[0]?.tensors.length }));
