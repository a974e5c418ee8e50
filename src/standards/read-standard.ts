// rules/standards/<id>.yaml -> Standard. Checked by hand: a schema library would cost more than the whole judgement.
import { COMPONENT_IDS } from "../core/component.ts";
import { DATA_ASPECTS } from "../core/fact.ts";
import { STANDARD_IDS } from "../core/report.ts";
import type {
  ContentType,
  Criterion,
  Dimension,
  GradedStandard,
  HeadlineRule,
  Level,
  MofComponent,
  MofStandard,
  Standard,
} from "./definition.ts";
import { readCondition } from "./read-condition.ts";
import { Shape } from "./shape.ts";

/** Reads one standard. @throws AjarError BAD_RULE_DATA naming the place that is wrong */
export function readStandard(name: string, data: unknown): Standard {
  const shape = Shape.of(data, `rules/standards/${name}.yaml`);
  const base = { id: shape.word("id", STANDARD_IDS), version: shape.text("version"), source: shape.text("source") };
  if (base.id !== name) shape.fail("id", "must be the file's name");
  const scheme = shape.word("scheme", ["all", "levels", "graded", "mof"] as const);
  if (scheme === "graded") return { ...base, scheme, ...readGraded(shape) };
  if (scheme === "mof") return { ...base, scheme, ...readMof(shape) };
  const criteria = shape.list("criteria").map((item) => readCriterion(item, base.id));
  uniqueIds(shape, criteria);
  if (scheme === "all") return { ...base, scheme, criteria, headline: readHeadline(shape, criteria) };
  const levels = shape.list("levels").map((item): Level => ({ id: item.text("id"), needs: knownIds(item, "needs", criteria) }));
  const goal = shape.word(
    "goal",
    levels.map((level) => level.id),
  );
  return { ...base, scheme, criteria, levels, goal };
}

function readCriterion(shape: Shape, standard: string): Criterion {
  return {
    id: `${standard}/${shape.text("id")}`,
    clause: shape.text("clause"),
    when: readCondition(shape.child("when")),
    counts: shape.flag("counts", true),
  };
}

function readHeadline(shape: Shape, criteria: readonly Criterion[]): HeadlineRule | null {
  if (!shape.has("headline")) return null;
  const headline = shape.child("headline");
  return {
    met: knownIds(headline, "met", criteria),
    aspects: headline.number("aspects"),
    including: headline.words("including", DATA_ASPECTS),
  };
}

function readGraded(shape: Shape): Pick<GradedStandard, "dimensions" | "points"> {
  const points = shape.child("points");
  const dimensions = shape.list("dimensions").map(
    (item): Dimension => ({
      id: `osaii-2026/${item.text("id")}`,
      clause: item.text("clause"),
      category: item.text("category"),
      field: item.text("id"),
      open: readCondition(item.child("open")),
      some: readCondition(item.child("some")),
    }),
  );
  uniqueIds(shape, dimensions);
  return { dimensions, points: { open: points.number("open"), partial: points.number("partial"), closed: points.number("closed") } };
}

function readMof(shape: Shape): Pick<MofStandard, "components" | "classes" | "unclassified"> {
  const components = shape.list("components").map(
    (item): MofComponent => ({
      id: `mof/${item.text("id")}`,
      clause: item.text("clause"),
      name: item.text("name"),
      contentType: item.word("content-type", CONTENT_TYPES),
      class: classNumber(item),
      required: item.flag("required", true),
      component: item.has("component") ? item.word("component", COMPONENT_IDS) : null,
      when: readCondition(item.child("when")),
    }),
  );
  uniqueIds(shape, components);
  const classes = shape.list("classes").map((item) => ({ class: classNumber(item), label: item.text("label") }));
  return { components, classes, unclassified: shape.text("unclassified") };
}

function classNumber(shape: Shape): 1 | 2 | 3 {
  const value = shape.number("class");
  if (value === 1 || value === 2 || value === 3) return value;
  return shape.fail("class", "must be 1, 2 or 3");
}

const CONTENT_TYPES: readonly ContentType[] = ["code", "data", "document"];

function knownIds(shape: Shape, key: string, criteria: readonly Criterion[]): readonly string[] {
  const known = new Set(criteria.map((criterion) => criterion.id));
  const standard = criteria[0]?.id.split("/")[0] ?? "";
  return shape.texts(key).map((name) => {
    const id = `${standard}/${name}`;
    return known.has(id) ? id : shape.fail(key, `names no criterion: ${name}`);
  });
}

function uniqueIds(shape: Shape, items: readonly { readonly id: string }[]): void {
  const ids = new Set(items.map((item) => item.id));
  if (ids.size !== items.length) shape.fail("id", "is used twice");
}
