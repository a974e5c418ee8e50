// The files of a release as signing sees them: every regular file below a folder, by its exact name. Unlike an audit's
// listing, nothing is taken for something else here: a Git LFS pointer is a file, and a name that is not UTF-8 is a problem.
import { lstatSync, readdirSync, realpathSync, statSync } from "node:fs";
import { AjarError } from "../core/errors.ts";
import type { Refusal, RefusalReason } from "../core/signature.ts";
import type { LocalBytes } from "../core/source.ts";
import { belowAny } from "../identity/root-digest.ts";
import { errnoWords, signatureOf } from "../sources/local-file.ts";
import { SINGLE_FILE } from "./names.ts";

export interface TreeFile {
  /** Relative to the release, as a signature names it. */
  readonly name: string;
  readonly bytes: LocalBytes;
}

export interface ModelTree {
  /** In the order of the walk. */
  readonly files: readonly TreeFile[];
  /** Files that the options leave out, by name. */
  readonly ignored: readonly string[];
  /** What a signature cannot cover: links, pipes, names that are not UTF-8, folders that cannot be read. */
  readonly problems: readonly Refusal[];
}

export interface TreeOptions {
  /** Paths relative to the release; what is below them is left out as well. */
  readonly ignore: readonly string[];
  /** Links to files are read as the files; links to folders never are. */
  readonly allowSymlinks: boolean;
  readonly signal: AbortSignal;
}

/** More files than any release has; bounds memory. */
const MAX_FILES = 1_000_000;

/** @throws AjarError NOT_FOUND | UNREADABLE when there is no such release, OVER_LIMIT, INTERRUPTED */
export function readModelTree(path: string, options: TreeOptions): ModelTree {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (stats === undefined) throw new AjarError("NOT_FOUND", "there is no such file or folder", { subject: path });
  const root = Buffer.from(realpathSync(path));
  if (stats.isFile()) {
    const bytes = { file: root, start: 0, length: Number(stats.size), signature: signatureOf(stats) };
    return { files: [{ name: SINGLE_FILE, bytes }], ignored: [], problems: [] };
  }
  if (!stats.isDirectory()) throw new AjarError("UNREADABLE", "neither a folder nor a file", { subject: path });
  return new TreeWalk(root, options).run();
}

interface Place {
  readonly real: Buffer;
  readonly name: string;
}

class TreeWalk {
  readonly #options: TreeOptions;
  readonly #isIgnored: (name: string) => boolean;
  readonly #files: TreeFile[] = [];
  readonly #ignored: string[] = [];
  readonly #problems: Refusal[] = [];
  readonly #folders: Place[];

  constructor(root: Buffer, options: TreeOptions) {
    this.#options = options;
    this.#isIgnored = belowAny(options.ignore);
    this.#folders = [{ real: root, name: "" }];
  }

  run(): ModelTree {
    for (let folder = this.#folders.pop(); folder !== undefined; folder = this.#folders.pop()) {
      if (this.#options.signal.aborted) throw new AjarError("INTERRUPTED", "interrupted while the files were listed");
      for (const entry of this.#entries(folder)) this.#enter(folder, entry);
    }
    return { files: this.#files, ignored: this.#ignored, problems: this.#problems };
  }

  #entries({ real, name }: Place): readonly Buffer[] {
    try {
      return readdirSync(real, { encoding: "buffer" });
    } catch (cause) {
      this.#problem("unreadable", name, errnoWords(cause));
      return [];
    }
  }

  #enter(folder: Place, entry: Buffer): void {
    const real = Buffer.concat([folder.real, Buffer.from("/"), entry]);
    const segment = decoded(entry);
    const prefix = folder.name === "" ? "" : `${folder.name}/`;
    const name = `${prefix}${segment ?? entry.toString("latin1")}`;
    if (segment !== null && this.#isIgnored(name)) {
      this.#ignored.push(name);
      return;
    }
    if (segment === null) this.#problem("bad-name", name);
    else this.#look({ real, name });
  }

  #look(place: Place): void {
    try {
      const stats = lstatSync(place.real, { bigint: true });
      if (stats.isDirectory()) this.#folders.push(place);
      else if (stats.isSymbolicLink()) this.#link(place);
      else if (stats.isFile()) this.#add(place, place.real, stats);
      else this.#problem("special", place.name);
    } catch (cause) {
      this.#problem("unreadable", place.name, errnoWords(cause));
    }
  }

  #link(place: Place): void {
    const { real, name } = place;
    if (!this.#options.allowSymlinks) {
      this.#problem("symlink", name);
      return;
    }
    const target = realpathSync(real, { encoding: "buffer" });
    const stats = lstatSync(target, { bigint: true });
    // A folder behind a link could hold anything and change without a trace here.
    if (stats.isFile()) this.#add(place, target, stats);
    else this.#problem("symlink", name, "leads to no file");
  }

  #add({ name }: Place, file: Buffer, stats: Parameters<typeof signatureOf>[0]): void {
    if (this.#files.length >= MAX_FILES) throw new AjarError("OVER_LIMIT", `more than ${MAX_FILES} files`, { subject: name });
    this.#files.push({ name, bytes: { file, start: 0, length: Number(stats.size), signature: signatureOf(stats) } });
  }

  #problem(reason: RefusalReason, path: string, detail?: string): void {
    this.#problems.push({ reason, path, ...(detail === undefined ? {} : { detail }) });
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decoded(name: Buffer): string | null {
  try {
    return utf8.decode(name);
  } catch {
    return null;
  }
}
