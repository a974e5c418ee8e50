// `ajar digest` and `ajar verify` over a made-up release, in every language and as JSON.
import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { LANGUAGES } from "../../src/reports/language.ts";
import { keyFingerprint } from "../../src/signing/keys.ts";
import { npy, type RawTensor, safetensors, sharded, torchZip } from "../identity/weights.ts";
import { newKey, privatePem, publicPem } from "../signing/support.ts";
import { compareGolden } from "../support/golden.ts";
import { runInProcess } from "./run-in-process.ts";

const key = newKey();
const tensor = (name: string, shape: readonly number[], first: number): RawTensor => ({
  name,
  dtype: "F32",
  shape,
  bytes: Uint8Array.from({ length: 4 * shape.reduce((product, size) => product * size, 1) }, (_, index) => (first + index) % 256),
});
const tensors = [tensor("layers.0.weight", [4, 2], 0), tensor("layers.1.weight", [4, 2], 7), tensor("head.bias", [3], 99)];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ajar-golden-"));
  writeFileSync(join(folder, "key.pem"), privatePem(key), { mode: 0o600 });
  writeFileSync(join(folder, "key.pub.pem"), publicPem(key.publicKey));
  write("one", {
    "config.json": Buffer.from('{"model_type": "made-up"}\n'),
    "model.safetensors": safetensors(tensors, { format: "pt" }),
    SHA256SUMS: Buffer.from(`${"0".repeat(64)}  config.json\n${"1".repeat(64)}  gone.bin\n`),
    ".gitattributes": Buffer.from("*.safetensors filter=lfs\n"),
  });
  write("two", {
    ...sharded(tensors, 2, (index) => index),
    "pytorch_model.bin": torchZip(tensors),
    "notes/vocab.npy": npy(tensors[0] ?? tensor("", [], 0)),
  });
  write("other", { "model.safetensors": safetensors([tensor("w", [2], 5), ...tensors.slice(0, 1)]) });
});

function write(release: string, files: Readonly<Record<string, Uint8Array>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(folder, release, path, ".."), { recursive: true });
    writeFileSync(join(folder, release, path), content);
  }
}

/** The key is another one in every run, and so are the names of folders. */
async function output(argv: readonly string[], code: number): Promise<string> {
  const ran = await runInProcess(argv, { cwd: folder });
  expect(ran).toMatchObject({ code, stderr: "" });
  return ran.stdout.replaceAll(keyFingerprint(key.publicKey), "f".repeat(64)).replaceAll(folder, "/releases");
}

describe("ajar digest", () => {
  it.each(LANGUAGES)("tells of two releases in %s what was reviewed", async (lang) => {
    compareGolden(`identity/digest.${lang}.txt`, await output(["digest", "one", "two", "--lang", lang], 1));
  });

  it.each(["two", "other"])("compares with %s as reviewed", async (other) => {
    // A stated digest that is wrong exits with 1, whatever the comparison says.
    compareGolden(`identity/compare-${other}.txt`, await output(["digest", "--compare", "one", other], 1));
  });

  it("writes the JSON that was reviewed", async () => {
    compareGolden("identity/digest.json", await output(["digest", "--tensors", "-f", "json", "two"], 0));
  });
});

describe("ajar verify", () => {
  beforeAll(async () => {
    expect((await runInProcess(["sign", "two", "--key", "key.pem"], { cwd: folder })).code).toBe(0);
  });

  const verify = (...words: readonly string[]) => ["verify", "two", "--key", "key.pub.pem", ...words];

  it.each(LANGUAGES)("tells in %s what holds, as reviewed", async (lang) => {
    compareGolden(`identity/verified.${lang}.txt`, await output(verify("--lang", lang), 0));
  });

  it("tells what does not hold, as reviewed", async () => {
    appendFileSync(join(folder, "two", "pytorch_model.bin"), "x");
    renameSync(join(folder, "two", "notes", "vocab.npy"), join(folder, "two", "notes", "words.npy"));
    rmSync(join(folder, "two", "model.safetensors.index.json"));
    writeFileSync(join(folder, "two", "new.txt"), "new");
    for (const lang of LANGUAGES) compareGolden(`identity/refused.${lang}.txt`, await output(verify("--lang", lang), 1));
    compareGolden("identity/refused.json", await output(verify("-f", "json"), 1));
  });
});
