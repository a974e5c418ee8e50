// Python source of a release: read for what it calls, never imported.
import type { FormatReading } from "../../core/scan.ts";
import { FULL } from "../combine.ts";
import { judgePython } from "../python/judge.ts";
import type { Scanner } from "../scanner.ts";

const MAX_BYTES = 4 * 1024 * 1024;

export const scanner: Scanner = {
  id: "python",
  risk: "executes-by-design",
  quiet: true,
  // Source has no mark; a NUL shows that it is none.
  claims: ({ path, head }) => /\.pyw?$/iu.test(path) && !head.includes(0),
  async scan(reader, { path }): Promise<FormatReading> {
    const length = Math.min(reader.sizeBytes, MAX_BYTES);
    const source = new TextDecoder().decode(await reader.read(0, length));
    return {
      format: "python",
      risk: "executes-by-design",
      coverage:
        length === reader.sizeBytes ? FULL : { state: "partial", code: "over-limit", detail: "source of more than 4 MiB", offset: length },
      hits: judgePython(source, path),
      tensors: [],
      parameters: null,
      metadata: new Map(),
    };
  },
};
