import type { Artifact, SourceInventory } from "../core/inventory.ts";
import type { Source } from "../core/source.ts";
import type { DetectorContext } from "../detectors/detector.ts";
import type { Document } from "../documents/document.ts";
import { parseDescription, parseDocument } from "../documents/parse.ts";

/** A wheel holds its README here and nowhere else. */
const WHEEL_METADATA = /\.dist-info\/METADATA$/u;

/** One parse per document, shared by all detectors of a source. */
export function detectorContext(source: Pick<Source, "read">, inventory: SourceInventory): DetectorContext {
  const parsed = new Map<string, Document>();
  return {
    source: inventory,
    document(artifact: Artifact): Document | null {
      if (artifact.text === null) return null;
      const known = parsed.get(artifact.path);
      if (known !== undefined) return known;
      const document = WHEEL_METADATA.test(artifact.path) ? parseDescription(artifact.text) : parseDocument(artifact.text);
      parsed.set(artifact.path, document);
      return document;
    },
    read: (path, range) => source.read(path, range),
  };
}
