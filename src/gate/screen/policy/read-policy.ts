// Reads a policy file: strictly, with the line that is wrong.
import { createHash } from "node:crypto";
import { isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import { AjarError } from "../../../core/errors.ts";
import { plainIssue } from "../../../core/plain-issue.ts";
import { yamlProblem } from "../../../core/yaml-problem.ts";
import type { PolicyVersion } from "../../contract.ts";
import { type PolicyFile, policySchema } from "./schema.ts";

export interface ReadPolicy {
  readonly file: PolicyFile;
  readonly version: PolicyVersion;
  readonly lineOf: (path: readonly PropertyKey[]) => number;
}

const HINT = "docs/gate-filters.md has the form of a policy.";

/** @throws AjarError BAD_CONFIG naming file, line and what is wrong */
export function readPolicyFile(content: string, shown: string): ReadPolicy {
  const lines = new LineCounter();
  const document = parseDocument(content, { lineCounter: lines, prettyErrors: false, schema: "core" });
  const [broken] = document.errors;
  if (broken !== undefined) throw refusal(shown, lines.linePos(broken.pos[0]).line, yamlProblem(broken.code));
  const lineOf = (path: readonly PropertyKey[]): number => {
    for (let length = path.length; length > 0; length -= 1) {
      const node: unknown = document.getIn(path.slice(0, length), true);
      const range = isMap(node) || isSeq(node) || isScalar(node) ? node.range : undefined;
      if (range !== undefined && range !== null) return lines.linePos(range[0]).line;
    }
    return 1;
  };
  const keyLine = (path: readonly PropertyKey[], name: string): number | null => {
    const map: unknown = path.length === 0 ? document.contents : document.getIn(path, true);
    const key = isMap(map) ? map.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === name)?.key : undefined;
    return isScalar(key) && key.range ? lines.linePos(key.range[0]).line : null;
  };
  const parsed = policySchema.safeParse(toPlain(document, shown), { error: plainIssue });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const path = issue?.path ?? [];
    throw refusal(
      shown,
      (issue?.code === "unrecognized_keys" ? keyLine(path, issue.keys[0] ?? "") : null) ?? lineOf(path),
      [...(issue?.path.length ? [issue.path.join(".")] : []), issue?.message ?? "not what is expected here"].join(": "),
    );
  }
  const digest = `sha256:${createHash("sha256").update(content).digest("hex")}`;
  return { file: parsed.data, version: { id: parsed.data.id, digest }, lineOf };
}

export function refusal(shown: string, line: number, problem: string): AjarError {
  return new AjarError("BAD_CONFIG", `${shown}:${line}: ${problem}`, { subject: `${shown}:${line}`, hint: HINT });
}

function toPlain(document: ReturnType<typeof parseDocument>, shown: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch {
    throw refusal(shown, 1, yamlProblem("RESOURCE_EXHAUSTION"));
  }
}
