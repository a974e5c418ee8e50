// What a named reviewer asserts about the licenses of a release, with a reason and an end. Form: docs/use.md.
import * as z from "zod";
import { CONDITION_KINDS, USES } from "../core/terms.ts";
import { type Assertion, type Claimed, USE_PARTS } from "../core/use.ts";
import { day, digest, readDecisions, text } from "./decision-file.ts";

const uses = z.array(z.enum(USES)).min(1);
const who = { id: text, until: day, reason: text, by: text, digest: digest.optional() };

/** An entry is told from the others by its own key. */
const schema = z.strictObject({
  overrides: z.array(
    z.union(
      [
        z.strictObject({ ...who, part: z.enum(USE_PARTS), license: text }),
        z.strictObject({ ...who, node: text, license: text }),
        z.strictObject({
          ...who,
          checked: z.strictObject({ license: text, condition: z.enum(CONDITION_KINDS), clause: text.optional(), uses: uses.optional() }),
        }),
        z.strictObject({ ...who, agreement: z.strictObject({ license: text, uses }) }),
      ],
      "says none of part and license, node and license, checked, agreement, or lacks id, until, reason or by",
    ),
  ),
});

type Entry = z.infer<typeof schema>["overrides"][number];

export interface Overrides {
  readonly holding: readonly Assertion[];
  /** Their day has passed. */
  readonly expired: readonly Assertion[];
}

/**
 * Reads an overrides file; keeps what is about the release with this digest. `today` is a day, YYYY-MM-DD: an assertion holds on the
 * days before its `until`. @throws AjarError BAD_CONFIG naming file, line and what is wrong
 */
export function readOverrides(content: string, shown: string): (targetDigest: string, today: string) => Overrides {
  const hint =
    "Each entry of `overrides` needs id, until (YYYY-MM-DD), reason, by, and what it says: part or node with license, checked, or agreement.";
  const { overrides } = readDecisions(content, { shown, schema, hint });
  return (targetDigest, today) => {
    const about = overrides.filter((entry) => entry.digest === undefined || entry.digest === targetDigest).map(assertionOf);
    return { holding: about.filter(({ until }) => today < until), expired: about.filter(({ until }) => today >= until) };
  };
}

function assertionOf(entry: Entry): Assertion {
  const { id, by, reason, until } = entry;
  return { id, by, reason, until, says: saidBy(entry) };
}

function saidBy(entry: Entry): Claimed {
  if ("part" in entry) return { kind: "license", part: entry.part, license: entry.license };
  if ("node" in entry) return { kind: "license", node: entry.node, license: entry.license };
  if ("agreement" in entry) return { kind: "agreement", ...entry.agreement };
  const { clause, uses: on, ...checked } = entry.checked;
  return { kind: "checked", ...checked, ...(clause && { clause }), ...(on && { uses: on }) };
}
