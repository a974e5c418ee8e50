import {
  chmodSync,
  constants,
  copyFileSync,
  linkSync,
  lstatSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { AjarError, EXIT, type ExitCode } from "../../core/errors.ts";
import { text as sentence } from "../../reports/messages.ts";
import { signingJson, signingTable } from "../../reports/signature.ts";
import { readPrivateKey } from "../../signing/keys.ts";
import { type Signed, type SignRequest, signModel } from "../../signing/sign.ts";
import type { CommandContext } from "../command.ts";
import { startProgress } from "../progress.ts";
import { optionsFor } from "../render-as.ts";
import { certificatesIn, readNamed, type SigningPlaces, signingPlaces } from "../signing.ts";

/** Anybody may read a signature; only its owner may write it. */
const FILE_MODE = 0o644;
/** Others may read the key. */
const OPEN_MODE = 0o077;

/** `ajar sign PATH`: signs what is there. @throws AjarError */
export async function run(context: CommandContext): Promise<ExitCode> {
  const { options, env, stderr, stdout, signal } = context;
  const places = signingPlaces(context, options.list("output").at(-1));
  const force = options.flag("force") === true;
  checkFree(places, force);
  const quiet = options.flag("quiet") === true || options.flag("progress") === false || (env["CI"] ?? "") !== "";
  const progress = startProgress(stderr, !quiet);
  const threads = options.number("jobs");
  const request: Omit<SignRequest, "key" | "chain"> = {
    ...places,
    ignoreGitPaths: options.flag("ignore-git-paths") !== false,
    allowSymlinks: options.flag("allow-symlinks") === true,
    shardBytes: options.number("shard-size") ?? null,
    signal,
    progress: progress.show,
    ...(threads === undefined ? {} : { threads }),
  };
  try {
    const signed = options.flag("keyless") === true ? await withoutKey(context, request) : await withKey(context, request);
    signal.throwIfAborted();
    progress.end();
    write(places, signed.text, force);
    const isJson = options.text("format") === "json";
    await stdout.write(isJson ? signingJson(signed.result) : signingTable(signed.result, optionsFor(context, true)));
    return EXIT.ok;
  } finally {
    progress.end();
  }
}

async function withKey(context: CommandContext, request: Omit<SignRequest, "key" | "chain">): Promise<Signed> {
  const { options, cwd } = context;
  const file = options.text("key");
  if (file === undefined) {
    throw new AjarError("BAD_OPTION", "there is nothing to sign with", {
      subject: "--key",
      hint: "Give --key KEY.pem, or --keyless where Sigstore can be reached.",
    });
  }
  const pem = readNamed(file, cwd);
  await warnOfOpenKey(file, context);
  const key = readPrivateKey(pem, await passphraseOf(context), file);
  const certificates = [
    ...(options.text("certificate") === undefined ? [] : [options.text("certificate") ?? ""]),
    ...options.list("certificate-chain"),
  ];
  if (options.text("certificate") === undefined && certificates.length > 0) {
    throw new AjarError("BAD_OPTION", "wants the signer's own certificate too", {
      subject: "--certificate-chain",
      hint: "Name it with --certificate.",
    });
  }
  return await signModel({ ...request, key, chain: certificatesIn(certificates, (name) => readNamed(name, cwd)) });
}

async function warnOfOpenKey(file: string, { cwd, stderr, language }: CommandContext): Promise<void> {
  const isOpen = (statSync(resolve(cwd, file)).mode & OPEN_MODE) !== 0;
  if (isOpen) await stderr.write(`ajar: ${sentence({ id: "signature.open-key", args: { file } }, language)}\n`);
}

/** A passphrase never stands on a command line, where every process sees it. */
async function passphraseOf({ options, env, cwd, readStdin }: CommandContext): Promise<Buffer | null> {
  const variable = options.text("passphrase-env");
  const file = options.text("passphrase-file");
  if (variable !== undefined) {
    const value = env[variable];
    if (value === undefined) throw new AjarError("BAD_OPTION", "the variable is not set", { subject: `--passphrase-env ${variable}` });
    return Buffer.from(value);
  }
  if (file === undefined) return null;
  const content = file === "-" ? await readStdin() : readNamed(file, cwd).toString("utf8");
  return Buffer.from(content.replace(/\r?\n$/u, ""));
}

async function withoutKey(context: CommandContext, request: Omit<SignRequest, "key" | "chain">): Promise<Signed> {
  const { keylessSign } = await import("../keyless.ts");
  return await keylessSign(context, request);
}

/** Before the work and not after it. @throws AjarError OUTPUT_UNWRITABLE */
function checkFree({ signaturePath, shown }: SigningPlaces, force: boolean): void {
  const there = lstatSync(signaturePath, { throwIfNoEntry: false });
  if (there === undefined) {
    const folder = statSync(dirname(signaturePath), { throwIfNoEntry: false });
    if (folder?.isDirectory() === true) return;
    throw new AjarError("OUTPUT_UNWRITABLE", "there is no such folder to write the signature to", { subject: shown.signature });
  }
  if (there.isFile() && force && isSignature(signaturePath)) return;
  const hint = there.isFile()
    ? force
      ? "It is no signature. Remove it yourself, or name another file with -o."
      : "Use --force to replace it, or name another file with -o."
    : "Name a plain file with -o.";
  throw new AjarError("OUTPUT_UNWRITABLE", "is there already, nothing was overwritten", { subject: shown.signature, hint });
}

/** Even --force takes away nothing but a signature. */
function isSignature(path: string): boolean {
  return readFileSync(path).subarray(0, 4096).includes("vnd.dev.sigstore.bundle");
}

/** The whole file or none of it, and never over one that appeared meanwhile. @throws AjarError OUTPUT_UNWRITABLE */
function write({ signaturePath, shown }: SigningPlaces, text: string, force: boolean): void {
  const temporary = join(dirname(signaturePath), `.${basename(signaturePath)}.${process.pid}.part`);
  try {
    writeFileSync(temporary, text, { flag: "wx", mode: FILE_MODE });
    chmodSync(temporary, FILE_MODE);
    if (force) renameSync(temporary, signaturePath);
    else placeNew(temporary, signaturePath);
  } catch (cause) {
    throw new AjarError("OUTPUT_UNWRITABLE", "the signature cannot be written", {
      subject: shown.signature,
      hint: cause instanceof Error ? cause.message : "",
      cause,
    });
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** Gives a file its second name unless something has that name; some file systems know no second names. */
function placeNew(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "EEXIST") throw cause;
    copyFileSync(from, to, constants.COPYFILE_EXCL);
  }
}
