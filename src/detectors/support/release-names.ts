import type { DetectorContext } from "../detector.ts";
import { artifactsWith } from "./passages.ts";

// Words of repository names that name no model.
const SUFFIX = /[-_. ](?:models?|inference|train(?:ing)?|pytorch|jax|tf|code|repo|hf|gguf|card|lm|llm|official|base|chat|instruct)$/iu;
const SIZE = /[-_. ]?v?\d[\w.-]*$/iu;
const GENERIC = new Set(
  "model models card modelcard readme overview introduction language llm open the data dataset details about usage files main release repo code docs weights".split(
    " ",
  ),
);

/** Names this release goes by, lower case, letters and digits only: from its reference and the first heading of its cards. */
export function releaseNames(context: DetectorContext): ReadonlySet<string> {
  const names = new Set<string>();
  const last =
    context.source.ref
      .replace(/[@#?].*$/u, "")
      .split(/[/:\\]|__/u)
      .at(-1) ?? "";
  addName(names, last);
  const byReference = new Set(names);
  for (const artifact of artifactsWith(context, ["readme", "model-card"])) {
    if (artifact.path.includes("/")) continue;
    const document = context.document(artifact);
    const titles = document?.blocks.filter((block) => block.kind === "heading").slice(0, TITLES) ?? [];
    for (const { text } of titles) {
      addTitle(names, text);
      // Behind a title that names the release stand chapters, and news of other models.
      if (namesRelease(text, byReference)) break;
    }
  }
  return names;
}

/** Headings that may be the title: some cards open with a notice or a slogan. */
const TITLES = 2;

function addTitle(names: Set<string>, title: string): void {
  addName(
    names,
    title
      .replace(/[:：(（|,，—–].*$/u, "")
      .replace(/^(?:introducing|welcome to|model card for|official implementation of)\s+/iu, "")
      .replace(/\s+(?:in|for|with|on|by|from)\s.*$/iu, ""),
  );
  const named = /^([A-Z][\w.-]{1,30})\s+(?:LM|LLM|VLM|[Mm]odels?)\b/u.exec(title)?.[1];
  if (named !== undefined) addName(names, named);
  // A title in Chinese gives the Latin name beside its own: 山雀 Shanque-7B.
  const han = /\p{Script=Han}{2,8}/u.exec(title)?.[0];
  if (han !== undefined) addName(names, han);
  if (han !== undefined) for (const latin of title.match(/[A-Za-z][\w.-]{3,}/gu) ?? []) addName(names, latin);
}

function addName(names: Set<string>, raw: string): void {
  let name = raw.trim();
  if (name.length > 40) return;
  for (let step = 0; step < 4; step += 1) {
    const plain = normalise(name);
    if (plain.length >= 2 && !GENERIC.has(plain)) names.add(plain);
    const shorter = name.replace(SUFFIX, "").replace(SIZE, "").trim();
    if (shorter === name) break;
    name = shorter;
  }
}

function normalise(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

/** Whether a few words name this release. Short names must stand as a word of their own. */
export function namesRelease(text: string, names: ReadonlySet<string>): boolean {
  const plain = normalise(text);
  const words = new Set(text.toLowerCase().split(/[^\p{L}\p{N}]+/u));
  for (const name of names) {
    if (name.length >= 4 ? plain.includes(name) : words.has(name)) return true;
  }
  return false;
}
