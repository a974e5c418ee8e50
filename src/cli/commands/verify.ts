import { AjarError, EXIT, type ExitCode } from "../../core/errors.ts";
import type { Verification } from "../../core/signature.ts";
import { verificationJson, verificationTable } from "../../reports/signature.ts";
import { readPublicKey } from "../../signing/keys.ts";
import { type Trust, verifyModel } from "../../signing/verify.ts";
import type { CommandContext } from "../command.ts";
import { startProgress } from "../progress.ts";
import { optionsFor } from "../render-as.ts";
import { certificatesIn, readNamed, readTrustFile, type SigningPlaces, signingPlaces } from "../signing.ts";

/** A million files with their digests. */
const MAX_SIGNATURE_BYTES = 512 * 1024 ** 2;

/** `ajar verify PATH`: does a signature hold for what is here? @throws AjarError when that cannot be asked */
export async function run(context: CommandContext): Promise<ExitCode> {
  const { options, cwd, env, stderr, stdout, signal } = context;
  const places = signingPlaces(context, options.text("signature"));
  const trust = await trustOf(context, places);
  const bundle = readNamed(places.shown.signature, cwd, MAX_SIGNATURE_BYTES);
  const quiet = options.flag("quiet") === true || options.flag("progress") === false || (env["CI"] ?? "") !== "";
  const progress = startProgress(stderr, !quiet);
  const threads = options.number("jobs");
  try {
    const verification = await verifyModel({
      ...places,
      bundle,
      trust,
      ignoreGitPaths: options.flag("ignore-git-paths") !== false,
      ignoreUnsigned: options.flag("ignore-unsigned-files") === true,
      allowSymlinks: options.flag("allow-symlinks") === true,
      allowOldForm: options.flag("allow-legacy") === true,
      signal,
      progress: progress.show,
      ...(threads === undefined ? {} : { threads }),
    });
    signal.throwIfAborted();
    progress.end();
    const isJson = options.text("format") === "json";
    await stdout.write(isJson ? verificationJson(verification) : verificationTable(verification, optionsFor(context, true)));
    return exitCode(verification);
  } finally {
    progress.end();
  }
}

/** 1: it does not hold. 3: only that something could not be read. */
function exitCode({ verified, refusals }: Verification): ExitCode {
  if (verified) return EXIT.ok;
  return refusals.every(({ reason }) => reason === "unreadable") ? EXIT.incomplete : EXIT.policy;
}

async function trustOf({ options, cwd }: CommandContext, { modelPath }: SigningPlaces): Promise<Trust> {
  const key = options.text("key");
  const chain = options.list("certificate-chain");
  const trustedRoot = options.text("trusted-root");
  const asked = [key !== undefined, chain.length > 0, trustedRoot !== undefined].filter((given) => given).length;
  if (asked !== 1) {
    throw new AjarError("BAD_OPTION", asked === 0 ? "nobody is named to be trusted" : "more than one kind of signer is named", {
      subject: "--key",
      hint: "Give one of --key PUBLIC.pem, --certificate-chain ROOT.pem, or --trusted-root FILE with --identity and --identity-provider.",
    });
  }
  if (key !== undefined) return { method: "key", publicKey: readPublicKey(readTrustFile("key", key, cwd, modelPath), key) };
  if (trustedRoot === undefined) {
    return { method: "certificate", trusted: certificatesIn(chain, (file) => readTrustFile("certificate-chain", file, cwd, modelPath)) };
  }
  const identity = options.text("identity");
  const identityProvider = options.text("identity-provider");
  if (identity === undefined || identityProvider === undefined) {
    throw new AjarError("BAD_OPTION", "wants the identity of the signer and its provider", {
      subject: "--trusted-root",
      hint: "Anybody can sign with Sigstore; say who must have: --identity name@example.org --identity-provider https://accounts.example.org",
    });
  }
  const text = readTrustFile("trusted-root", trustedRoot, cwd, modelPath).toString("utf8");
  const { sigstoreTrust } = await import("../../signing/sigstore-trust.ts");
  return sigstoreTrust({ trustedRoot: text, name: trustedRoot, identity, identityProvider });
}
