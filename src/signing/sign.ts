// Signs the files of a release with a key, and a certificate where there is one.
import { AjarError } from "../core/errors.ts";
import type { SigningResult } from "../core/signature.ts";
import { compareNames, GIT_PATHS } from "../identity/root-digest.ts";
import { bundleText, type NewBundle, parseBundle } from "./bundle.ts";
import { type Certificate, certificateFingerprint, subjectOf } from "./certificates.ts";
import { digestFiles } from "./digest-files.ts";
import { PAYLOAD_TYPE, preAuthEncoding } from "./dsse.ts";
import { isSignedBy, keyFingerprint, type SigningKey, signBytes } from "./keys.ts";
import { readModelTree } from "./model-tree.ts";
import { Refused } from "./refused.ts";
import { parseStatement, type Resource, statementText } from "./statement.ts";

export interface SignRequest {
  /** Absolute path of the release. */
  readonly modelPath: string;
  /** Name of the release: the last part of its path. */
  readonly modelName: string;
  readonly shown: { readonly model: string; readonly signature: string };
  readonly key: SigningKey;
  /** The signer's certificate first; empty: the bundle names the key alone. */
  readonly chain: readonly Certificate[];
  /** Where the signature will lie, relative to the release; null when outside. */
  readonly ownPath: string | null;
  /** Relative to the release. */
  readonly ignorePaths: readonly string[];
  readonly ignoreGitPaths: boolean;
  readonly allowSymlinks: boolean;
  /** Null: files are signed whole. */
  readonly shardBytes: number | null;
  readonly signal: AbortSignal;
  readonly progress: (message: string) => void;
  readonly threads?: number;
}

export interface Signed {
  readonly result: SigningResult;
  /** Text of the signature file. */
  readonly text: string;
}

/** What a signer signs with: bytes in, DER signature out, and what the bundle then tells of the signer. */
export interface Statement {
  readonly payload: Buffer;
  readonly root: string;
  readonly files: number;
  readonly ignored: readonly string[];
}

/** @throws AjarError NOT_SIGNABLE | CHANGED_WHILE_READ | UNREADABLE | NOT_FOUND | OVER_LIMIT | INTERRUPTED | BAD_KEY */
export async function signModel(request: SignRequest): Promise<Signed> {
  checkPair(request);
  const statement = await statementOf(request);
  const { payload } = statement;
  const data = preAuthEncoding(PAYLOAD_TYPE, payload);
  const signature = signBytes(request.key, data);
  const fingerprint = keyFingerprint(request.key.publicKey);
  const material: NewBundle["material"] =
    request.chain.length === 0 ? { hint: fingerprint } : { chain: request.chain.map(({ der }) => der) };
  const text = bundleText({ material, payload, signature, payloadType: PAYLOAD_TYPE });
  checkOwnWork(text, request.key);
  const [leaf] = request.chain;
  const certificate = leaf === undefined ? {} : { subject: subjectOf(leaf), certificateFingerprint: certificateFingerprint(leaf) };
  const { root, files, ignored } = statement;
  const method = leaf === undefined ? "key" : "certificate";
  const signer = { keyFingerprint: fingerprint, ...certificate };
  return { text, result: { ...request.shown, method, signer, root, files, ignored } };
}

function checkPair({ key, chain }: SignRequest): void {
  const [leaf] = chain;
  if (leaf === undefined || leaf.node.publicKey.equals(key.publicKey)) return;
  throw new AjarError("BAD_KEY", "the certificate is of another key", {
    hint: "Name the certificate that was issued for this key with --certificate.",
  });
}

/** The statement over the files as they are now. @throws as signModel */
export async function statementOf(request: Omit<SignRequest, "key" | "chain" | "shown">): Promise<Statement> {
  const { modelPath, ownPath, ignorePaths, ignoreGitPaths, allowSymlinks, shardBytes, signal } = request;
  const ignored = [...new Set([...(ownPath === null ? [] : [ownPath]), ...ignorePaths, ...(ignoreGitPaths ? GIT_PATHS : [])])].sort(
    compareNames,
  );
  const tree = readModelTree(modelPath, { ignore: ignored, allowSymlinks, signal });
  const [problem] = tree.problems;
  if (problem !== undefined) throw notSignable(problem.reason, problem.path ?? "", problem.detail);
  const digests = await digestFiles(tree.files, { ...request, hash: "sha256", shardBytes });
  const resources = digests.flatMap(({ resources: own }): readonly Resource[] => {
    if (own instanceof AjarError) throw own;
    return own;
  });
  if (resources.length === 0) throw new AjarError("NOT_SIGNABLE", "there is no file to sign", { subject: request.modelName });
  resources.sort((a, b) => compareNames(a.name, b.name));
  const text = statementText({ modelName: request.modelName, hash: "sha256", shardBytes, resources, ignorePaths: ignored, allowSymlinks });
  const payload = Buffer.from(text);
  return { payload, root: rootAsRead(payload), files: tree.files.length, ignored };
}

/** The root digest, read back as a verifier will: whatever it would refuse is found now. @throws AjarError NOT_SIGNABLE */
function rootAsRead(payload: Buffer): string {
  try {
    return parseStatement(payload).root ?? "";
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const { path = "", detail = "" } = error.refusal;
    throw new AjarError("NOT_SIGNABLE", "its name cannot be written into a signature", { subject: path, hint: detail });
  }
}

const WHY: Readonly<Record<string, string>> = {
  symlink: "a symbolic link, which a signature does not cover",
  special: "neither a file nor a folder",
  "bad-name": "its name is not UTF-8",
  unreadable: "cannot be read",
};

function notSignable(reason: string, path: string, detail: string | undefined): AjarError {
  const hint =
    reason === "symlink" && detail === undefined
      ? "Replace it by the file, leave it out with --ignore-paths, or take the file behind it with --allow-symlinks."
      : undefined;
  return new AjarError("NOT_SIGNABLE", WHY[reason] ?? reason, { subject: path, ...(hint === undefined ? {} : { hint }) });
}

/** @throws AjarError BUG when the signature that was just made does not hold */
function checkOwnWork(text: string, key: SigningKey): void {
  const { payload, payloadType, signature } = parseBundle(Buffer.from(text));
  if (isSignedBy(key.publicKey, preAuthEncoding(payloadType, payload), signature)) return;
  throw new AjarError("BUG", "the signature that was made does not hold");
}
