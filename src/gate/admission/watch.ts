// Files of a served model are looked at again and again: who changes one stops the model.

import { createHash } from "node:crypto";
import { createReadStream, lstatSync, statSync } from "node:fs";

/** What a file looked like: any write, replacement or resize makes another mark. */
export interface FileMark {
  /** Device, inode, size, times of content and of entry. */
  readonly mark: string;
  readonly sizeBytes: number;
}

/** A missing file has a mark of its own. */
export function markFile(path: string): FileMark {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = lstatSync(path, { bigint: true });
    return { mark: `${dev}:${ino}:${size}:${mtimeNs}:${ctimeNs}`, sizeBytes: Number(size) };
  } catch {
    return { mark: "missing", sizeBytes: -1 };
  }
}

export function sameMarks(marks: readonly FileMark[], files: readonly string[]): boolean {
  return marks.every(({ mark }, at) => mark === markFile(files[at] ?? "").mark);
}

export interface Watched {
  readonly files: readonly string[];
  readonly marks: readonly FileMark[];
  /** SHA-256 (hex) of each, as they were admitted. */
  readonly digests: readonly string[];
}

export interface WatchOptions {
  /** Milliseconds between looks. */
  readonly every: number;
  /** Called once, when a file is another one than was admitted. */
  readonly changed: (file: string) => void;
}

/**
 * The marks that the files have now; null where one is another file than was admitted. What only looks different is hashed again.
 */
export async function sameFiles({ files, marks, digests }: Watched): Promise<readonly FileMark[] | null> {
  const seen: FileMark[] = [];
  for (const [at, file] of files.entries()) {
    const mark = markFile(file);
    if (mark.mark !== marks[at]?.mark && !((await hashOf(file, digests[at])) && markFile(file).mark === mark.mark)) return null;
    seen.push(mark);
  }
  return seen;
}

/**
 * Looks at the marks; where one differs the content is hashed again, and the model goes on only if it is the same. Returns how to stop.
 */
export function watchFiles(watched: Watched, { every, changed }: WatchOptions): () => void {
  const marks = [...watched.marks];
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    isStopped = true;
    clearTimeout(timer);
  };
  const look = async (): Promise<void> => {
    for (const [at, file] of watched.files.entries()) {
      const seen = markFile(file);
      if (seen.mark === marks[at]?.mark) continue;
      const isSame = (await hashOf(file, watched.digests[at])) && markFile(file).mark === seen.mark;
      if (isStopped) return;
      if (!isSame) {
        stop();
        changed(file);
        return;
      }
      marks[at] = seen;
    }
    again();
  };
  const again = (): void => {
    if (isStopped) return;
    timer = setTimeout(() => void look(), every);
    timer.unref();
  };
  again();
  return stop;
}

/** False where the file is no regular one, cannot be read, or has another content. */
async function hashOf(file: string, wanted: string | undefined): Promise<boolean> {
  try {
    if (!statSync(file).isFile()) return false;
    const hash = createHash("sha256");
    for await (const chunk of createReadStream(file)) hash.update(chunk as Uint8Array);
    return hash.digest("hex") === wanted;
  } catch {
    return false;
  }
}
