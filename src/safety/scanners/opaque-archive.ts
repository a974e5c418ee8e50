// Archives that Ajar does not open. nullifAI used 7z where torch writes zip: scanners that could not open it called it clean (ZP08).
import type { FormatReading } from "../../core/scan.ts";
import { hitOf } from "../rules.ts";
import type { FileView, Scanner } from "../scanner.ts";

/** Marks of the formats' own specifications, and the endings under which such an archive is what it says. */
const ARCHIVES: readonly { readonly format: string; readonly mark: string; readonly names: RegExp }[] = [
  { format: "7z", mark: "7z\xbc\xaf\x27\x1c", names: /\.7z$/iu },
  { format: "rar", mark: "Rar!\x1a\x07", names: /\.rar$/iu },
  { format: "lzma", mark: "\x5d\0\0", names: /\.(?:lzma|joblib)$/iu },
  { format: "cab", mark: "MSCF\0\0\0\0", names: /\.cab$/iu },
  { format: "compress", mark: "\x1f\x9d", names: /\.Z$/u },
];

function archiveOf({ head }: Pick<FileView, "head">): (typeof ARCHIVES)[number] | undefined {
  return ARCHIVES.find(({ mark }) => startsWith(head, mark));
}

function startsWith(bytes: Uint8Array, mark: string): boolean {
  for (let index = 0; index < mark.length; index += 1) if (bytes[index] !== mark.charCodeAt(index)) return false;
  return true;
}

export const scanner: Scanner = {
  id: "opaque-archive",
  risk: "unknown",
  claims: (file) => archiveOf(file) !== undefined,
  async scan(reader, context): Promise<FormatReading> {
    const archive = archiveOf({ head: await reader.read(0, Math.min(32, reader.sizeBytes)) });
    const format = archive?.format ?? "archive";
    const isNamed = archive?.names.test(context.path) === true;
    const hit = hitOf("ZP08", { start: 0, end: 6, args: { format }, ...(isNamed ? { severity: "medium" as const } : {}) });
    return {
      format,
      risk: "unknown",
      coverage: { state: "none", code: "unsupported", detail: `${format} archives are not opened`, offset: 0 },
      hits: [hit],
      tensors: [],
      parameters: null,
      metadata: new Map(),
    };
  },
};
