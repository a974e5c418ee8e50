// Tiny releases made by code: a listing with contents, as a source would hand them out.
import { AjarError } from "../../src/core/errors.ts";
import type { Source, SourceEntry, SourceKind } from "../../src/core/source.ts";
import { compareText } from "../../src/core/text.ts";

/** Text, null for a file whose content is not held, or a whole entry. */
export type MadeUpFile = string | null | Omit<SourceEntry, "path">;

export interface MadeUpOptions {
  readonly ref?: string;
  readonly kind?: SourceKind;
  readonly listingComplete?: boolean;
}

/** A source over files in memory; counts nothing, fails on nothing but what a file says of itself. */
export function madeUp(files: Readonly<Record<string, MadeUpFile>>, options: MadeUpOptions = {}): Source {
  const kind = options.kind ?? "recorded";
  const entryOf = (path: string, file: MadeUpFile): SourceEntry => {
    if (typeof file === "string") return { path, sizeBytes: Buffer.byteLength(file), content: "readable" };
    return file === null ? { path, sizeBytes: 1_000, content: "not-recorded" } : { path, ...file };
  };
  return {
    ref: options.ref ?? `${kind}:acme__tern`,
    kind,
    revision: "0123456789abcdef0123456789abcdef01234567",
    listingComplete: options.listingComplete ?? true,
    listingProblem: null,
    usage: { bytesRead: 0, requests: 0 },
    async *list() {
      for (const [path, file] of Object.entries(files).sort(([a], [b]) => compareText(a, b))) yield entryOf(path, file);
    },
    async read(path, range) {
      const file = files[path];
      if (typeof file !== "string") throw new AjarError("NOT_RECORDED", `${path}: not held`, { subject: path });
      const bytes = new TextEncoder().encode(file);
      return range === undefined ? bytes : bytes.slice(range.start, range.start + range.length);
    },
    async close() {},
  };
}

export const MIT: string = `MIT License

Copyright (c) 2025 Acme

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
`;
