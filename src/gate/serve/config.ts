// ajar-gate.yaml: what a gate serves and by which rules. docs/gate.md describes every key; a wrong one is refused with its line.
import { isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import * as z from "zod";
import { AjarError } from "../../core/errors.ts";
import { plainIssue } from "../../core/plain-issue.ts";
import { yamlProblem } from "../../core/yaml-problem.ts";

const name = z.string().regex(/^[\w][\w.:/-]{0,127}$/u, "not a name: letters, digits and . _ : / - are taken");
const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/u, "not sha256: and 64 hex digits");
const path = z.string().min(1).max(4096);
const count = z.number().int().positive();

const model = z.strictObject({
  /** Any target that `ajar audit` takes. */
  from: z.string().min(1).max(4096),
  name: name.optional(),
  file: path.optional(),
  /** Safety rules whose findings do not keep it from being served. */
  allow_findings: z.array(z.string().min(1).max(64)).default([]),
  /** Tokens of one request, question and answer. */
  context: count.max(10_000_000).optional(),
  /** Requests answered at once. */
  parallel: count.max(64).default(2),
});

const upstream = z.strictObject({
  url: z.string().min(1).max(2048),
  /** All models that the server lists when absent. */
  name: name.optional(),
  /** By which the server knows it; `name` when absent. */
  model: z.string().min(1).max(256).optional(),
  /** Variable with the key that is sent to it. */
  key_env: z.string().min(1).max(128).optional(),
  allow_private: z.boolean().default(false),
  concurrency: count.max(10_000).default(64),
  /** What its operator states about the weights; nobody checks it. */
  digests: z.strictObject({ files: z.array(digest).default([]), weights: digest.optional(), release: digest.optional() }).optional(),
  license: z.string().min(1).max(256).optional(),
  bases: z.array(z.string().min(1).max(512)).default([]),
});

const limits = z.strictObject({
  body_bytes: count.optional(),
  queue: z.number().int().nonnegative().optional(),
  queue_ms: count.optional(),
  connections: count.optional(),
  drain_ms: z.number().int().nonnegative().optional(),
});

const feedKey = z.string().min(1).max(256);
const date = z.iso.date("not a day, as 2027-01-31");

/** A feed of recalls, and what its issuer may do here. */
const recall = z.strictObject({
  from: z.string().min(1).max(2048),
  key: feedKey.optional(),
  /** A key alone, or with the day (UTC) from whose beginning it does not count any more. */
  keys: z
    .array(z.union([feedKey, z.strictObject({ key: feedKey, not_after: date })]))
    .max(64)
    .default([]),
  threshold: z.number().int().min(1).max(64).default(1),
  role: z.enum(["publisher", "operator", "third-party"]).default("third-party"),
  namespaces: z.array(z.string().min(1).max(96)).max(1000).default([]),
  may_block: z.boolean().default(false),
  declared_links: z.enum(["warn", "block"]).default("warn"),
  max_age_hours: z.number().int().min(1).max(8760).default(168),
  on_stale: z.enum(["serve", "warn", "block"]).default("warn"),
});

/** Texts of requests and answers in the log, encrypted; without it there are none. */
const content = z.strictObject({
  /** With the 32 bytes that they are encrypted with. */
  key_file: path,
  keep: z
    .array(z.enum(["input", "output"]))
    .min(1)
    .max(2)
    .default(["input", "output"]),
  of: z.enum(["all", "found"]).default("all"),
  /** Of one text: both, escaped and encrypted, have to go into one line of the log. */
  max_bytes: count.max(1024 ** 2).default(256 * 1024),
});

const schema = z.strictObject({
  version: z.literal(1),
  host: z.string().min(1).max(255).optional(),
  port: z.number().int().min(0).max(65_535).optional(),
  models: z.array(model).default([]),
  upstreams: z.array(upstream).default([]),
  /** Threads that calculate. */
  threads: count.max(512).optional(),
  gpu: z.boolean().optional(),
  policy: path.optional(),
  keys: path.optional(),
  door_store: z.string().min(1).max(4096).optional(),
  /** Longer than a minute nobody goes on without its store: `ajar shut` waits for it. */
  door_lease_seconds: count.max(60).optional(),
  recalls: z.array(recall).default([]),
  /** Between two looks at the feeds, on average. */
  recalls_every_seconds: count.max(3600).optional(),
  log: path.optional(),
  log_content: content.optional(),
  limits: limits.optional(),
});

export type GateConfig = z.infer<typeof schema>;
type ContentConfig = z.infer<typeof content>;
export type ModelConfig = z.infer<typeof model>;
export type UpstreamConfig = z.infer<typeof upstream>;

export const EMPTY_CONFIG: GateConfig = schema.parse({ version: 1 });
/** What is kept where only a key is named. */
export const ALL_CONTENT: Omit<ContentConfig, "key_file"> = content.omit({ key_file: true }).parse({});

/** @param shown the file as messages name it @throws AjarError BAD_CONFIG with file, line and key */
export function parseGateConfig(text: string, shown: string): GateConfig {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, schema: "core", stringKeys: true });
  const [broken] = document.errors;
  if (broken !== undefined) throw bad(shown, lines.linePos(broken.pos[0]).line, yamlProblem(broken.code));
  const parsed = schema.safeParse(plainOf(document, shown), { error: plainIssue });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const at = [...(issue?.path ?? []), ...(issue?.code === "unrecognized_keys" ? issue.keys.slice(0, 1) : [])];
    throw bad(
      shown,
      lineAt(document, lines, at),
      `${at.length === 0 ? "" : `${at.join(".")}: `}${issue?.message ?? "not what is expected here"}`,
    );
  }
  const twice = firstTwice([
    ...parsed.data.models.flatMap((one) => one.name ?? []),
    ...parsed.data.upstreams.flatMap((one) => one.name ?? []),
  ]);
  if (twice !== null) throw bad(shown, 1, `two models have the name ${twice}`);
  return parsed.data;
}

export function firstTwice(names: readonly string[]): string | null {
  return names.find((one, at) => names.indexOf(one) !== at) ?? null;
}

function plainOf(document: ReturnType<typeof parseDocument>, shown: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch {
    throw bad(shown, 1, yamlProblem("RESOURCE_EXHAUSTION"));
  }
}

function lineAt(document: ReturnType<typeof parseDocument>, lines: LineCounter, where: readonly PropertyKey[]): number {
  for (let length = where.length; length > 0; length -= 1) {
    const node: unknown = document.getIn(where.slice(0, length), true);
    const range = isMap(node) || isSeq(node) || isScalar(node) ? node.range : undefined;
    if (range !== undefined && range !== null) return lines.linePos(range[0]).line;
  }
  return 1;
}

function bad(shown: string, line: number, problem: string): AjarError {
  return new AjarError("BAD_CONFIG", `${shown}:${line}: ${problem}`, {
    subject: `${shown}:${line}`,
    hint: "docs/gate.md describes every key; ajar serve --check tells whether a file is right.",
  });
}
