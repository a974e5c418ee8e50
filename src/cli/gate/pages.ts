// The gate's page with its files and words, by path. Only what the build put there: a request can name no other file.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { GateParts } from "../../gate/contract.ts";
import { LANGUAGES } from "../../reports/language.ts";
import { catalog } from "../../reports/messages.ts";

type Pages = NonNullable<GateParts["pages"]>;

const FILES = [
  ["/", "index.html", "text/html; charset=utf-8"],
  ["/assets/gate.js", "assets/gate.js", "text/javascript; charset=utf-8"],
  ["/assets/style.css", "assets/style.css", "text/css; charset=utf-8"],
] as const;
/** Of all messages, those that the page shows. */
const SHOWN = /^(?:web\.gate\.|web\.loading$|word\.|list\.)/u;

/** @param folder the built web app @throws AjarError or a file system error where it is not whole */
export function gatePages(folder: string): Pages {
  const pages = new Map<string, { readonly type: string; readonly body: Uint8Array }>(
    FILES.map(([path, file, type]) => [path, { type, body: readFileSync(join(folder, file)) }]),
  );
  for (const language of LANGUAGES) {
    const words = Object.fromEntries([...catalog(language)].filter(([id]) => SHOWN.test(id)));
    pages.set(`/words/${language}.json`, { type: "application/json", body: Buffer.from(JSON.stringify(words)) });
  }
  return (path) => pages.get(path) ?? null;
}
