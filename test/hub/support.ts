import { inspect } from "node:util";
import { expect } from "vitest";
import type { AjarError } from "../../src/core/errors.ts";
import { DEFAULT_LIMITS, type Source, type SourceContext, type SourceEntry } from "../../src/core/source.ts";
import type { StubFile, StubRepository } from "./stub-server.ts";

export const TOKEN = "hf_VerySecretTokenOfTheTests";
export const SHA = "0123456789abcdef0123456789abcdef01234567";

/** A context that knows nothing of the machine it runs on. */
export function contextFor(env: Record<string, string>, overrides: Partial<SourceContext> = {}): SourceContext {
  return {
    offline: false,
    env,
    cwd: "/nonexistent",
    signal: new AbortController().signal,
    limits: { ...DEFAULT_LIMITS, timeoutMs: 2000 },
    progress: () => undefined,
    ...overrides,
  };
}

export function text(content: string): Uint8Array {
  return new TextEncoder().encode(content);
}

export function utf8(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** A made-up tiny model file: a safetensors header and some bytes. */
export function weights(sizeBytes: number): Uint8Array {
  const header = text('{"w":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}}');
  const bytes = new Uint8Array(sizeBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.byteLength), true);
  bytes.set(header, 8);
  for (let at = 8 + header.byteLength; at < sizeBytes; at += 1) bytes[at] = at % 251;
  return bytes;
}

export const FILES: readonly StubFile[] = [
  { path: ".gitattributes", bytes: text("*.safetensors filter=lfs\n") },
  { path: "LICENSE", bytes: text("Terms of the made-up model.\n") },
  { path: "README.md", bytes: text("---\nlicense: other\n---\n# Made-up model\n") },
  { path: "config.json", bytes: text('{"model_type":"made-up"}') },
  { path: "model.safetensors", bytes: weights(300_000), isLfs: true },
  { path: "empty.txt", bytes: new Uint8Array(0) },
  { path: "notes/a b#c?d%.md", bytes: text("odd name") },
  { path: "数据/说明.md", bytes: text("名字") },
];

export function repository(overrides: Partial<StubRepository> = {}): StubRepository {
  return { key: "models/maker/tiny", sha: SHA, files: FILES, branches: ["v1.0", "refs/pr/1"], ...overrides };
}

export async function listAll(source: Source): Promise<readonly SourceEntry[]> {
  const entries: SourceEntry[] = [];
  for await (const entry of source.list()) entries.push(entry);
  return entries;
}

/** What a call fails with; it never holds the token. */
export async function failure(promise: Promise<unknown>): Promise<AjarError> {
  const error: unknown = await promise.then(
    () => expect.fail("it went well"),
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ name: "AjarError" });
  expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(TOKEN);
  return error as AjarError;
}
