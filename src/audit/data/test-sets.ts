// Test sets that data are held against: files of this machine, each row an item.
import { AjarError } from "../../core/errors.ts";
import type { SourceContext } from "../../core/source.ts";
import { type GramIndex, GramIndexBuilder } from "../../dataset/near/overlap.ts";
import { readShare } from "../../dataset/read-share.ts";
import type { Row, RowSink } from "../../dataset/row.ts";
import { Tokens } from "../../dataset/text/tokens.ts";
import { openSource } from "../../sources/open.ts";
import { providers } from "../providers.generated.ts";
import { type OpenedData, openAll } from "./measure.ts";

/** N-grams of all rows of the files named. @throws AjarError where one cannot be read */
export async function indexTestSets(references: readonly string[], context: SourceContext): Promise<GramIndex | null> {
  if (references.length === 0) return null;
  const builder = new GramIndexBuilder();
  for (const reference of references) {
    const source = await openSource(reference, context, providers);
    try {
      const files = await openAll([source], "full");
      if (files.length === 0)
        throw new AjarError("NOTHING_AUDITABLE", "there is no data file", { subject: reference, hint: "Name a file of test questions." });
      for (const file of files) await addSet(file, builder).catch((error: unknown) => Promise.reject(named(error, file.entry.path)));
    } finally {
      await source.close();
    }
  }
  return builder.build();
}

/** @throws AjarError where a part of the file cannot be read */
async function addSet({ entry, opened, plan, reader, problem }: OpenedData, builder: GramIndexBuilder): Promise<void> {
  if (opened === null || problem !== null) throw new AjarError("UNREADABLE", problem?.detail ?? "cannot be read", { subject: entry.path });
  builder.startSet(entry.path);
  const items = new ItemSink(builder);
  for (const share of plan.shares) {
    const read = await readShare(reader, entry, opened, share, items);
    if (read.problem !== null) throw read.problem;
  }
}

/** A reader knows the place in a file and not the file. */
function named(error: unknown, path: string): unknown {
  if (!(error instanceof AjarError) || error.subject !== undefined) return error;
  const { code, message, hint, offset } = error;
  return new AjarError(code, message, {
    subject: path,
    ...(hint === undefined ? {} : { hint }),
    ...(offset === undefined ? {} : { offset }),
  });
}

class ItemSink implements RowSink {
  readonly #builder: GramIndexBuilder;
  readonly #tokens = new Tokens();
  #isOpen = false;

  constructor(builder: GramIndexBuilder) {
    this.#builder = builder;
  }

  broken(): void {}

  row({ fields, more }: Row): void {
    if (!this.#isOpen) this.#tokens.start();
    this.#isOpen = more;
    for (const { text, continues } of fields) {
      if (continues !== true) this.#tokens.boundary();
      this.#tokens.push(text);
    }
    if (more) return;
    this.#tokens.end();
    this.#builder.addItem(this.#tokens);
  }
}
