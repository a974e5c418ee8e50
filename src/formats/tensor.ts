import { AjarError } from "../core/errors.ts";

/** One tensor as a header names it. */
export interface Tensor {
  readonly name: string;
  /** As the format writes it, e.g. `BF16`, `Q4_K`. */
  readonly dtype: string;
  /** Outermost dimension first. */
  readonly shape: readonly number[];
  /** Place of the data, counted from the start of the data section; end excluded. */
  readonly begin: number;
  readonly end: number;
}

/** Number of elements; an empty shape is one number. @throws AjarError OVER_LIMIT above 2^53-1 */
export function elementsOf(shape: readonly number[], offset: number): number {
  if (shape.includes(0)) return 0;
  let elements = 1;
  for (const dimension of shape) elements *= dimension;
  if (Number.isSafeInteger(elements)) return elements;
  throw new AjarError("OVER_LIMIT", `tensor of shape [${shape.slice(0, 8).join(", ")}] has more than 2^53-1 elements`, { offset });
}
