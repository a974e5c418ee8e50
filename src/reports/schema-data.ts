// The schema of what was seen of the data; docs/training-data.md has the definitions.
import { z } from "zod";

const count = z.int().nonnegative();
const share = z.number().describe("Share of 1.");

const place = {
  path: z.string(),
  row: count.nullable().describe("From 1; null where rows before it were not read."),
  from: count.optional().describe("Where `row` is null: the byte, or row, from which `after` counts."),
  after: count.optional(),
};

const broken = z.strictObject({ code: z.string(), rows: count, places: z.array(z.strictObject(place)) });

const dataFile = z.strictObject({
  source: z.string(),
  path: z.string(),
  sizeBytes: count,
  digest: z.string(),
  format: z.string(),
  packing: z.string().nullable(),
  encoding: z.string(),
  basis: z
    .enum(["whole", "blocks", "beginning", "none"])
    .describe("Every row, rows at places that name, size and digest choose, the first rows, or nothing."),
  split: z.string().describe("Part of the data set that the name says it is."),
  rows: count,
  rowsPresent: count.nullable(),
  bytes: count.describe("Unpacked bytes of the rows read."),
  fields: z.array(z.strictObject({ name: z.string(), rows: count })),
  broken: z.array(broken),
  idColumns: z
    .array(z.strictObject({ rule: z.string(), field: z.string(), cells: count, shaped: count, passed: count }))
    .describe("Columns of ids: cells with the rule's shape, of which its check digit agrees with few. What it found there is not counted.")
    .optional(),
  problem: z.strictObject({ code: z.string(), detail: z.string(), offset: count.optional() }).optional(),
});

const rate = z.strictObject({ share, low: share, high: share }).describe("With a 95 % interval; equal bounds where every row was read.");

const rule = z.strictObject({
  rule: z.string().describe("Id of a pattern."),
  level: z.enum(["high", "medium", "low", "info"]),
  title: z.string(),
  why: z.string(),
  remedy: z.string(),
  rows: count,
  hits: count,
  checked: count,
  perMegabyte: z.number(),
  rate: rate.nullable(),
  samples: z.array(
    z.strictObject({
      ...place,
      field: z.string(),
      start: count,
      end: count,
      shown: z.string().describe("The shape of what is somebody's, or the words of what is nobody's."),
      tag: z.string().optional(),
    }),
  ),
});

/** The block `data` of a report. */
export const dataSchema = z.strictObject({
  mode: z.enum(["sample", "full"]),
  coverage: z.strictObject({
    files: count,
    filesRead: count,
    rows: count,
    rowsPresent: count.nullable(),
    bytes: count,
    bytesPresent: count,
    complete: z.boolean(),
  }),
  files: z.array(dataFile),
  looked: z.array(z.string()).describe("Rules that were looked for."),
  rules: z.array(rule),
  noneAbove: z.number().nullable().describe("Share of rows at most, 95 %, for each rule without hits."),
  languages: z.array(z.strictObject({ language: z.string(), share })),
  languageRows: count,
  scripts: z.array(z.strictObject({ script: z.string(), share })),
  tokens: count,
  units: count,
  sizes: z.array(z.strictObject({ from: count, rows: count })),
  domains: z.array(z.strictObject({ domain: z.string(), rows: count })),
  domainLevel: count.describe("Estimated from one row in 2^level."),
  lines: z.array(z.strictObject({ line: z.string(), rows: count })),
  duplicates: z.strictObject({
    level: count,
    rows: count,
    distinct: count,
    repeated: count,
    acrossSplits: z.array(z.strictObject({ splits: z.string(), rows: count })),
    near: z.strictObject({ level: count, rows: count, inGroups: count, groups: count, largest: count }),
  }),
  overlaps: z.array(z.strictObject({ testSet: z.string(), items: count, short: count, touched: count, half: count, whole: count })),
});
