// Which files an audit scans. Asked of every file of every audit, so it loads nothing and runs no pattern over long texts.
import type { Artifact } from "../../core/inventory.ts";

/** Endings under which model loaders look for files that hold code, or a program for one. */
const MAY_RUN =
  /\.(?:pkl|pickle|dill|joblib|npy|npz|pt2?|pth|ckpt|bin|nemo|mar|skops|llamafile|keras|h5|hdf5|pb|onnx|tflite|mlmodel|gguf|safetensors|msgpack|7z|rar|exe|dll|so|dylib|node|wasm|lnk)$/iu;

/** Words that some safety rule looks for in text which the inventory has read anyway, by the ending of the file. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  py: ["exec", "eval", "subprocess", "os.system", "os.popen", "socket", "__import__", "spawn"],
  ipynb: ["curl ", "wget ", "%%bash", "install"],
  json: ["auto_map", "trust_remote_code", "chat_template"],
  jinja: ["{"],
  txt: ["git+", "http", "--"],
  yaml: ["_target_"],
  yml: ["_target_"],
};
/** Beginnings of tokens and keys. */
const SECRETS: readonly string[] = ["hf_", "AKIA", "ghp_", "github_pat_", "glpat-", "sk-", "AIza", "xoxb-", "npm_", "PRIVATE KEY-----"];

/** Whether a file of an inventory is worth a safety scan. */
export function isScanCandidate({ path, roles, text }: Pick<Artifact, "path" | "roles" | "text">): boolean {
  if (path.startsWith("@host/") || path.includes("!")) return false;
  if (roles.includes("weights") || roles.includes("weights-index") || MAY_RUN.test(path)) return true;
  return text !== null && isTextCandidate(path, text);
}

function isTextCandidate(path: string, text: string): boolean {
  const extension = path.slice(path.lastIndexOf(".") + 1).toLowerCase();
  // Of all text files, only lists of packages are looked at for addresses.
  const words = extension !== "txt" || /requirements|constraints/iu.test(path) ? (WORDS[extension] ?? []) : [];
  return [...words, ...SECRETS].some((word) => text.includes(word));
}
