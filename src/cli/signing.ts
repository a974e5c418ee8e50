// What `ajar sign` and `ajar verify` share: where the release and its signature are, and the files that keys come from.
import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { AjarError } from "../core/errors.ts";
import { type Certificate, readCertificates } from "../signing/certificates.ts";
import { nameFault } from "../signing/names.ts";
import type { CommandContext } from "./command.ts";

export interface SigningPlaces {
  /** Absolute, without links. */
  readonly modelPath: string;
  readonly modelName: string;
  /** Absolute. */
  readonly signaturePath: string;
  /** The signature relative to the release, when it lies in it. */
  readonly ownPath: string | null;
  readonly shown: { readonly model: string; readonly signature: string };
  /** Relative to the release. */
  readonly ignorePaths: readonly string[];
}

/** Keys, certificates and tokens take a page; a trusted root some. */
const MAX_FILE_BYTES = 4 * 1024 ** 2;
const DEFAULT_NAME = "model.sig";

/** Works out the places that a command line names. @throws AjarError NOT_FOUND, BAD_OPTION */
export function signingPlaces({ operands, options, cwd }: CommandContext, signatureOption: string | undefined): SigningPlaces {
  const model = operands[0] ?? ".";
  const given = resolve(cwd, model);
  if (!existsSync(given))
    throw new AjarError("NOT_FOUND", "there is no such file or folder", {
      subject: model,
      hint: "Signatures are for files on this machine.",
    });
  const modelPath = realpathSync(given);
  const isFolder = statSync(modelPath).isDirectory();
  const signature = signatureOption ?? (isFolder ? join(model, DEFAULT_NAME) : `${model}.sig`);
  const signaturePath = throughFolders(resolve(cwd, signature));
  return {
    modelPath,
    modelName: basename(modelPath),
    signaturePath,
    ownPath: isFolder ? inside(modelPath, signaturePath) : null,
    shown: { model, signature },
    ignorePaths: options.list("ignore-paths").map((path) => ignored(path, modelPath, cwd)),
  };
}

/** A path whose folders are without links; its last part may be one, or not be there yet. */
function throughFolders(path: string): string {
  const folder = dirname(path);
  return existsSync(folder) ? join(realpathSync(folder), basename(path)) : path;
}

/** Relative to the folder with `/`, or null when it does not lie in it. */
function inside(folder: string, path: string): string | null {
  const found = relative(folder, path);
  const isInside = found !== "" && found !== ".." && !found.startsWith(`..${sep}`) && !isAbsolute(found);
  return isInside ? found.split(sep).join("/") : null;
}

/** Counted from the working folder where that leads into the release, else from the release. @throws AjarError BAD_OPTION */
function ignored(path: string, modelPath: string, cwd: string): string {
  const fromHere = inside(modelPath, throughFolders(resolve(cwd, path)));
  const found = fromHere ?? (isAbsolute(path) ? null : path.replace(/^\.\/|\/+$/gu, ""));
  if (found !== null && nameFault(found) === null) return found;
  throw new AjarError("BAD_OPTION", "does not lie in the release", { subject: `--ignore-paths ${path}` });
}

/** A file that the user named. @throws AjarError NOT_FOUND, UNREADABLE, OVER_LIMIT */
export function readNamed(file: string, cwd: string, limitBytes = MAX_FILE_BYTES): Buffer {
  const path = resolve(cwd, file);
  try {
    const stats = statSync(path);
    if (!stats.isFile()) throw new AjarError("UNREADABLE", "is no file", { subject: file });
    if (stats.size > limitBytes)
      throw new AjarError("OVER_LIMIT", `${stats.size} bytes are over the limit of ${limitBytes}`, { subject: file });
    return readFileSync(path);
  } catch (cause) {
    if (cause instanceof AjarError) throw cause;
    const missing = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
    throw new AjarError(missing ? "NOT_FOUND" : "UNREADABLE", missing ? "there is no such file" : "the file cannot be read", {
      subject: file,
      cause,
    });
  }
}

/** A file that decides whom to trust. One that came with the release would let it vouch for itself. @throws as readNamed, and BAD_OPTION */
export function readTrustFile(option: string, file: string, cwd: string, modelPath: string): Buffer {
  const path = resolve(cwd, file);
  const real = existsSync(path) ? realpathSync(path) : path;
  if (real === modelPath || inside(modelPath, real) !== null) {
    const hint = "A release cannot vouch for itself. Take the file from somebody you trust, and keep it elsewhere.";
    throw new AjarError("BAD_OPTION", "lies inside what is verified and is not trusted", { subject: `--${option} ${file}`, hint });
  }
  return readNamed(file, cwd);
}

/** Certificates of several PEM files. @throws AjarError BAD_KEY and those of `read` */
export function certificatesIn(files: readonly string[], read: (file: string) => Buffer): readonly Certificate[] {
  return files.flatMap((file) => readCertificates(read(file), file));
}
