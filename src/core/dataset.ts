// What was seen of the data in a release. The block `data` of a report; docs/training-data.md says how it is measured.

/** `whole`: every row was read. `blocks`: rows at places that the file's own name, size and digest choose. `beginning`: its first rows, which stand for no others. */
export type DataBasis = "whole" | "blocks" | "beginning" | "none";

export interface DataPlace {
  readonly path: string;
  /** From 1; null where rows before it were not read. */
  readonly row: number | null;
  /** Where `row` is null: the byte, or row, from which it was counted, and its number from there. */
  readonly from?: number;
  readonly after?: number;
}

export interface DataBroken {
  /** `data.broken.<code>` has the sentence. */
  readonly code: string;
  readonly rows: number;
  /** The first of them. */
  readonly places: readonly DataPlace[];
}

/** A column whose cells have a rule's shape while its check digit agrees by chance only: what the rule found there is not counted. */
export interface DataIdColumn {
  readonly rule: string;
  readonly field: string;
  readonly cells: number;
  readonly shaped: number;
  readonly passed: number;
}

export interface DataFileReport {
  /** `ref` of the source it is in. */
  readonly source: string;
  readonly path: string;
  readonly sizeBytes: number;
  readonly digest: string;
  readonly format: string;
  readonly packing: string | null;
  readonly encoding: string;
  readonly basis: DataBasis;
  readonly split: string;
  /** Rows read; all of them where the basis is `whole`. */
  readonly rows: number;
  /** Rows that the file is estimated to have; null where nothing says. */
  readonly rowsPresent: number | null;
  /** Unpacked bytes of the rows read. */
  readonly bytes: number;
  /** Rows that have a text, by field; the fields with most first. */
  readonly fields: readonly { readonly name: string; readonly rows: number }[];
  readonly broken: readonly DataBroken[];
  /** Absent where there is none. */
  readonly idColumns?: readonly DataIdColumn[];
  /** Why it was not read, or not to its end. */
  readonly problem?: { readonly code: string; readonly detail: string; readonly offset?: number };
}

/** A share of rows and between which shares it lies, 95 %. Equal bounds: every row was read. */
export interface DataRate {
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

export interface DataSample extends DataPlace {
  readonly field: string;
  /** UTF-16 units in the field's text. */
  readonly start: number;
  readonly end: number;
  /** The shape of what is somebody's, or the words of what is nobody's. */
  readonly shown: string;
  /** First hex digits of the value's hash, for who has the value; docs/training-data.md says how it is made. */
  readonly tag?: string;
}

export interface DataRuleReport {
  /** Id of a pattern, `personal/email`. */
  readonly rule: string;
  readonly level: "high" | "medium" | "low" | "info";
  /** Ids of messages: what it finds, why that matters, what to do. */
  readonly title: string;
  readonly why: string;
  readonly remedy: string;
  readonly rows: number;
  readonly hits: number;
  /** Hits that a check digit, a library or a second signal agreed with. */
  readonly checked: number;
  readonly perMegabyte: number;
  /** Null where what was read stands for no other rows. */
  readonly rate: DataRate | null;
  readonly samples: readonly DataSample[];
}

export interface DataDuplicates {
  /** Different rows that were kept to compare; each stands for 2^level. */
  readonly level: number;
  readonly rows: number;
  readonly distinct: number;
  /** Rows beyond the first of their kind. */
  readonly repeated: number;
  /** Different rows that stand in more than one split, by pair: `train+test`. */
  readonly acrossSplits: readonly { readonly splits: string; readonly rows: number }[];
  readonly near: {
    readonly level: number;
    readonly rows: number;
    readonly inGroups: number;
    readonly groups: number;
    readonly largest: number;
  };
}

export interface DataOverlap {
  readonly testSet: string;
  readonly items: number;
  /** Items too short to be compared. */
  readonly short: number;
  /** Items of which some, half, or all n-grams were found. */
  readonly touched: number;
  readonly half: number;
  readonly whole: number;
}

export interface DataReport {
  readonly mode: "sample" | "full";
  readonly coverage: {
    readonly files: number;
    readonly filesRead: number;
    readonly rows: number;
    readonly rowsPresent: number | null;
    readonly bytes: number;
    readonly bytesPresent: number;
    /** Everything that was to be read was. */
    readonly complete: boolean;
  };
  /** Sorted by source and path. */
  readonly files: readonly DataFileReport[];
  /** Rules that were looked for; sorted. */
  readonly looked: readonly string[];
  /** Rules with hits, sorted by id. */
  readonly rules: readonly DataRuleReport[];
  /** Share of rows at most for each rule without hits, 95 %; null where what was read stands for no other rows. */
  readonly noneAbove: number | null;
  /** By rows told, most first. `und`: not to be told. */
  readonly languages: readonly { readonly language: string; readonly share: number }[];
  readonly languageRows: number;
  /** By letters, most first; ISO 15924. */
  readonly scripts: readonly { readonly script: string; readonly share: number }[];
  readonly tokens: number;
  readonly units: number;
  /** Rows by length: of `from` units and more, up to the next. */
  readonly sizes: readonly { readonly from: number; readonly rows: number }[];
  /** Registrable domains of addresses in the text, with rows that have them. */
  readonly domains: readonly { readonly domain: string; readonly rows: number }[];
  readonly domainLevel: number;
  /** Lines that many rows have. */
  readonly lines: readonly { readonly line: string; readonly rows: number }[];
  readonly duplicates: DataDuplicates;
  readonly overlaps: readonly DataOverlap[];
}
