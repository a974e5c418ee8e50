// NumPy arrays: harmless unless their elements are Python objects, which are stored as a pickle (numpy/lib/format.py).
import type { FormatReading, SafetyHit, ScannedTensor } from "../../core/scan.ts";
import { readNpyHeader } from "../../formats/npy.ts";
import { WindowReader } from "../../formats/window-reader.ts";
import { asPartial, FULL } from "../combine.ts";
import { hitOf } from "../rules.ts";
import type { Scanner } from "../scanner.ts";

const MAGIC = "\x93NUMPY";

export const scanner: Scanner = {
  id: "npy",
  risk: "cannot-execute",
  claims: ({ head }) => [...MAGIC].every((character, index) => head[index] === character.charCodeAt(0)),
  async scan(reader, context): Promise<FormatReading> {
    const { descr, fortranOrder, shape, elements, holdsObjects, dataOffset } = await readNpyHeader(reader);
    const metadata = new Map([["dtype", descr]]);
    const place = { start: dataOffset, end: reader.sizeBytes };
    const tensors: readonly ScannedTensor[] = [
      {
        name: "",
        dtype: descr,
        shape,
        place: holdsObjects ? null : place,
        ...(fortranOrder && shape.length > 1 ? { strides: columnMajor(shape) } : {}),
      },
    ];
    const plain = { format: "npy", tensors, parameters: elements, metadata };
    if (!holdsObjects) return { ...plain, risk: "cannot-execute", coverage: FULL, hits: [] };
    const inner = await context.nested("objects", new WindowReader(reader, dataOffset));
    const hits: SafetyHit[] = [hitOf("NP01", { start: 0, end: dataOffset, args: { descr } }), ...inner.hits];
    return { ...plain, risk: "executes-by-design", coverage: asPartial(inner.coverage, "objects"), hits };
  },
};

/** Steps of Fortran order: the first dimension is the fastest. */
function columnMajor(shape: readonly number[]): readonly number[] {
  let step = 1;
  return shape.map((size) => {
    const before = step;
    step *= size;
    return before;
  });
}
