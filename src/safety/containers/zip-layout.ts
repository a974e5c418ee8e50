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

/** torch.save, torch.jit.save, torch.export.save (torch/serialization.py, csrc/jit/serialization, export/pt2_archive), numpy.savez, TorchServe. */
export function layoutOf(names: readonly string[]): ZipLayout {
  const pickle = names.find((name) => DATA_PICKLE.test(name));
  if (pickle !== undefined) {
    const root = DATA_PICKLE.exec(pickle)?.[1] ?? "";
    const isScript = names.some((name) => name === `${root}constants.pkl` || name.startsWith(`${root}code/`));
    return { format: isScript ? "torchscript" : "pytorch-zip", risk: "executes-by-design", root };
  }
  const archive = names.find((name) => /^(?:[^/]+\/)?archive_format$/u.test(name));
  if (archive !== undefined) return { format: "pytorch-export", risk: null, root: archive.slice(0, -"archive_format".length) };
  if (names.includes("MAR-INF/MANIFEST.json")) return { format: "mar", risk: "executes-by-design", root: "" };
  if (names.length > 0 && names.every((name) => name.endsWith(".npy"))) return { format: "npz", risk: null, root: "" };
  return { format: "zip", risk: null, root: "" };
}

/** Folders that hold raw bytes of tensors, below the root. torch.export also packs tensors as torch files, which are scanned. */
const STORAGES: Readonly<Record<string, readonly string[]>> = {
  "pytorch-zip": ["data/"],
  torchscript: ["data/", "constants/"],
  "pytorch-export": ["data/weights/", "data/constants/"],
};

/** Whether a member is raw numbers, which no reader knows by itself. */
export function isStorage({ format, root }: ZipLayout, name: string): boolean {
  return (STORAGES[format] ?? []).some((folder) => name.startsWith(root + folder));
}
