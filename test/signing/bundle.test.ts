import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { isSignedBy } from "../../src/signing/keys.ts";
import { bundleOver, type Loose, newKey, newRelease, reasons, signed, statementIn, verified } from "./support.ts";

const FILES = { "config.json": "{}", "model.safetensors": "weights", "sub/tokenizer.json": "[]", "sub/deep/empty": "" };
const key = newKey();
let release: string;
let bundle: string;
beforeEach(async () => {
  release = newRelease(FILES);
  bundle = await signed(release, key);
});

describe("a signature that is not what it says is refused with the reason", () => {
  const changed = (change: (told: Loose) => void): string => {
    const told = JSON.parse(bundle);
    change(told);
    return JSON.stringify(told);
  };
  const about = async (text: string | Uint8Array): Promise<string> => reasons(await verified(release, text, key.publicKey)).join();
  const over = async (change: (statement: Loose) => void): Promise<string> => {
    const statement = statementIn(bundle);
    change(statement);
    return about(bundleOver(key, statement));
  };

  it("another key", async () => {
    expect(reasons(await verified(release, bundle, newKey().publicKey))).toEqual(["wrong-key"]);
    const silent = changed((told) => delete told.verificationMaterial.publicKey.hint);
    expect(reasons(await verified(release, silent, newKey().publicKey))).toEqual(["bad-signature"]);
    expect(reasons(await verified(release, silent, newKey("P-384").publicKey))).toEqual(["bad-signature"]);
  });

  it("a tampered payload, signature or type", async () => {
    const payload = Buffer.from(JSON.parse(bundle).dsseEnvelope.payload, "base64");
    for (let at = 0; at < payload.length; at += 37) {
      const other = Buffer.from(payload);
      other[at] = (other[at] ?? 0) ^ 1;
      const text = changed((told) => {
        told.dsseEnvelope.payload = other.toString("base64");
      });
      expect(await about(text)).toBe("bad-signature");
    }
    expect(await about(changed((told) => (told.dsseEnvelope.signatures[0].sig = "AAAA")))).toBe("bad-signature");
    expect(await about(changed((told) => (told.dsseEnvelope.payloadType = "text/plain")))).toBe("not-a-statement");
    expect(await about(bundleOver(key, statementIn(bundle), "text/plain"))).toBe("not-a-statement");
  });

  it("two signatures, two kinds of signer, keys that come twice", async () => {
    expect(await about(changed(({ dsseEnvelope }) => dsseEnvelope.signatures.push(dsseEnvelope.signatures[0])))).toBe("two-keys");
    expect(await about(changed(({ verificationMaterial }) => (verificationMaterial.certificate = { rawBytes: "AAAA" })))).toBe("two-keys");
    expect(await about(bundle.replace('"dsseEnvelope"', '"dsseEnvelope":1,"dsseEnvelope"'))).toBe("not-a-bundle");
    const twice = JSON.stringify(statementIn(bundle)).replace('"predicate":', '"predicate":{},"predicate":');
    expect(await about(bundleOver(key, twice))).toBe("not-a-statement");
  });

  it("duplicated resources", async () => {
    expect(await over(({ predicate }) => predicate.resources.push(predicate.resources[0]))).toBe("duplicate-resource config.json");
  });

  it.each(["../x", "/etc/passwd", "a/../../x", "a\\..\\x", "C:\\x", "", "a//b", "./a", "a/.", "x\0y", "\ud800"])(
    "the name %j",
    async (name) => {
      expect(await over(({ predicate }) => (predicate.resources[0].name = name))).toMatch(/^unsafe-name/u);
    },
  );

  it("a root digest that is another one, and resources in another order", async () => {
    expect(await over(({ subject }) => (subject[0].digest.sha256 = "0".repeat(64)))).toBe("root-differs");
    expect(await over(({ predicate }) => predicate.resources.reverse())).toBe("root-differs");
  });

  it("another predicate, no or two subjects, no resources, digests that are none", async () => {
    expect(await over((statement) => (statement.predicateType = "https://example.org/x"))).toBe("not-a-statement");
    expect(await over((statement) => (statement._type = "https://in-toto.io/Statement/v0.1"))).toBe("not-a-statement");
    expect(await over(({ subject }) => subject.push(subject[0]))).toBe("not-a-statement");
    expect(await over((statement) => (statement.subject = []))).toBe("not-a-statement");
    expect(await over(({ predicate }) => (predicate.resources = []))).toBe("not-a-statement");
    expect(await over(({ predicate }) => (predicate.resources[0].digest = predicate.resources[0].digest.toUpperCase()))).toBe(
      "not-a-statement",
    );
    expect(await over(({ predicate }) => (predicate.resources[0].algorithm = "md5"))).toBe("not-a-statement");
    expect(await over(({ predicate }) => (predicate.serialization.hash_type = "md5"))).toBe("unsupported");
    expect(await over(({ predicate }) => (predicate.serialization.method = "tensors"))).toBe("unsupported");
    expect(await over(({ predicate }) => (predicate.serialization = { ...predicate.serialization, method: "shards", shard_size: 0 }))).toBe(
      "not-a-statement",
    );
  });

  it("files that are no bundle", async () => {
    for (const text of ["", "x", "[]", "{}", "null", '{"mediaType":1}', "\ufeff{}", Buffer.from([0xff])])
      expect(await about(text)).toBe("not-a-bundle");
    expect(await about(changed((told) => (told.mediaType = "application/json")))).toBe("not-a-bundle");
    expect(await about(changed((told) => delete told.verificationMaterial))).toBe("not-a-bundle");
    expect(await about(changed((told) => (told.verificationMaterial = { tlogEntries: [] })))).toBe("not-a-bundle");
    expect(await about(changed((told) => delete told.dsseEnvelope))).toBe("not-a-bundle");
    expect(await about(changed((told) => (told.dsseEnvelope.signatures = [])))).toBe("not-a-bundle");
    expect(await about(changed((told) => (told.dsseEnvelope.payload += "*")))).toBe("not-a-bundle");
    expect(await about(changed((told) => (told.verificationMaterial = { certificate: { rawBytes: "AAAA" }, tlogEntries: [] })))).toBe(
      "no-log-entry",
    );
    expect(
      await about(changed((told) => (told.verificationMaterial = { x509CertificateChain: { certificates: [{ rawBytes: "AAAA" }] } }))),
    ).toBe("other-method");
  });

  it("a list of the signer's that hides everything", async () => {
    expect(await over(({ predicate }) => (predicate.serialization.ignore_paths = ["."]))).toBe(
      "ignored config.json,ignored model.safetensors,ignored sub/deep/empty,ignored sub/tokenizer.json",
    );
    expect(await over(({ predicate }) => (predicate.serialization.ignore_paths = ["../..", "/", ""]))).toBe("");
  });
});

