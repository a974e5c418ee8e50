// Small releases written into a temporary folder.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A temporary folder with these files; `remove` deletes it. */
export function folderWith(files: Readonly<Record<string, string | Uint8Array>>): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "ajar-release-"));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), content);
  }
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** A safetensors file of one tensor of two floats. */
function tinyWeights(): Uint8Array {
  const header = Buffer.from(JSON.stringify({ "layer.weight": { dtype: "F32", shape: [2], data_offsets: [0, 8] } }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, Buffer.alloc(8)]);
}

/** Weights whose header claims a length that no file has. */
export function brokenWeights(): Uint8Array {
  return Buffer.concat([Buffer.alloc(8, 0xff), Buffer.from("{}")]);
}

const CARD = `---
license: apache-2.0
---
# Tiny

Tiny is a model of two numbers. Its weights are in model.safetensors.
`;

export const GOOD = { "README.md": CARD, "model.safetensors": tinyWeights(), "config.json": '{"architectures": ["LlamaForCausalLM"]}' };
