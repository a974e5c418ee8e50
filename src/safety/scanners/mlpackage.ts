// Manifest.json of a Core ML package: which file is the model (coremltools modelpackage/src/ModelPackage.cpp).
import { AjarError } from "../../core/errors.ts";
import type { FileReference, FormatReading, SafetyHit } from "../../core/scan.ts";
import { isJsonObject, parseJson } from "../../formats/json-reader.ts";
import { FULL } from "../combine.ts";
import { objectText } from "../json-view.ts";
import { pathFault } from "../paths.ts";
import { hitOf } from "../rules.ts";
import type { Scanner } from "../scanner.ts";

/** Items lie below this folder. */
const DATA = "Data/";
const MAX_BYTES = 16 * 1024 * 1024;

export const scanner: Scanner = {
  id: "mlpackage",
  risk: "cannot-execute",
  claims({ head }) {
    const start = objectText(head);
    return start.includes('"itemInfoEntries"') && start.includes('"rootModelIdentifier"');
  },
  async scan(reader): Promise<FormatReading> {
    const { sizeBytes } = reader;
    if (sizeBytes > MAX_BYTES) throw new AjarError("OVER_LIMIT", `manifest of ${sizeBytes} bytes`, { offset: 0 });
    const manifest = parseJson(new TextDecoder().decode(await reader.read(0, sizeBytes)));
    const items = isJsonObject(manifest) ? manifest.get("itemInfoEntries") : undefined;
    if (!isJsonObject(items)) throw new AjarError("NOT_THIS_FORMAT", "manifest lists no items", { offset: 0 });
    const paths = [...items.values()].flatMap((item) => {
      const path = isJsonObject(item) ? item.get("path") : undefined;
      return typeof path === "string" ? [path] : [];
    });
    return {
      format: "mlpackage",
      risk: "cannot-execute",
      coverage: FULL,
      hits: paths.flatMap((path) => faultOf(path, sizeBytes)),
      tensors: [],
      parameters: null,
      metadata: new Map([["items", String(paths.length)]]),
      references: paths.map((path): FileReference => ({ path: `${DATA}${path}`, minBytes: null, start: 0, end: sizeBytes })),
    };
  },
};

function faultOf(path: string, sizeBytes: number): readonly SafetyHit[] {
  const fault = pathFault(path);
  return fault === null
    ? []
    : [hitOf("CM01", { start: 0, end: sizeBytes, variant: fault, args: { file: path.slice(0, 200) }, quote: path })];
}
