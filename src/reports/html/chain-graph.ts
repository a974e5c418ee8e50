// The chain as a drawing, from the release on the left to its oldest parents on the right.

import type { Relation } from "../../core/chain.ts";
import type { ChainNodeReport, ChainReport } from "../../core/report.ts";
import { nodeName } from "../chain-phrases.ts";
import type { Phrases } from "../phrases.ts";
import { safeText } from "../safe-text.ts";
import { cut } from "../width.ts";
import { escapeHtml } from "./escape.ts";
import type { Page } from "./sections.ts";

const WIDTH = 216;
const HEIGHT = 46;
const GAP_X = 116;
const GAP_Y = 20;
const MARGIN = 2;
/** Drawn at most; the list has all. */
const MAX_DRAWN = 30;
/** Cells of text that fit in a box and on an edge. */
const NAME_CELLS = 27;
const EDGE_CELLS = 16;

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Nothing beyond the release itself that could be drawn gives nothing. */
export function chainGraph({ report, trio }: Page): string {
  const { chain } = report;
  const drawn = drawnNodes(chain);
  const places = placesOf(drawn);
  const edges = chain.edges.flatMap((edge) => {
    const [from, to] = [places.get(edge.child), places.get(edge.parent)];
    // What leads back, or stays in its column, would run through the boxes; the list has it.
    return from === undefined || to === undefined || to.x <= from.x ? [] : [{ edge, drawing: path(from, to) }];
  });
  const boxes = drawn.map(({ node }) => {
    const place = places.get(node.id) ?? { x: 0, y: 0 };
    const relations = [...new Set(edges.filter(({ edge }) => edge.parent === node.id).map(({ edge }) => edge.relation))];
    return box(trio.say.bind(trio), node, { place, relations });
  });
  const width = Math.max(...[...places.values()].map(({ x }) => x)) + WIDTH + MARGIN;
  const height = Math.max(...[...places.values()].map(({ y }) => y)) + HEIGHT + MARGIN;
  return `<div class="scroll graph" tabindex="0" role="region" aria-label="${trio.attribute((phrases) => phrases.word("html.chain"))}"><svg width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" aria-hidden="true" focusable="false">${edges.map(({ drawing }) => drawing).join("")}${boxes.join("")}</svg></div>`;
}

interface Drawn {
  readonly node: ChainNodeReport;
  /** Steps from the release. */
  readonly depth: number;
}

/** Nodes by their shortest way from the release; each is visited once, as chains can lead back. */
function drawnNodes({ nodes, edges }: ChainReport): readonly Drawn[] {
  const parents = Map.groupBy(edges, ({ child }) => child);
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const [root] = nodes;
  const drawn: Drawn[] = root === undefined ? [] : [{ node: root, depth: 0 }];
  const seen = new Set(drawn.map(({ node }) => node.id));
  for (const { node, depth } of drawn) {
    for (const { parent } of parents.get(node.id) ?? []) {
      const next = byId.get(parent);
      if (next === undefined || seen.has(parent) || drawn.length >= MAX_DRAWN) continue;
      seen.add(parent);
      drawn.push({ node: next, depth: depth + 1 });
    }
  }
  return drawn;
}

/** A column for each step, set in the middle of the tallest. */
function placesOf(drawn: readonly Drawn[]): ReadonlyMap<string, Place> {
  const columns = Map.groupBy(drawn, ({ depth }) => depth);
  const tallest = Math.max(...[...columns.values()].map((column) => column.length));
  const places = new Map<string, Place>();
  for (const [depth, column] of columns) {
    const top = MARGIN + ((tallest - column.length) * (HEIGHT + GAP_Y)) / 2;
    for (const [row, { node }] of column.entries()) {
      places.set(node.id, { x: MARGIN + depth * (WIDTH + GAP_X), y: top + row * (HEIGHT + GAP_Y) });
    }
  }
  return places;
}

/** From the right side of the child to the left side of the parent. */
function path(from: Place, to: Place): string {
  const [x1, y1, x2, y2] = [from.x + WIDTH, from.y + HEIGHT / 2, to.x, to.y + HEIGHT / 2];
  return `<path class="edge" d="M${x1} ${y1}C${x1 + GAP_X / 2} ${y1} ${x2 - GAP_X / 2} ${y2} ${x2} ${y2}"/>`;
}

function box(
  say: (phrase: (phrases: Phrases) => string, tag: "tspan") => string,
  node: ChainNodeReport,
  { place, relations }: { readonly place: Place; readonly relations: readonly Relation[] },
): string {
  const { x, y } = place;
  const isKnown = node.licenses.length > 0;
  const licenses = say(
    (phrases) => cut(isKnown ? node.licenses.map(safeText).join(", ") : phrases.word("chain.no-license"), NAME_CELLS),
    "tspan",
  );
  const named = say((phrases) => cut(phrases.join(relations.map((id) => phrases.name("relation", id))), EDGE_CELLS), "tspan");
  const how = relations.length === 0 ? "" : `<text class="edge-name" x="${x - 6}" y="${y + HEIGHT / 2 - 5}">${named}</text>`;
  return `${how}<rect class="${isKnown ? "node" : "node unknown"}" x="${x}" y="${y}" width="${WIDTH}" height="${HEIGHT}" rx="4"/><text x="${x + 9}" y="${y + 19}">${escapeHtml(cut(nodeName(node), NAME_CELLS))}</text><text class="license" x="${x + 9}" y="${y + 37}">${licenses}</text>`;
}
