// What kind of file a zip is, by the names in it.
import type { FormatRisk } from "../../core/scan.ts";

export interface ZipLayout {
  readonly format: string;
  /** Null: that of its members. */
  readonly risk: FormatRisk | null;
  /** Folder that holds data.pkl, with a slash; empty for others. */
  readonly root: string;
}

const DATA_PICKLE = /^((?:[^/]+\/)?)data\.pkl$/u;

/** torch.save and torch.jit.save (torch/serialization.py, torch/csrc/jit/serialization), numpy.savez, TorchServe. */
export function layoutOf(names: readonly string[]): ZipLayout {
  const pickle = names.find((name) => DATA_PICKLE.test(name));
  if (pickle !== undefined) {
    const root = DATA_PICKLE.exec(pickle)?.[1] ?? "";
    const isScript = names.some((name) => name === `${root}constants.pkl` || name.startsWith(`${root}code/`));
    return { format: isScript ? "torchscript" : "pytorch-zip", risk: "executes-by-design", root };
  }
  if (names.includes("MAR-INF/MANIFEST.json")) return { format: "mar", risk: "executes-by-design", root: "" };
  if (names.length > 0 && names.every((name) => name.endsWith(".npy"))) return { format: "npz", risk: null, root: "" };
  return { format: "zip", risk: null, root: "" };
}

/** Raw bytes of a tensor, which no reader knows by itself. */
export function isStorage(layout: ZipLayout, name: string): boolean {
  return layout.root !== "" || layout.format.startsWith("pytorch") || layout.format === "torchscript"
    ? name.startsWith(`${layout.root}data/`) || name.startsWith(`${layout.root}constants/`)
    : false;
}