describe("hostile bundles", () => {
  const json = fc.jsonValue({ maxDepth: 3 });

  it("are answered, whatever stands in any of their places", async () => {
    const paths = [
      ["mediaType"],
      ["verificationMaterial"],
      ["verificationMaterial", "publicKey"],
      ["verificationMaterial", "publicKey", "hint"],
      ["verificationMaterial", "x509CertificateChain"],
      ["verificationMaterial", "certificate"],
      ["dsseEnvelope"],
      ["dsseEnvelope", "payload"],
      ["dsseEnvelope", "payloadType"],
      ["dsseEnvelope", "signatures"],
      ["dsseEnvelope", "signatures", 0],
      ["dsseEnvelope", "signatures", 0, "sig"],
    ];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), json, async (path, value) => {
        const told = JSON.parse(bundle);
        put(told, path, value);
        const verification = await verified(release, JSON.stringify(told), key.publicKey);
        if (verification.verified) expect(path.join()).toMatch(/certificate|hint|publicKey|x509/u);
        else expect(verification.refusals.length).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  });

  it("are answered when the statement is truly signed and anything at all", async () => {
    const paths = [
      ["_type"],
      ["subject"],
      ["subject", 0],
      ["subject", 0, "digest"],
      ["predicate"],
      ["predicate", "serialization"],
      ["predicate", "serialization", "method"],
      ["predicate", "serialization", "shard_size"],
      ["predicate", "serialization", "ignore_paths"],
      ["predicate", "resources"],
      ["predicate", "resources", 0],
      ["predicate", "resources", 0, "name"],
      ["predicate", "resources", 0, "digest"],
      ["predicate", "resources", 0, "algorithm"],
    ];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), json, async (path, value) => {
        const statement = statementIn(bundle);
        put(statement, path, value);
        const verification = await verified(release, bundleOver(key, statement), key.publicKey);
        if (verification.verified) expect(path.join()).toMatch(/ignore_paths|shard_size/u);
      }),
      { numRuns: 300 },
    );
  });

  it("are answered when they are cut anywhere or any byte is another", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(255), fc.boolean(), async (draw, byte, cuts) => {
        const bytes = Buffer.from(bundle.trimEnd());
        const at = draw % bytes.length;
        const mutant = cuts ? bytes.subarray(0, at) : Buffer.from(bytes);
        if (!cuts) mutant[at] = byte;
        const verification = await verified(release, mutant, key.publicKey);
        // A byte of a field that says nothing may be another; the signature and what it signs may not.
        if (verification.verified) expect(JSON.parse(mutant.toString()).dsseEnvelope.payload).toBe(JSON.parse(bundle).dsseEnvelope.payload);
      }),
      { numRuns: 400 },
    );
  });
});

it("signatures that are not DER are no signatures", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => !isSignedBy(key.publicKey, Buffer.from("x"), bytes)));
});

function put(target: Loose, path: readonly (string | number)[], value: unknown): void {
  const last = path.at(-1) ?? "";
  const parent = path.slice(0, -1).reduce((node, part) => node?.[part], target);
  if (parent !== undefined && parent !== null) parent[last] = value;
}
