// Python pickles: a program for a small stack machine that may import and call anything.

import { looksLikePickle } from "../pickle/probe.ts";
import { pickleReading } from "../pickle/reading.ts";
import { scanSequence } from "../pickle/sequence.ts";
import { PickleSession } from "../pickle/session.ts";
import { isLegacyTorch } from "../pickle/torch-legacy.ts";
import type { Scanner } from "../scanner.ts";

export const scanner: Scanner = {
  id: "pickle",
  risk: "executes-by-design",
  claims: ({ head, sizeBytes }) => !isLegacyTorch(head) && looksLikePickle(head, sizeBytes > head.length),
  async scan(reader, context) {
    const session = new PickleSession(reader, context);
    const sequence = await scanSequence(session, 0, context);
    const isJoblib = sequence.runs.some(({ judge }) => judge.joblib.count > 0);
    return await pickleReading(isJoblib ? "joblib" : "pickle", session, sequence);
  },
};
