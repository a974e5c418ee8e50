// The HTTP client that a source of a host reads through for as long as it is open.
import type { Source, SourceContext } from "../core/source.ts";
import { HttpClient } from "../http/client.ts";
import type { Credential } from "../http/types.ts";

type HostContext = Pick<SourceContext, "offline" | "env" | "signal" | "limits" | "turn">;

/** What `open` gives keeps the client and closes it; a client is not left behind where it throws. */
export async function openThrough(
  { offline, env, signal, limits, turn }: HostContext,
  credential: Credential | null,
  open: (client: HttpClient) => Promise<Source>,
): Promise<Source> {
  const client = new HttpClient({ offline, env, signal, timeoutMs: limits.timeoutMs, maxBytes: limits.maxBytes, credential, turn });
  try {
    return await open(client);
  } catch (error) {
    await client.close();
    throw error;
  }
}
