// A plugin of the build: regular expressions in code are compiled as late as those of the rules (src/rules/pattern.ts).
// Short ones whose alternatives have no words that they cannot do without stay as they are, and so do those with state.
import { join } from "node:path";
import type { Plugin } from "rolldown";
import { parseAst } from "rolldown/parseAst";
import { packPlan, unpackPlan } from "../src/rules/pattern-plan.ts";

/** Code that looks at texts; src/rules itself cannot import what stands in for a literal. */
const FOLDERS = /[\\/]src[\\/](?:components|detectors|documents|inventory|licenses)[\\/][^.]+\.ts$/u;

/** Shorter patterns without words are compiled in no time, and some are run for every character of a text. */
const LONG_CHARS = 24;

interface Literal {
  readonly start: number;
  readonly end: number;
  readonly source: string;
  readonly flags: string;
}

export function literalPatterns(root: string): Plugin {
  const home = join(root, "src", "rules", "literal-pattern.ts");
  return {
    name: "literal-patterns",
    transform(code, id) {
      if (!FOLDERS.test(id)) return null;
      const replaced = replaceLiterals(code);
      return replaced === null
        ? null
        : { code: `import { LiteralPattern as $Literal } from ${JSON.stringify(home)};${replaced}`, map: null };
    },
  };
}

function literalsIn(node: unknown): readonly Literal[] {
  if (typeof node !== "object" || node === null) return [];
  if (Array.isArray(node)) return node.flatMap(literalsIn);
  const { type, regex, start, end } = node as Record<string, unknown>;
  if (type === "Literal" && typeof regex === "object" && regex !== null) {
    const { pattern, flags } = regex as Record<string, unknown>;
    return [{ start: Number(start), end: Number(end), source: String(pattern), flags: String(flags) }];
  }
  return Object.values(node).flatMap(literalsIn);
}

/** A plan by which texts can be told not to match; null for a pattern some alternative of which has no words. */
function usefulPlan(source: string): string | null {
  const packed = packPlan(source);
  return packed === null || unpackPlan(source, packed).some(({ groups }) => groups.length === 0) ? null : packed;
}

/** The code with its literals made late, each once a module; null when there is none to replace. */
export function replaceLiterals(code: string): string | null {
  const names: string[] = [];
  let replaced = "";
  let at = 0;
  for (const { start, end, source, flags } of literalsIn(parseAst(code, { lang: "ts" }))) {
    if (code.slice(start, end) !== `/${source}/${flags}`) throw new Error(`no literal at ${start}: ${code.slice(start, end)}`);
    const packed = usefulPlan(source);
    if (!/^[imsu]*$/u.test(flags) || (packed === null && source.length < LONG_CHARS)) continue;
    const name = `$literal${names.length}`;
    names.push(name);
    replaced += `${code.slice(at, start)}(${name} ??= new $Literal(${[source, flags, packed].map((part) => JSON.stringify(part)).join(", ")}))`;
    at = end;
  }
  return names.length === 0 ? null : `let ${names.join(", ")};${replaced}${code.slice(at)}`;
}
