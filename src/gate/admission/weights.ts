// Which file of a release the embedded engine loads: one GGUF, or the numbered parts of one.
import { AjarError } from "../../core/errors.ts";
import type { SourceEntry } from "../../core/source.ts";
import { compareText } from "../../core/text.ts";

/** The parts in order; one for a model in one file. */
export type WeightSet = readonly [SourceEntry, ...SourceEntry[]];

/** `name-00001-of-00003.gguf`, as llama.cpp's gguf-split writes them. */
const PART = /-(\d{5})-of-(\d{5})\.gguf$/iu;
/** Encoders of pictures and sound that go beside a model. */
const PROJECTOR = /^mmproj\b/iu;
const SHOWN = 8;

/**
 * @param wanted path or file name, of the first part where there are several
 * @throws AjarError UNSUPPORTED where there is none, BAD_OPTION where it is not clear which
 */
export function pickWeights(ref: string, entries: readonly SourceEntry[], wanted: string | undefined): WeightSet {
  const candidates = entries.filter(({ path }) => /\.gguf$/iu.test(path) && !PROJECTOR.test(nameOf(path)));
  const firsts = candidates.filter(({ path }) => (PART.exec(path)?.[1] ?? "00001") === "00001").sort((a, b) => compareText(a.path, b.path));
  const matching = wanted === undefined ? firsts : firsts.filter(({ path }) => path === wanted || nameOf(path) === wanted);
  const [first, ...others] = matching;
  if (first === undefined) throw wanted === undefined ? none(ref) : unclear(ref, firsts, wanted);
  if (others.length > 0) throw unclear(ref, matching, wanted);
  return checkReadable(ref, partsOf(ref, first, candidates));
}

function partsOf(ref: string, first: SourceEntry, candidates: readonly SourceEntry[]): WeightSet {
  const match = PART.exec(first.path);
  if (match === null) return [first];
  const [suffix, , total] = match;
  const stem = first.path.slice(0, -suffix.length);
  const rest = Array.from({ length: Number(total) - 1 }, (_, at) => {
    const path = `${stem}-${String(at + 2).padStart(5, "0")}-of-${total}.gguf`;
    const part = candidates.find((candidate) => candidate.path.toLowerCase() === path.toLowerCase());
    if (part === undefined) throw new AjarError("NOT_FOUND", `${path}: a part of the model is missing`, { subject: ref });
    return part;
  });
  return [first, ...rest];
}

/** llama.cpp is given the first part and finds the others by its name, letter by letter: those have to be the files that were looked at. */
export function isFoundByName(files: readonly string[]): boolean {
  const [first] = files;
  if (first === undefined || files.length === 1) return true;
  const total = String(files.length).padStart(5, "0");
  const stem = first.slice(0, -`-00001-of-${total}.gguf`.length);
  return files.every((file, at) => file === `${stem}-${String(at + 1).padStart(5, "0")}-of-${total}.gguf`);
}

function checkReadable(ref: string, set: WeightSet): WeightSet {
  for (const { path, content } of set) {
    if (content === "readable") continue;
    throw new AjarError("UNREADABLE", `${path}: its content cannot be had here (${content})`, {
      subject: ref,
      hint: "Fetch the file itself, then serve the folder.",
    });
  }
  return set;
}

function nameOf(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("!")) + 1);
}

function none(ref: string): AjarError {
  return new AjarError("UNSUPPORTED", "no GGUF file in it; the embedded engine runs no other format", {
    subject: ref,
    hint: "Serve it with vLLM, llama-server or Ollama, and name that server with --upstream.",
  });
}

function unclear(ref: string, among: readonly SourceEntry[], wanted: string | undefined): AjarError {
  const names = among.slice(0, SHOWN).map(({ path }) => path);
  const list = `${names.join(", ")}${among.length > SHOWN ? " …" : ""}`;
  const what =
    wanted === undefined ? "several models in it; which one is to be served?" : `not exactly one model of the name ${wanted} in it`;
  return new AjarError("BAD_OPTION", what, { subject: ref, hint: `Name one with --file: ${list}.` });
}
