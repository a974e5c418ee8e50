// Expressions of a policy: CEL, less what could run away. https://github.com/google/cel-spec/blob/master/doc/langdef.md
import { type ASTNode, Environment } from "@marcbachmann/cel-js";
import { MAX_ITEMS, VARIABLES, type View } from "./view.ts";

/** Nodes of one expression. */
const MAX_NODES = 300;
/** Macros over lists inside one another. */
const MAX_NESTING = 2;
/** Node evaluations of a whole policy at most, counted with full lists: some seconds. */
export const MAX_COST = 100_000_000;

const MACROS: readonly string[] = ["all", "exists", "exists_one", "filter", "map"];
/** All else is refused: `matches` runs patterns that backtrack, the others have nothing to do here. */
const FUNCTIONS: readonly string[] = [...MACROS, "size", "has", "contains", "startsWith", "endsWith", "string", "int"];

export interface Expression {
  /** Node evaluations at most, whatever the report holds. */
  readonly cost: number;
  /** @throws Error with one line that says what is wrong */
  readonly holds: (view: View) => boolean;
}

/** Why an expression is refused. */
export class BadExpression extends Error {}

/** Compiles an expression. @throws BadExpression */
export function compile(source: string): Expression {
  const run = parsed(source);
  const cost = costOf(run.ast, 0);
  const check = run.check();
  if (!check.valid) throw new BadExpression(firstLine(check.error));
  const type = String(check.type);
  if (type !== "bool" && type !== "dyn") throw new BadExpression(`gives ${type}, not true or false`);
  return { cost, holds: (view) => truthOf(run, view) };
}

type Parsed = ReturnType<Environment["parse"]>;

function parsed(source: string): Parsed {
  try {
    return environment().parse(source);
  } catch (cause) {
    throw new BadExpression(firstLine(cause));
  }
}

function environment(): Environment {
  const limits = { maxAstNodes: MAX_NODES, maxDepth: 50, maxListElements: 200, maxMapEntries: 50, maxCallArguments: 4 };
  const made = new Environment({ limits });
  for (const [name, type] of Object.entries(VARIABLES)) made.registerVariable(name, type);
  return made;
}

function truthOf(run: Parsed, { variables }: View): boolean {
  let value: unknown;
  try {
    value = run(variables);
  } catch (cause) {
    throw new Error(firstLine(cause), { cause });
  }
  if (typeof value === "boolean") return value;
  throw new Error(`gives ${typeof value}, not true or false`);
}

/** The library draws the expression below its message. */
function firstLine(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return message.split("\n")[0] ?? "";
}

/** Counts evaluations: what stands inside a macro runs once an item. @throws BadExpression */
function costOf(node: ASTNode, nesting: number): number {
  const once = MAX_ITEMS ** nesting;
  if (node.op === "call") {
    const [name, args] = node.args;
    known(name);
    return once + sum(args.map((arg) => costOf(arg, nesting)));
  }
  if (node.op === "rcall") {
    const [name, receiver, args] = node.args;
    known(name);
    if (!MACROS.includes(name)) return once + sum([receiver, ...args].map((arg) => costOf(arg, nesting)));
    if (nesting >= MAX_NESTING) throw new BadExpression(`more than ${MAX_NESTING} of ${MACROS.join(", ")} inside one another`);
    return once + costOf(receiver, nesting) + sum(args.map((arg) => costOf(arg, nesting + 1)));
  }
  // Comparing, joining and searching lists and texts walks them.
  const walks = node.op === "in" || node.op === "==" || node.op === "!=" || node.op === "+";
  return once * (walks ? WALK : 1) + sum(childrenOf(node.args).map((child) => costOf(child, nesting)));
}

/** What walking a list or a text is counted as; whole lists are walked natively, far faster than nodes. */
const WALK = 5;

function known(name: string): void {
  if (!FUNCTIONS.includes(name)) throw new BadExpression(`${name} is not among the functions of a policy (${FUNCTIONS.join(", ")})`);
}

function childrenOf(args: unknown): readonly ASTNode[] {
  if (isNode(args)) return [args];
  return Array.isArray(args) ? args.flatMap(childrenOf) : [];
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === "object" && value !== null && "op" in value && "args" in value;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
