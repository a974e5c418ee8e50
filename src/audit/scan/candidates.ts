// Which files an audit scans. Asked of every file of every audit, so it loads nothing.
import type { Artifact } from "../../core/inventory.ts";

/** Endings under which model loaders look for files that hold code, or a program for one. */
const MAY_RUN =
  /\.(?:pkl|pickle|dill|joblib|npy|npz|pt|pth|ckpt|bin|nemo|mar|skops|llamafile|keras|h5|hdf5|pb|onnx|tflite|mlmodel|gguf|safetensors|msgpack|7z|rar|exe|dll|so|dylib|node|wasm|lnk)$/iu;

/** Whether a file of an inventory is worth a safety scan. */
export function isScanCandidate({ path, roles }: Pick<Artifact, "path" | "roles">): boolean {
  if (path.startsWith("@host/") || path.includes("!")) return false;
  return roles.includes("weights") || roles.includes("weights-index") || MAY_RUN.test(path);
}
