// The compiled code of the program, kept from one start to the next. Node's own compile cache is written right after a
// file is loaded and so holds only what loading runs; the functions that a command calls were compiled anew at every start.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { dirname } from "node:path";
import { Script } from "node:vm";
import { crc32 } from "node:zlib";

/** CRC-32 of the program's source and of the compiled code: V8 checks neither, only its own version and flags. */
const HEADER_BYTES = 8;

/** Exit codes of a run that did what it was asked for: only then has the code that matters been compiled. */
const DONE: readonly unknown[] = [0, 1, 3];

type Body = (exports: unknown, require: NodeJS.Require, module: Module, filename: string, folder: string) => void;

/** What a file holds before and after the text of a CommonJS module: put there by the build, as joining such texts takes time. */
export const WRAPPER: readonly [string, string] = ["(function (exports, require, module, __filename, __dirname) {", "\n})"];

/**
 * Loads a wrapped CommonJS module of ASCII text as `require` would, with its compiled code from another file. When that has
 * none, or that of another source or Node, it is written at the end of the run; where it cannot be, nothing is lost but time.
 * @param codeFile null to compile the module anew and keep nothing
 */
export function requireCompiled(filename: string, codeFile: string | null): unknown {
  const bytes = readFileSync(filename);
  const sourceSum = codeFile === null ? 0 : crc32(bytes);
  const cachedData = codeFile === null ? null : readCode(codeFile, sourceSum);
  const script = new Script(bytes.toString("latin1"), { filename, ...(cachedData === null ? {} : { cachedData }) });
  if (codeFile !== null && (cachedData === null || script.cachedDataRejected === true)) {
    process.on("exit", (code) => {
      if (DONE.includes(code)) writeCode(codeFile, sourceSum, script.createCachedData());
    });
  }
  const requireFrom = createRequire(filename);
  const loaded = new Module(filename);
  loaded.filename = filename;
  requireFrom.cache[filename] = loaded;
  const body: Body = script.runInThisContext();
  body.call(loaded.exports, loaded.exports, requireFrom, loaded, filename, dirname(filename));
  loaded.loaded = true;
  return loaded.exports;
}

function readCode(file: string, sourceSum: number): Buffer | null {
  try {
    const bytes = readFileSync(file);
    const code = bytes.subarray(HEADER_BYTES);
    return bytes.readUInt32LE(0) === sourceSum && bytes.readUInt32LE(4) === crc32(code) ? code : null;
  } catch {
    return null;
  }
}

function writeCode(file: string, sourceSum: number, code: Buffer): void {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32LE(sourceSum, 0);
  header.writeUInt32LE(crc32(code), 4);
  const temporary = `${file}.${process.pid}`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    // Another run may read the file at this moment: it finds the old one or the new one, never half of one.
    writeFileSync(temporary, Buffer.concat([header, code]), { mode: 0o600 });
    renameSync(temporary, file);
  } catch {
    removeQuietly(temporary);
  }
}

function removeQuietly(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // The folder is none that could hold it.
  }
}
