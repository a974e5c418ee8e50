// Programs in a release (EX01), and llamafiles: a program with a model behind it (GG03).
import type { FormatReading, SafetyHit } from "../../core/scan.ts";
import { FULL } from "../combine.ts";
import { endRecords } from "../containers/end-records.ts";
import { hitOf } from "../rules.ts";
import type { FileView, Scanner } from "../scanner.ts";

/** Format, place and mark (ELF, Mach-O, WebAssembly and Windows shortcut specifications). */
const PROGRAMS: readonly (readonly [string, number, string])[] = [
  ["elf", 0, "\x7fELF"],
  ["mach-o", 0, "\xcf\xfa\xed\xfe"],
  ["mach-o", 0, "\xce\xfa\xed\xfe"],
  ["mach-o", 0, "\xfe\xed\xfa\xcf"],
  ["mach-o", 0, "\xfe\xed\xfa\xce"],
  ["wasm", 0, "\0asm\x01\0\0\0"],
  ["windows-shortcut", 0, "L\0\0\0\x01\x14\x02\0"],
  ["script", 0, "#!/"],
  ["script", 0, "#! /"],
];
/** Scripts without a mark, known by name; they must be text. */
const SCRIPT_NAME = /\.(?:sh|bash|bat|cmd|ps1|vbs|js|jse|wsf|hta|scpt|command)$/iu;
/** Honest in a package of code: one line of them says so. */
const CODE_NAME = /\.(?:py|sh|bash|js|mjs|cjs|rb|pl)$/iu;

function programOf({ head, path }: Pick<FileView, "head" | "path">): string | null {
  const marked = PROGRAMS.find(([, at, mark]) => hasMark(head, at, mark));
  if (marked !== undefined) return marked[0];
  if (/\.py[co]$/iu.test(path) && head[2] === 0x0d && head[3] === 0x0a) return "python-bytecode";
  if (isPe(head)) return "pe";
  if (isUniversal(head)) return "mach-o";
  return SCRIPT_NAME.test(path) && head.length > 0 && !head.includes(0) ? "script" : null;
}

function hasMark(head: Uint8Array, at: number, mark: string): boolean {
  for (let index = 0; index < mark.length; index += 1) if (head[at + index] !== mark.charCodeAt(index)) return false;
  return true;
}

/** `MZ`, and a header at the place that it states; an actually portable executable has none and says so by its quote. */
function isPe(head: Uint8Array): boolean {
  if (!hasMark(head, 0, "MZ")) return false;
  if (hasMark(head, 2, "qFpD=")) return true;
  const at = head.length < 64 ? 0 : new DataView(head.buffer, head.byteOffset).getUint32(60, true);
  return at + 4 > head.length || hasMark(head, at, "PE\0\0") || hasMark(head, at, "NE");
}

/** The mark of a universal Mach-O is that of a Java class; there the next number is a version, here a count. */
function isUniversal(head: Uint8Array): boolean {
  return hasMark(head, 0, "\xca\xfe\xba\xbe") && head[4] === 0 && head[5] === 0 && head[6] === 0 && (head[7] ?? 255) < 30;
}

export const scanner: Scanner = {
  id: "executable",
  risk: "executes-by-design",
  claims: (file) => programOf(file) !== null,
  async scan(reader, context): Promise<FormatReading> {
    const head = await reader.read(0, Math.min(4096, reader.sizeBytes));
    const program = programOf({ head, path: context.path }) ?? "program";
    const tailStart = Math.max(0, reader.sizeBytes - 22 - 0xffff);
    const ends = program === "script" ? [] : endRecords(await reader.read(tailStart, reader.sizeBytes - tailStart), reader.sizeBytes);
    const isLlamafile = /\.llamafile$/iu.test(context.path) || (ends.length > 0 && hasMark(head, 0, "MZqFpD="));
    return {
      format: isLlamafile ? "llamafile" : program,
      risk: "executes-by-design",
      coverage: FULL,
      hits: [isLlamafile ? hitOf("GG03", { start: 0, end: 8 }) : programHit(program, context.path)],
      tensors: [],
      parameters: null,
      metadata: new Map([["program", program]]),
    };
  },
};

function programHit(program: string, path: string): SafetyHit {
  const place = { start: 0, end: 8, args: { program } };
  if (program !== "script") return hitOf("EX01", place);
  return hitOf("EX01", { ...place, variant: "script", severity: CODE_NAME.test(path) ? "info" : "low" });
}
