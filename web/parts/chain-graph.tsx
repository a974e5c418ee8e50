// What a release derives from, drawn from the release at the top to its oldest parents; the same as a list for those who cannot see it.
import type { ChainReport } from "../../src/core/report.ts";
import { useSpeech } from "../words.tsx";
import { Scroll } from "./scroll.tsx";

const WIDTH = 180;
const HEIGHT = 44;
const GAP_X = 24;
const GAP_Y = 46;
/** Drawn at most; the list has all. */
const MAX_DRAWN = 40;

/** Longest way from the release, without following a node twice: cycles exist. */
function depths(chain: ChainReport): ReadonlyMap<string, number> {
  const depth = new Map<string, number>();
  const [root] = chain.nodes;
  if (root === undefined) return depth;
  depth.set(root.id, 0);
  const waiting = [root.id];
  for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
    for (const { child, parent } of chain.edges) {
      if (child !== id || depth.has(parent)) continue;
      depth.set(parent, (depth.get(id) ?? 0) + 1);
      waiting.push(parent);
    }
  }
  return depth;
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

export function ChainGraph({ chain }: { readonly chain: ChainReport }) {
  const speech = useSpeech();
  const depth = depths(chain);
  const drawn = chain.nodes.slice(0, MAX_DRAWN).filter(({ id }) => depth.has(id));
  const rows = new Map<number, string[]>();
  for (const { id } of drawn) rows.set(depth.get(id) ?? 0, [...(rows.get(depth.get(id) ?? 0) ?? []), id]);
  const widest = Math.max(...[...rows.values()].map((row) => row.length));
  const places = new Map<string, { readonly x: number; readonly y: number }>();
  for (const [row, ids] of rows) {
    const left = ((widest - ids.length) * (WIDTH + GAP_X)) / 2;
    for (const [index, id] of ids.entries()) places.set(id, { x: left + index * (WIDTH + GAP_X), y: row * (HEIGHT + GAP_Y) });
  }
  const size = { width: widest * (WIDTH + GAP_X), height: rows.size * (HEIGHT + GAP_Y) };
  return (
    <>
      <Scroll label={speech.word("web.chain")}>
        <svg width={size.width} height={size.height} viewBox={`0 0 ${size.width} ${size.height}`} aria-hidden="true">
          {chain.edges.map(({ child, parent, relation }) => {
            const [from, to] = [places.get(child), places.get(parent)];
            if (from === undefined || to === undefined) return null;
            const [x1, y1, x2, y2] = [from.x + WIDTH / 2, from.y + HEIGHT, to.x + WIDTH / 2, to.y];
            return (
              <g key={`${child} ${parent} ${relation}`}>
                <path class="edge" d={`M${x1} ${y1}C${x1} ${y1 + GAP_Y / 2} ${x2} ${y2 - GAP_Y / 2} ${x2} ${y2}`} />
                <text class="edge-name" x={(x1 + x2) / 2 + 4} y={(y1 + y2) / 2}>
                  {speech.name("relation", relation)}
                </text>
              </g>
            );
          })}
          {drawn.map(({ id, name, licenses }) => {
            const place = places.get(id) ?? { x: 0, y: 0 };
            return (
              <g key={id} transform={`translate(${place.x} ${place.y})`}>
                <rect class={licenses.length === 0 ? "node unknown" : "node"} width={WIDTH} height={HEIGHT} rx="4" />
                <text x="8" y="18">
                  {cut(name, 26)}
                </text>
                <text class="license" x="8" y="35">
                  {cut(licenses.join(", ") || speech.word("kind.unknown"), 28)}
                </text>
              </g>
            );
          })}
        </svg>
      </Scroll>
      <ul>
        {chain.edges.map(({ child, parent, relation }) => (
          <li key={`${child} ${parent} ${relation}`}>
            {child} — {speech.name("relation", relation)} → {parent}{" "}
            <code>{chain.nodes.find(({ id }) => id === parent)?.licenses.join(", ") || speech.word("kind.unknown")}</code>
          </li>
        ))}
      </ul>
    </>
  );
}
