// From rows seen to rows there are: stratified by file, with blocks of rows as what was drawn.
import type { DataRate } from "../core/dataset.ts";

/** What one file says of one rule. */
export interface Stratum {
  /** Rows it has, read or not. */
  readonly present: number;
  readonly rows: number;
  readonly hits: number;
  readonly isWhole: boolean;
  readonly blocks: number;
  /** Sums over blocks: rows squared, hits squared, hits times rows. */
  readonly rowSquares: number;
  readonly hitSquares: number;
  readonly products: number;
}

/** Normal quantile of a two-sided 95 %. */
const Z = 1.959963984540054;
/** -ln 0.05, "the rule of three" (Hanley and Lippman-Hand 1983). */
const THREE = 2.995732273553991;

/** The share of rows with hits and its 95 % interval (Wilson 1927, with the number of rows that blocks of alike rows are worth). */
export function rateOf(strata: readonly Stratum[]): DataRate {
  const read = strata.filter(({ rows }) => rows > 0);
  const total = sum(read, ({ present }) => present);
  const share = total === 0 ? 0 : sum(read, (one) => (one.present / total) * (one.hits / one.rows));
  if (read.every(({ isWhole }) => isWhole)) return { share, low: share, high: share };
  if (share === 0) return { share, low: 0, high: noneAbove(read) };
  const variance = sum(read, (one) => (one.present / total) ** 2 * varianceOf(one));
  // Every row of a block a hit, or one block alone: the spread is not to be seen, and the rows seen count as they are.
  const seen = sum(read, ({ rows, isWhole }) => (isWhole ? 0 : rows));
  const worth = variance > 0 ? (share * (1 - share)) / variance : seen;
  return { share, ...wilson(share, worth) };
}

/** The largest share that shows no hit in what was read with a probability of 5 %. */
export function noneAbove(strata: readonly Stratum[]): number {
  const total = sum(strata, ({ present }) => present);
  let most = 0;
  for (const { present, rows, isWhole } of strata) if (!isWhole && rows > 0) most = Math.max(most, (THREE * (present / total)) / rows);
  return Math.min(1, most);
}

/** Variance of a file's share: blocks are drawn, so that their ratios spread (Cochran 1977, section 11.8), with rows left out by what was read. */
function varianceOf({ present, rows, hits, isWhole, blocks, rowSquares, hitSquares, products }: Stratum): number {
  if (isWhole) return 0;
  const p = hits / rows;
  const left = Math.max(0, 1 - rows / Math.max(rows, present));
  const plain = (p * (1 - p)) / rows;
  if (blocks < 2) return plain * left;
  const squares = hitSquares - 2 * p * products + p * p * rowSquares;
  const clustered = (Math.max(0, squares) * blocks) / (blocks - 1) / (rows * rows);
  return Math.max(plain, clustered) * left;
}

function wilson(p: number, n: number): { readonly low: number; readonly high: number } {
  const centre = p + (Z * Z) / (2 * n);
  const spread = Z * Math.sqrt((p * (1 - p)) / n + (Z * Z) / (4 * n * n));
  const scale = 1 + (Z * Z) / n;
  return { low: Math.max(0, (centre - spread) / scale), high: Math.min(1, (centre + spread) / scale) };
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
