import type { Credential } from "./types.ts";

/** Takes user and password out of an address, as package indexes carry them, and binds them to its origin. */
export function splitCredential(address: URL): { readonly url: URL; readonly credential: Credential | null } {
  const url = new URL(address);
  const { username, password } = url;
  url.username = "";
  url.password = "";
  if (username === "" && password === "") return { url, credential: null };
  const pair = `${decoded(username)}:${decoded(password)}`;
  const basic = Buffer.from(pair, "utf8").toString("base64");
  // Without a password the user name is the token. With one it is no secret: cutting `pip` out of every text would harm.
  const lone = password === "" ? [username, decoded(username)] : [];
  const secrets = [basic, pair, password, decoded(password), ...lone].filter((text) => text.length > 2);
  return { url, credential: { origin: url.origin, authorization: `Basic ${basic}`, secrets } };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
