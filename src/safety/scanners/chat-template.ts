// Chat templates in files of their own, as transformers saves them since 4.43 (chat_template.jinja).
import type { FormatReading } from "../../core/scan.ts";
import { FULL } from "../combine.ts";
import { judgeTemplate } from "../jinja/judge.ts";
import type { Scanner } from "../scanner.ts";

const MAX_BYTES = 4 * 1024 * 1024;

export const scanner: Scanner = {
  id: "jinja",
  risk: "may-execute",
  // Jinja has no mark: its name, and a tag in it.
  claims: ({ path, head }) => /\.jinja2?$/iu.test(path) && /\{[{%#]/u.test(new TextDecoder("latin1").decode(head)),
  async scan(reader, { path }): Promise<FormatReading> {
    const length = Math.min(reader.sizeBytes, MAX_BYTES);
    const source = new TextDecoder().decode(await reader.read(0, length));
    const isWhole = length === reader.sizeBytes;
    return {
      format: "jinja",
      risk: "may-execute",
      coverage: isWhole ? FULL : { state: "partial", code: "over-limit", detail: "a template of more than 4 MiB", offset: length },
      hits: judgeTemplate(source, { start: 0, end: length, name: path.slice(path.lastIndexOf("/") + 1) }),
      tensors: [],
      parameters: null,
      metadata: new Map(),
    };
  },
};
