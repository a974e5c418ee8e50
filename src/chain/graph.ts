/** A graph of releases as numbers: parents of node `i` stand at `offsets[i]` up to `offsets[i + 1]`. */
export interface CompactGraph {
  readonly count: number;
  readonly offsets: Uint32Array;
  readonly parents: Uint32Array;
  /** Number of the channel of each edge, see CHANNELS. */
  readonly channels: Uint8Array;
}

/** Groups of nodes that derive from each other, parents before children; most groups hold one node. */
export interface Groups {
  readonly order: Uint32Array;
  /** 1 at the last node of each group in `order`. */
  readonly ends: Uint8Array;
}

/**
 * Strongly connected components in order of derivation, without recursion: chains may be as long as the graph.
 * R. Tarjan, Depth-First Search and Linear Graph Algorithms, SIAM J. Comput. 1(2), 1972.
 */
export function groupsOf(graph: CompactGraph): Groups {
  const { count } = graph;
  const walk = new Walk(graph);
  for (let root = 0; root < count; root += 1) if (walk.isNew(root)) walk.from(root);
  return { order: walk.order, ends: walk.ends };
}

class Walk {
  readonly order: Uint32Array;
  readonly ends: Uint8Array;
  readonly #graph: CompactGraph;
  /** Order of discovery from 1; 0 for nodes not seen. */
  readonly #seen: Uint32Array;
  /** Earliest node on the stack that can be reached. DONE once the group is out. */
  readonly #low: Uint32Array;
  /** Edge of each node that is looked at next. */
  readonly #next: Uint32Array;
  readonly #path: Uint32Array;
  readonly #stack: Uint32Array;
  #pathLength = 0;
  #stackLength = 0;
  #discovered = 0;
  #emitted = 0;

  constructor(graph: CompactGraph) {
    const { count } = graph;
    this.#graph = graph;
    this.order = new Uint32Array(count);
    this.ends = new Uint8Array(count);
    this.#seen = new Uint32Array(count);
    this.#low = new Uint32Array(count);
    this.#next = graph.offsets.slice(0, count);
    this.#path = new Uint32Array(count);
    this.#stack = new Uint32Array(count);
  }

  isNew(node: number): boolean {
    return this.#seen[node] === 0;
  }

  from(root: number): void {
    this.#enter(root);
    while (this.#pathLength > 0) {
      const node = this.#path[this.#pathLength - 1] ?? 0;
      const parent = this.#nextParent(node);
      if (parent === -1) this.#leave(node);
      else if (this.isNew(parent)) this.#enter(parent);
      else this.#lower(node, this.#low[parent] ?? DONE);
    }
  }

  #nextParent(node: number): number {
    const at = this.#next[node] ?? 0;
    if (at >= (this.#graph.offsets[node + 1] ?? 0)) return -1;
    this.#next[node] = at + 1;
    return this.#graph.parents[at] ?? -1;
  }

  #enter(node: number): void {
    this.#discovered += 1;
    this.#seen[node] = this.#discovered;
    this.#low[node] = this.#discovered;
    this.#path[this.#pathLength] = node;
    this.#pathLength += 1;
    this.#stack[this.#stackLength] = node;
    this.#stackLength += 1;
  }

  #lower(node: number, to: number): void {
    if (to < (this.#low[node] ?? 0)) this.#low[node] = to;
  }

  #leave(node: number): void {
    this.#pathLength -= 1;
    const low = this.#low[node] ?? 0;
    if (this.#pathLength > 0) this.#lower(this.#path[this.#pathLength - 1] ?? 0, low);
    if (low === this.#seen[node]) this.#emit(node);
  }

  /** The group of `node` is what lies above it on the stack. */
  #emit(node: number): void {
    for (;;) {
      this.#stackLength -= 1;
      const member = this.#stack[this.#stackLength] ?? node;
      this.#low[member] = DONE;
      this.order[this.#emitted] = member;
      this.#emitted += 1;
      if (member === node) break;
    }
    this.ends[this.#emitted - 1] = 1;
  }
}

const DONE = 0xffffffff;
