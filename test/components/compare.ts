// Observes recorded releases and lays the result beside hand-made labels. Used by the acceptance test and by scripts/compare-labels.ts.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { auditContext } from "../../src/audit/context.ts";
import { detectorContext } from "../../src/audit/detector-context.ts";
import { detectors } from "../../src/audit/detectors.generated.ts";
import { weighComponents } from "../../src/components/weigh.ts";
import type { Availability, ComponentId, Openness } from "../../src/core/component.ts";
import { COMPONENT_IDS } from "../../src/core/component.ts";
import { type Fact, factsOf, type LicenseFact } from "../../src/core/fact.ts";
import type { SourceInventory } from "../../src/core/inventory.ts";
import type { ComponentState, Finding } from "../../src/core/release.ts";
import type { Source } from "../../src/core/source.ts";
import { compareText } from "../../src/core/text.ts";
import { takeInventory } from "../../src/inventory/take.ts";
import { source as recorded } from "../../src/sources/recorded.ts";
import { disputes } from "./disputes.ts";

export interface Observation {
  readonly inventory: SourceInventory;
  readonly facts: readonly Fact[];
  readonly findings: readonly Finding[];
  readonly components: ReadonlyMap<ComponentId, ComponentState>;
}

/** Inventory, facts about components and licenses, and the components they add up to. */
export async function observe(source: Source): Promise<Observation> {
  const inventory = await takeInventory(source, "all");
  const context = detectorContext(source, inventory);
  const facts: Fact[] = [];
  const findings: Finding[] = [];
  for (const detector of detectors) {
    const detected = await detector.detect(context);
    facts.push(...detected.facts);
    findings.push(...detected.findings);
  }
  return { inventory, facts, findings, components: weighComponents(facts, [inventory]) };
}

interface Cell {
  readonly release: string;
  readonly component: ComponentId;
  readonly label: string;
  readonly availability: Availability;
  readonly openness: Openness;
  readonly place: string;
  readonly agrees: boolean;
  /** We say open where the label says restricted or absent. */
  readonly wrongOpen: boolean;
  /** Why the label is taken to be wrong, or null. */
  readonly disputed: string | null;
}

interface LicenseCell {
  readonly release: string;
  readonly path: string;
  readonly label: string;
  readonly ours: readonly string[];
  readonly agrees: boolean;
  /** We name a license without doubt. */
  readonly confident: boolean;
}

export interface Comparison {
  readonly cells: readonly Cell[];
  readonly licenses: readonly LicenseCell[];
}

/** Compares every recorded release of a folder, or the one named; null when the folder is not there. */
export async function compareReleases(folder: string, only: string | null = null): Promise<Comparison | null> {
  if (!existsSync(folder)) return null;
  const cells: Cell[] = [];
  const licenses: LicenseCell[] = [];
  for (const release of readdirSync(folder).sort(compareText)) {
    if (!existsSync(join(folder, release, "labels.json")) || (only !== null && !release.includes(only))) continue;
    const source = await recorded.open(`recorded:${join(folder, release)}`, auditContext({ env: {}, cwd: "/" }));
    const observation = await observe(source);
    await source.close();
    const labels: unknown = JSON.parse(readFileSync(join(folder, release, "labels.json"), "utf8"));
    cells.push(...componentCells(release, record(record(labels).get("components")), observation));
    licenses.push(...licenseCells(release, record(labels).get("licences"), observation));
  }
  return { cells, licenses };
}

function record(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(typeof value === "object" && value !== null ? Object.entries(value) : []);
}

function componentCells(release: string, labels: ReadonlyMap<string, unknown>, { components }: Observation): readonly Cell[] {
  return [...labels].flatMap(([name, value]) => {
    const component = COMPONENT_IDS.find((id) => id === name.replaceAll("_", "-"));
    const state = component === undefined ? undefined : components.get(component);
    if (component === undefined || state === undefined) return [];
    const label = String(record(value).get("status"));
    const { availability, openness } = state;
    const isOpen = openness === "open" && (availability === "found" || availability === "elsewhere");
    return [
      {
        release,
        component,
        label,
        availability,
        openness,
        place: state.places[0] ?? "",
        agrees: agrees(component, label, availability, openness),
        wrongOpen: isOpen && (label === "restricted" || label === "absent"),
        disputed: disputes.get(`${release} ${component}`) ?? null,
      },
    ];
  });
}

/** For these two a label `open` means only that the text is in the repository. */
const TEXT_ONLY: readonly ComponentId[] = ["paper", "usage-policy"];

function agrees(component: ComponentId, label: string, availability: Availability, openness: Openness): boolean {
  const isThere = availability === "found" || availability === "elsewhere";
  switch (label) {
    case "open":
      return TEXT_ONLY.includes(component) ? availability === "found" : isThere && openness === "open";
    case "restricted":
      return availability === "gated" || (isThere && openness === "restricted");
    case "described":
      return availability === "claimed";
    case "elsewhere":
      return availability === "elsewhere" && openness === "unknown";
    case "absent":
      return availability === "absent";
    default:
      return false;
  }
}

function licenseCells(release: string, labels: unknown, { inventory, facts }: Observation): readonly LicenseCell[] {
  const licenses = factsOf(facts, "license").filter(({ detector }) => detector.startsWith("license-files"));
  return (Array.isArray(labels) ? labels : []).flatMap((value) => {
    const label = record(value);
    const path = String(label.get("file"));
    const artifact = inventory.artifacts.find((one) => one.path === path);
    if (artifact === undefined || !artifact.roles.includes("license") || artifact.text === null) return [];
    const own = licenses.filter(({ evidence }) => evidence[0].path === path);
    const stated = String(label.get("spdx"));
    const confident = own.some(({ match, thirdParty }) => match?.outcome === "identified" && !thirdParty);
    const isPointer = label.get("kind") === "pointer";
    const right = isPointer ? !confident : own.some((fact) => isSame(stated, fact));
    return [{ release, path, label: stated, ours: own.map(idOf), agrees: right, confident }];
  });
}

function idOf({ match, license, stated }: LicenseFact): string {
  if (match?.outcome === "modified") return `modified ${match.base.id}`;
  return license?.id ?? `${match?.outcome ?? "none"}${stated === "" ? "" : `:${stated}`}`;
}

function isSame(label: string, fact: LicenseFact): boolean {
  const ours = idOf(fact);
  if (label === ours || plain(label) === plain(ours)) return true;
  const modified = /^LicenseRef-([A-Za-z0-9.]+)-modified/u.exec(label)?.[1];
  return modified !== undefined && ours === `modified ${modified}`;
}

/** Names made up for the labels and for our records differ in endings only. */
function plain(id: string): string {
  return id
    .toLowerCase()
    .replace(/^licenseref-/u, "")
    .replace(/\b(?:license|licence|agreement|model|v|only|or-later|community)\b/gu, "")
    .replace(/[^a-z0-9]/gu, "")
    .replace(/10$/u, "1");
}
