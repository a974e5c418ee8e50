// Certificates made by the system's openssl: a root, an authority below it, a signer below that.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const hasOpenssl: boolean = spawnSync("openssl", ["version"]).status === 0;
if (!hasOpenssl) process.stderr.write("skipped: tests with certificates (no openssl)\n");

export interface Issued {
  /** Paths of PEM files. */
  readonly key: string;
  readonly certificate: string;
}

export interface Wanted {
  readonly name: string;
  /** Lines of an openssl extension section. */
  readonly extensions: readonly string[];
  readonly issuer?: Issued;
  readonly days?: number;
  readonly curve?: "P-256" | "P-384" | "P-521";
}

export const ROOT = ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign,cRLSign"];
export const AUTHORITY = ["basicConstraints=critical,CA:TRUE,pathlen:0", "keyUsage=critical,keyCertSign"];
export const SIGNER = ["basicConstraints=critical,CA:FALSE", "keyUsage=critical,digitalSignature"];

let serial = 0;
const folder = hasOpenssl ? mkdtempSync(join(tmpdir(), "ajar-authority-")) : "";

export function issue({ name, extensions, issuer, days = 30, curve = "P-256" }: Wanted): Issued {
  serial += 1;
  const place = (ending: string): string => join(folder, `${serial}.${ending}`);
  const [key, request, config, certificate] = [place("key"), place("csr"), place("ext"), place("pem")];
  openssl("genpkey", "-algorithm", "EC", "-pkeyopt", `ec_paramgen_curve:${curve}`, "-out", key);
  writeFileSync(config, `[req]\ndistinguished_name=dn\n[dn]\n[ext]\n${extensions.join("\n")}\n`);
  openssl("req", "-new", "-key", key, "-subj", `/CN=${name}`, "-config", config, "-out", request);
  const by = issuer === undefined ? ["-signkey", key] : ["-CA", issuer.certificate, "-CAkey", issuer.key];
  openssl(
    "x509",
    "-req",
    "-in",
    request,
    ...by,
    "-set_serial",
    String(serial),
    "-days",
    String(days),
    "-extfile",
    config,
    "-extensions",
    "ext",
    "-out",
    certificate,
  );
  return { key, certificate };
}

function openssl(...args: readonly string[]): void {
  const { status, stderr } = spawnSync("openssl", args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`openssl ${args[0]}: ${stderr}`);
}

export function pem(path: string): Buffer {
  return readFileSync(path);
}
