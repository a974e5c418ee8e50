// fingerprint.pb of a SavedModel: checksums (tensorflow/core/protobuf/fingerprint.proto).
import type { FormatReading } from "../../core/scan.ts";
import { type ProtoTag, protoOutline } from "../../formats/proto-outline.ts";
import { FULL } from "../combine.ts";
import type { Scanner } from "../scanner.ts";

const FIELDS: ReadonlySet<ProtoTag> = new Set(["1:0", "2:0", "3:0", "4:0", "5:0", "6:2", "7:2"]);
/** Five numbers, a version and an id. */
const MAX_BYTES = 1024;

export const scanner: Scanner = {
  id: "tensorflow-fingerprint",
  risk: "cannot-execute",
  claims({ head, sizeBytes, path }) {
    if (!/(?:^|\/)fingerprint\.pb$/u.test(path) || sizeBytes > MAX_BYTES) return false;
    const outline = protoOutline(head, sizeBytes);
    return outline !== null && [...outline.tags].every((tag) => FIELDS.has(tag));
  },
  async scan(): Promise<FormatReading> {
    const nothing = { hits: [], tensors: [], parameters: null, metadata: new Map<string, string>() };
    return { format: "tensorflow-fingerprint", risk: "cannot-execute", coverage: FULL, ...nothing };
  },
};
