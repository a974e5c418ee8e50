// Two spellings of one release are one node: hub ids, addresses and bare names in a normal form.

/** What a stated target is. */
export interface Identity {
  readonly kind: "hub" | "url" | "name" | "path";
  /** `hf:owner/name`, `hf:datasets/owner/name`, an address without scheme tricks, `name:words`, `path:…`. */
  readonly id: string;
  /** Words to match with the catalogue: of a hub id or path the last part, of a name all of it. */
  readonly words: readonly string[];
  /** Owner of a hub id, lower case; empty where there is none. */
  readonly owner: string;
}

export interface IdentityHints {
  /** The target is data and not a model. */
  readonly isData: boolean;
  /** It stood in a field made for it, where one word is a repository of the hub; in prose it is a name. */
  readonly isField: boolean;
}

/** Longer targets are no names. */
const MAX_TARGET_CHARS = 300;

const HUB_URL =
  /^(?:https?:\/\/)?(?:www\.)?(?:huggingface\.co|hf\.co|hf-mirror\.com)\/(datasets\/)?([\w.-]+(?:\/[\w.-]+)?)(?:\/(?:tree|blob|resolve|raw)\/.*)?\/?$/iu;
const HUB_ID = /^[\w][\w.-]{0,95}\/[\w][\w.-]{0,95}$/u;
const HUB_NAME = /^[\w][\w.-]{1,95}$/u;
/** `models--owner--name` in the local cache of the hub. */
const CACHED = /(?:^|[/\\])(models|datasets)--([\w.-]+?)--([\w.-]+)(?:[/\\]|$)/u;
const PATH = /^(?:[/~]|\.{1,2}[/\\]|[A-Za-z]:[\\/]|file:)|\\|\.(?:safetensors|ckpt|pt|pth|bin|gguf|onnx|h5)$/iu;

/** Reads a target as stated. Never throws; what fits nothing else is a name. */
export function identityOf(stated: string, hints: IdentityHints): Identity {
  const target = stated.trim().slice(0, MAX_TARGET_CHARS);
  const cached = CACHED.exec(target);
  if (cached !== null) return hub(`${cached[2]}/${cached[3]}`, cached[1] === "datasets");
  const reference = /^hf:(?:\/\/)?(datasets\/|models\/)?([^@]+)(?:@.*)?$/u.exec(target);
  if (reference !== null) return hub(reference[2] ?? "", reference[1] === "datasets/" || hints.isData);
  const address = HUB_URL.exec(target.replace(/[?#].*$/u, ""));
  if (address !== null) return hub(address[2] ?? "", address[1] !== undefined || hints.isData);
  if (/^https?:\/\//iu.test(target)) return url(target);
  if (PATH.test(target) || target.split("/").length > 2) return path(target);
  const bare = target.replace(/^datasets\//u, "").replace(/@[\w./-]+$/u, "");
  if (HUB_ID.test(bare) || (hints.isField && HUB_NAME.test(bare))) return hub(bare, hints.isData);
  const words = wordsOf(target);
  return { kind: "name", id: `name:${words.join(" ") || target.toLowerCase()}`, words, owner: "" };
}

function hub(repository: string, isData: boolean): Identity {
  const name = repository.toLowerCase().replace(/\.git$|\/$/gu, "");
  const parts = name.split("/");
  const id = `hf:${isData ? "datasets/" : ""}${name}`;
  return { kind: "hub", id, words: wordsOf(parts.at(-1) ?? ""), owner: parts.length > 1 ? (parts[0] ?? "") : "" };
}

function url(target: string): Identity {
  const address = target
    .replace(/[?#].*$/u, "")
    .replace(/^http:/iu, "https:")
    .replace(/\/+$/u, "");
  const repository = /^https:\/\/(?:www\.)?((?:github\.com|gitlab\.com|gitee\.com|(?:www\.)?modelscope\.cn\/models)\/[^/]+\/[^/]+)/iu.exec(
    address,
  );
  // The host of an address has no case, and neither do names on these hosts.
  const id = repository === null ? address : `https://${(repository[1] ?? "").toLowerCase().replace(/\.git$/u, "")}`;
  return { kind: "url", id, words: wordsOf(id.split("/").at(-1) ?? ""), owner: "" };
}

function path(target: string): Identity {
  const parts = target.split(/[/\\]/u).filter((part) => part !== "" && part !== ".");
  const last = (parts.at(-1) ?? "").replace(/\.(?:safetensors|ckpt|pt|pth|bin|gguf|onnx|h5)$/iu, "");
  return { kind: "path", id: `path:${target}`, words: wordsOf(last), owner: "" };
}

/** `Llama-2-7b-hf`, `llama 2 7B HF` and `LLaMA_2_7b_hf` have the same words: letters, versions and sizes. */
export function wordsOf(name: string): readonly string[] {
  return name.toLowerCase().match(/\d+(?:\.\d+)*[bmkt]?(?![a-z\d])|[a-z]+|\d+|[^\s\w./+-]+/gu) ?? [];
}

/** Whether all words of a name are among another's: `Llama 2` says less of the same thing than `meta-llama/Llama-2-7b-hf`. */
export function isVaguer(name: readonly string[], other: readonly string[]): boolean {
  return name.length > 0 && name.every((word) => other.includes(word));
}
