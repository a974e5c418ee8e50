// What is signed: an in-toto statement with the digest of each file and the root digest over them
// (model-signing-spec v1.0, "Predicate"; in-toto/attestation, spec/v1/statement.md).
import { rootOf } from "../identity/root-digest.ts";
import { Fields, parseObject } from "./json.ts";
import { nameFault } from "./names.ts";
import { Refused } from "./refused.ts";

const STATEMENT_TYPE = "https://in-toto.io/Statement/v1";
const PREDICATE_TYPE = "https://model_signing/signature/v1.0";
/** Before 1.0: the files are the subjects, and nothing says how they were chosen. */
const OLD_PREDICATE_TYPE = "https://model_signing/Digests/v0.1";

export type HashName = "sha256" | "blake2b" | "blake3";

export interface Resource {
  /** Path relative to the release; of a shard `path:start:end`. */
  readonly name: string;
  /** Hex. */
  readonly digest: string;
}

export interface Statement {
  readonly modelName: string;
  /** Hex; null in the old form, which has none. */
  readonly root: string | null;
  readonly hash: HashName;
  /** Bytes of a shard; null when files are signed whole. */
  readonly shardBytes: number | null;
  readonly resources: readonly Resource[];
  readonly ignorePaths: readonly string[];
  readonly isOldForm: boolean;
}

const HASHES: ReadonlyMap<string, HashName> = new Map(
  Object.entries({ sha256: "sha256", blake2b: "blake2b", blake2: "blake2b", blake3: "blake3" }),
);
const HEX_LENGTHS: Readonly<Record<HashName, number>> = { sha256: 64, blake2b: 128, blake3: 64 };

/** @throws Refused */
export function parseStatement(payload: Uint8Array): Statement {
  const statement = new Fields(parseObject(payload, "not-a-statement"), "", "not-a-statement");
  if (statement.text("_type") !== STATEMENT_TYPE) statement.fail("_type", `not ${STATEMENT_TYPE}`);
  const predicateType = statement.text("predicateType");
  if (predicateType === OLD_PREDICATE_TYPE) return oldStatement(statement);
  if (predicateType !== PREDICATE_TYPE) statement.fail("predicateType", `not ${PREDICATE_TYPE}`);
  const [subject, ...others] = statement.objects("subject");
  if (subject === undefined || others.length > 0) return statement.fail("subject", "not exactly one");
  const predicate = statement.fields("predicate");
  const { hash, shardBytes, ignorePaths } = serializationOf(predicate.fields("serialization"));
  const algorithm = shardBytes === null ? [hash] : [hash, `${hash}-sharded-${shardBytes}`];
  const resources = predicate.objects("resources").map((resource) => {
    if (!algorithm.includes(resource.text("algorithm"))) resource.fail("algorithm", `not ${algorithm.at(-1)}`);
    return resourceOf(resource.text("name"), digestOf(resource, "digest", hash));
  });
  checkResources(resources);
  const root = digestOf(subject.fields("digest"), "sha256", "sha256");
  const actual = rootOf(resources);
  if (actual !== root) throw new Refused("root-differs", { expected: root, actual });
  return { modelName: subject.optionalText("name") ?? "", root, hash, shardBytes, resources, ignorePaths, isOldForm: false };
}

function oldStatement(statement: Fields): Statement {
  const resources = statement
    .objects("subject")
    .map((subject) => resourceOf(subject.text("name"), digestOf(subject.fields("digest"), "sha256", "sha256")));
  checkResources(resources);
  return { modelName: "", root: null, hash: "sha256", shardBytes: null, resources, ignorePaths: [], isOldForm: true };
}

type Serialization = Pick<Statement, "hash" | "shardBytes" | "ignorePaths">;

function serializationOf(serialization: Fields): Serialization {
  const method = serialization.text("method");
  const hashType = serialization.text("hash_type");
  const hash = HASHES.get(hashType);
  if (hash === undefined) throw new Refused("unsupported", { detail: `hash_type ${hashType.slice(0, 40)}` });
  if (method !== "files" && method !== "shards") throw new Refused("unsupported", { detail: `method ${method.slice(0, 40)}` });
  const shardBytes = method === "shards" ? serialization.number("shard_size") : null;
  const ignorePaths = serialization.has("ignore_paths")
    ? serialization.list("ignore_paths").map((path) => (typeof path === "string" ? path : serialization.fail("ignore_paths", "not texts")))
    : [];
  return { hash, shardBytes, ignorePaths };
}

function digestOf(fields: Fields, key: string, hash: HashName): string {
  const digest = fields.text(key);
  if (digest.length !== HEX_LENGTHS[hash] || !/^[0-9a-f]+$/u.test(digest))
    fields.fail(key, `not ${HEX_LENGTHS[hash]} hex digits in lower case`);
  return digest;
}

function resourceOf(name: string, digest: string): Resource {
  const fault = nameFault(name);
  if (fault !== null) throw new Refused("unsafe-name", { path: name.slice(0, 300), detail: fault });
  return { name, digest };
}

function checkResources(resources: readonly Resource[]): void {
  if (resources.length === 0) throw new Refused("not-a-statement", { detail: "no resources" });
  const seen = new Set<string>();
  for (const { name } of resources) {
    if (seen.has(name)) throw new Refused("duplicate-resource", { path: name });
    seen.add(name);
  }
}

/** The statement to be signed, as JSON text. `resources` must be sorted. */
export function statementText(statement: Omit<Statement, "root" | "isOldForm"> & { readonly allowSymlinks: boolean }): string {
  const { modelName, hash, shardBytes, resources, ignorePaths, allowSymlinks } = statement;
  const algorithm = shardBytes === null ? hash : `${hash}-sharded-${shardBytes}`;
  return JSON.stringify({
    _type: STATEMENT_TYPE,
    subject: [{ name: modelName, digest: { sha256: rootOf(resources) } }],
    predicateType: PREDICATE_TYPE,
    predicate: {
      serialization: {
        method: shardBytes === null ? "files" : "shards",
        hash_type: hash,
        ...(shardBytes === null ? {} : { shard_size: shardBytes }),
        allow_symlinks: allowSymlinks,
        ignore_paths: ignorePaths,
      },
      resources: resources.map(({ name, digest }) => ({ name, algorithm, digest })),
    },
  });
}
