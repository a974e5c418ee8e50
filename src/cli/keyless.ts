// Sigstore for `ajar sign --keyless`: where its services are, and the token that says who signs.
import { AjarError } from "../core/errors.ts";
import { HttpClient } from "../http/client.ts";
import { type Post, signKeyless } from "../signing/keyless.ts";
import type { Signed, SignRequest } from "../signing/sign.ts";
import type { CommandContext } from "./command.ts";
import { readNamed } from "./signing.ts";

const FULCIO = "https://fulcio.sigstore.dev";
const REKOR = "https://rekor.sigstore.dev";
/** As cosign and sigstore-js have it. */
const TOKEN_VARIABLE = "SIGSTORE_ID_TOKEN";
/** Certificates and log entries take some kilobytes; an entry repeats the digests of all files. */
const MAX_ANSWER_BYTES = 64 * 1024 ** 2;
const DEFAULT_TIMEOUT_MS = 60_000;

/** @throws AjarError OFFLINE before anything else, BAD_OPTION without a token, and those of signKeyless */
export async function keylessSign(context: CommandContext, request: Omit<SignRequest, "key" | "chain">): Promise<Signed> {
  const { options, env, signal } = context;
  if (options.flag("offline") === true) {
    throw new AjarError("OFFLINE", "signing without a key needs Sigstore", {
      subject: "--keyless",
      hint: "Drop --offline, or sign with --key.",
    });
  }
  const identityToken = tokenOf(context);
  const seconds = options.number("timeout");
  const timeoutMs = seconds === undefined ? DEFAULT_TIMEOUT_MS : seconds * 1000;
  const client = new HttpClient({ offline: false, env, signal, timeoutMs, maxBytes: MAX_ANSWER_BYTES });
  try {
    const fulcio = serviceUrl("fulcio-url", options.text("fulcio-url") ?? FULCIO);
    const rekor = serviceUrl("rekor-url", options.text("rekor-url") ?? REKOR);
    return await signKeyless({ ...request, identityToken, fulcio, rekor, post: poster(client, identityToken) });
  } finally {
    await client.close();
  }
}

function tokenOf({ options, env, cwd }: CommandContext): string {
  const file = options.text("identity-token-file");
  const token = file === undefined ? (env[TOKEN_VARIABLE] ?? "") : readNamed(file, cwd).toString("utf8");
  if (token.trim() !== "") return token;
  throw new AjarError("BAD_OPTION", "needs an identity token", {
    subject: "--keyless",
    hint: `Put an OpenID Connect token with the audience sigstore into ${TOKEN_VARIABLE}, or name a file with --identity-token-file.`,
  });
}

/** Plain http only to this machine: a token must not travel in the open. @throws AjarError BAD_OPTION */
function serviceUrl(option: string, stated: string): URL {
  const url = URL.parse(stated);
  const isLocal = url?.hostname === "localhost" || url?.hostname === "127.0.0.1";
  if (url !== null && (url.protocol === "https:" || (url.protocol === "http:" && isLocal))) return url;
  throw new AjarError("BAD_OPTION", "is no https address", { subject: `--${option} ${stated}` });
}

function poster(client: HttpClient, secret: string): Post {
  return async (url, body) => {
    const bytes = Buffer.from(JSON.stringify(body));
    const headers = { "content-type": "application/json", accept: "application/json" };
    try {
      return (await client.fetchJson({ url, headers, body: bytes, subject: url.host, accept: [200, 201] }, MAX_ANSWER_BYTES)).json;
    } catch (error) {
      throw withoutSecret(error, secret.trim());
    }
  };
}

/** No error may repeat the token. */
function withoutSecret(error: unknown, secret: string): unknown {
  if (!(error instanceof AjarError) || !error.message.includes(secret)) return error;
  return new AjarError(
    error.code,
    error.message.replaceAll(secret, "(token)"),
    error.subject === undefined ? {} : { subject: error.subject },
  );
}
