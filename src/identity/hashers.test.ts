import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { AjarError } from "../core/errors.ts";
import { signatureOf } from "../sources/local-file.ts";
import { hashFiles } from "./hash-pool.ts";
import { hasherOf, loadHasher } from "./hashers.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

test("BLAKE3 has to be loaded first, and then is what its own library says", async () => {
  expect(() => hasherOf("blake3")).toThrow(AjarError);
  await loadHasher("blake3");
  // From the blake3 package of PyPI, 1.0.11.
  for (const [content, digest] of [
    ["", "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"],
    ["hi", "85052e9aab1b67b6622d94a08441b09fd5b7aca61ee360416d70de5da67d86ca"],
    ["x".repeat(100_000), "93c9cbad5f20030da777768b85452873d5a5aa409b96a226874593d5dc240b46"],
  ] as const) {
    const hasher = hasherOf("blake3");
    for (let at = 0; at < content.length; at += 999) hasher.update(Buffer.from(content.slice(at, at + 999)));
    expect(hex(hasher.digest())).toBe(digest);
  }
});

test("threads know it too", async () => {
  const folder = mkdtempSync(join(tmpdir(), "ajar-hashers-"));
  try {
    const file = join(folder, "large.bin");
    const content = Buffer.alloc(17 * 1024 ** 2, "ajar");
    writeFileSync(file, content);
    await loadHasher("blake3");
    const whole = hasherOf("blake3");
    whole.update(content);
    const stats = statSync(file, { bigint: true });
    const bytes = { file: Buffer.from(file), start: 0, length: content.length, signature: signatureOf(stats) };
    const [result] = await hashFiles([{ bytes, shown: "large.bin", wantsFile: true, spans: [], algorithm: "blake3" }], {
      signal: new AbortController().signal,
    });
    expect(result instanceof AjarError ? result.message : hex(result?.file ?? new Uint8Array(0))).toBe(hex(whole.digest()));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
