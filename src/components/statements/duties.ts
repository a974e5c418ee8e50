// What a license that is named asks to be shipped, and is not there: its text, or its notice.
import type { ComponentId } from "../../core/component.ts";
import type { LicenseFact } from "../../core/fact.ts";
import type { Artifact, SourceInventory } from "../../core/inventory.ts";
import { ownerOfReference } from "../../core/owner.ts";
import type { ComponentState, Finding } from "../../core/release.ts";
import { compareText } from "../../core/text.ts";
import { isSameLicense } from "../../licenses/records.ts";
import { loadRules } from "../../rules/load.ts";
import { Pattern } from "../../rules/pattern.ts";

/** Findings of one kind; more would say the same again. */
const MAX_EACH = 10;

interface Duty {
  readonly ids: Pattern;
  readonly clause: string;
  /** Owners on hosts that granted the license: it binds those who pass it on, not them. */
  readonly licensors: readonly string[];
  /** Words of the notice; null where the text itself is asked for. */
  readonly words: Pattern | null;
}

let known: { readonly text: readonly Duty[]; readonly notice: readonly Duty[] } | undefined;

function duties(): NonNullable<typeof known> {
  if (known === undefined) {
    const data: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>> = Object(
      loadRules("detectors").get("license-duties"),
    );
    known = { text: (data["text"] ?? []).map(dutyOf), notice: (data["notice"] ?? []).map(dutyOf) };
  }
  return known;
}

/** Shape as in rules/detectors/license-duties.yaml, which ships with Ajar. */
function dutyOf(entry: Readonly<Record<string, unknown>>): Duty {
  const { ids, clause, licensors, words } = entry;
  return {
    ids: new Pattern(String(ids), "u"),
    clause: String(clause),
    licensors: Array.isArray(licensors) ? licensors.map(String) : [],
    words: words === undefined ? null : new Pattern(String(words), "iu"),
  };
}

const PERMISSIVE = /^(?:MIT|Apache-2\.0|BSD-|ISC|0BSD)/u;

/**
 * Labels whose license must be shipped with copies while its text is not in the release. Permissive ones count wherever they
 * are named; others only where the weights themselves are there, since they bind whoever passes the weights on.
 */
export function missingTexts(
  licenses: readonly LicenseFact[],
  components: ReadonlyMap<ComponentId, ComponentState>,
  inventories: readonly SourceInventory[],
): readonly Finding[] {
  if (isUnread(inventories)) return [];
  const texts = new Set(
    licenses.flatMap(({ license, statement, match }) =>
      statement === "text" && match?.outcome === "identified" ? (license?.id ?? []) : [],
    ),
  );
  const isShipped = components.get("weights")?.availability === "found";
  return labelsOf(licenses, texts).flatMap(([id, fact]): readonly Finding[] => {
    if (PERMISSIVE.test(id))
      return [missing("licenses/permissive-label-without-text", "components.label-without-text", { license: id }, fact)];
    const duty = duties().text.find(({ ids }) => ids.test(id));
    if (duty === undefined || !isShipped || isLicensor(duty, inventories)) return [];
    return [
      weighted(
        missing("licenses/label-without-text", "licenses.label-without-text", { license: id, clause: duty.clause }, fact),
        inventories,
      ),
    ];
  });
}

/** Notices that a license demands beside every copy of the weights, and that no document of the release holds. */
export function missingNotices(
  licenses: readonly LicenseFact[],
  components: ReadonlyMap<ComponentId, ComponentState>,
  inventories: readonly SourceInventory[],
): readonly Finding[] {
  if (isUnread(inventories) || components.get("weights")?.availability !== "found") return [];
  return labelsOf(licenses, new Set()).flatMap(([id, fact]): readonly Finding[] => {
    const duty = duties().notice.find(({ ids }) => ids.test(id));
    if (duty === undefined || isLicensor(duty, inventories) || holds(inventories, duty)) return [];
    return [
      weighted(missing("licenses/notice-missing", "licenses.notice-missing", { license: id, clause: duty.clause }, fact), inventories),
    ];
  });
}

/** Each license that the release names for itself, with the first place, sorted by id. */
function labelsOf(licenses: readonly LicenseFact[], texts: ReadonlySet<string>): readonly (readonly [string, LicenseFact])[] {
  const labels = new Map<string, LicenseFact>();
  const isThere = (id: string): boolean => [...texts].some((text) => isSameLicense(text, id));
  // Whoever may choose needs the text of the one that is chosen.
  const settled = new Set(
    licenses.flatMap(({ choice, license }) => (choice !== undefined && license !== null && isThere(license.id) ? [choice] : [])),
  );
  for (const fact of licenses) {
    // A package inside the package, such as one made for tests, is not what is passed on.
    if ((fact.choice !== undefined && settled.has(fact.choice)) || (fact.statement === "metadata" && fact.folder !== "")) continue;
    const id = fact.license?.id;
    const isLabel = texts.size === 0 || fact.statement !== "text";
    if (id !== undefined && isLabel && fact.about === undefined && !labels.has(id) && !isThere(id)) labels.set(id, fact);
  }
  return [...labels].sort(([a], [b]) => compareText(a, b)).slice(0, MAX_EACH);
}

/** A license file that could not be read may be the text, and a listing that was cut may hide it. */
function isUnread(inventories: readonly SourceInventory[]): boolean {
  return inventories.some(
    ({ artifacts, listingComplete }) => !listingComplete || artifacts.some(({ roles, text }) => roles.includes("license") && text === null),
  );
}

function isLicensor({ licensors }: Duty, inventories: readonly SourceInventory[]): boolean {
  return inventories.some(({ ref }) => licensors.includes(ownerOfReference(ref)?.toLowerCase() ?? ""));
}

/** A folder or archive does not tell whose it is: it may be the licensor's own. */
function weighted(finding: Finding, inventories: readonly SourceInventory[]): Finding {
  const isOwned = inventories.some(({ ref }) => ownerOfReference(ref) !== null);
  return isOwned ? finding : { ...finding, severity: "low" };
}

/** The license's own text quotes the notice it asks for; any other document that has the words will do. */
function holds(inventories: readonly SourceInventory[], { words }: Duty): boolean {
  const says = ({ text, roles, path }: Artifact): boolean => {
    const isText = roles.includes("license") && !/notice/iu.test(path);
    return !isText && text !== null && words?.test(text) === true;
  };
  return inventories.some(({ artifacts }) => artifacts.some(says));
}

function missing(ruleId: string, id: string, args: Readonly<Record<string, string>>, { evidence }: LicenseFact): Finding {
  const message = { id, args, evidence: evidence.map((piece) => piece.id) };
  return { ruleId, severity: "medium", message, path: evidence[0].path, evidence };
}
