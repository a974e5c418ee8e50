// Every sentence with which a command can fail is said in the other languages too. The sentences are read from the sources.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import ts from "typescript";
import { describe, expect, it, test } from "vitest";
import { failureText } from "../../src/reports/failure-text.ts";
import { loadRule, packageRoot } from "../../src/rules/load.ts";
import { runInProcess } from "../cli/run-in-process.ts";

/** What is wrong with one file of a release stands in the report, and a broken installation speaks to its developers. */
const ELSEWHERE =
  /^reports\/messages|^(?:chain|detectors|licenses|rules|standards|safety|inventory|dataset)\/|^formats\/(?!zip|tar|archive|compression|zstd|chunk|byte)/u;
const FOR_DEVELOPERS = new Set(["BUG", "BAD_RULE_DATA"]);
/** Functions that take a sentence of an error, and names that hold one. */
const TAKES = /^(?:bad\w*|#bad\w*|refused?|fail|mismatch|notFound|unreachable)$/u;
const HOLDS = /^(?:message|hint|what|why|when|problem|folder|large|missing)$/u;

/** A sentence as the sources write it, with something filled in for each of its parts. */
function sentencesOf(node: ts.Expression | undefined): readonly string[] {
  if (node === undefined) return [];
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isConditionalExpression(node)) return [...sentencesOf(node.whenTrue), ...sentencesOf(node.whenFalse)];
  if (ts.isParenthesizedExpression(node)) return sentencesOf(node.expression);
  if (!ts.isTemplateExpression(node)) return [];
  return [node.head.text + node.templateSpans.map(({ literal }) => `x7${literal.text}`).join("")];
}

function codeOf(node: ts.Expression | undefined): string {
  return node !== undefined && ts.isStringLiteral(node) ? node.text : "";
}

function nameOf(node: ts.Node): string {
  if (ts.isPropertyAccessExpression(node)) return node.name.text;
  return ts.isIdentifier(node) || ts.isPrivateIdentifier(node) ? node.text : "";
}

function thrown({ arguments: given = [] }: { readonly arguments?: readonly ts.Expression[] | undefined }): readonly string[] {
  const [code, message] = given;
  // The hint is a property, which is looked at by its name.
  return FOR_DEVELOPERS.has(codeOf(code)) ? [] : sentencesOf(message);
}

/** The sentences that one node of the sources holds. */
function sentencesAt(node: ts.Node): readonly string[] {
  if (ts.isNewExpression(node)) return nameOf(node.expression) === "AjarError" ? thrown(node) : [];
  if (ts.isCallExpression(node)) return TAKES.test(nameOf(node.expression)) ? node.arguments.flatMap((one) => sentencesOf(one)) : [];
  if (ts.isVariableDeclaration(node) || ts.isPropertyAssignment(node))
    return HOLDS.test(nameOf(node.name)) ? sentencesOf(node.initializer) : [];
  return [];
}

function collect(path: string): readonly string[] {
  const file = ts.createSourceFile(path, readFileSync(join(packageRoot, "src", path), "utf8"), ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    found.push(...sentencesAt(node));
    ts.forEachChild(node, visit);
  };
  visit(file);
  // A lone word is an option or an operand, and what only puts a name before a sentence says nothing itself.
  return found.filter((sentence) => /\s/u.test(sentence) && /[a-z]{2}/u.test(sentence) && !/^[^ ]*: x7$/u.test(sentence));
}

/** Files that throw errors at all; messages elsewhere are another matter. */
const files = readdirSync(join(packageRoot, "src"), { recursive: true, encoding: "utf8" })
  .map((path) => path.replaceAll("\\", "/"))
  .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts") && !ELSEWHERE.test(path))
  .filter((path) => readFileSync(join(packageRoot, "src", path), "utf8").match(/new AjarError\(|hints: \{|badOption\(/u) !== null)
  .sort();
const sentences = [...new Set(files.flatMap((path) => collect(path).map((sentence) => `${path} | ${sentence}`)))];

describe.each(["zh-Hans", "zh-Hant"] as const)("errors in %s", (language) => {
  it("are translated, every sentence and hint", () => {
    expect(sentences.length).toBeGreaterThan(150);
    const missing = sentences.filter((line) => {
      const sentence = line.slice(line.indexOf(" | ") + 3);
      return !/\p{Script=Han}/u.test(failureText(sentence, language));
    });
    expect(missing).toEqual([]);
  });

  it("keep what is filled in, and every placeholder of the English", () => {
    for (const [english, said] of Object.entries(Object(loadRule("failures", language)))) {
      const names = (text: string): readonly string[] => Array.from(text.matchAll(/\{([a-z])\}/gu), (match) => match[1] ?? "").sort();
      expect(names(String(said)), english).toEqual(names(english));
    }
    expect(failureText("npm:tern: no such package on registry.example", language)).toContain("registry.example");
  });

  test.each([
    [["audit", "/no/such/place"]],
    [["audit", "--no-such-option", "x"]],
    [["audit"]],
    [["audit", "--timeout", "soon", "x"]],
    [["audit", "-f", "jsn", "x"]],
    [["audit", "--offline", "hf:acme/tern"]],
    [["audit", "npm:Not A Name"]],
    [["explain", "no-such-id"]],
    [["license", "."]],
    [["adit", "x"]],
    [["diff", "a.json"]],
  ])("ajar %s is told in it on standard error, and in English in JSON", async (words) => {
    const { stderr, stdout } = await runInProcess([...words, "--lang", language]);
    const [first = "", ...rest] = stderr.trimEnd().split("\n");
    expect(first).toMatch(/^ajar: .*\p{Script=Han}.* \[[A-Z_]+\]$/u);
    for (const line of rest) expect(line).toMatch(/\p{Script=Han}/u);
    expect(stdout).not.toMatch(/\p{Script=Han}.*"error"/u);
  });
});

it("are the English of the code in English, and for what nobody translated", () => {
  fc.assert(fc.property(fc.string(), (text) => failureText(text, "en") === text));
  expect(failureText("a sentence of nobody", "zh-Hans")).toBe("a sentence of nobody");
});

it("take any text in bounded time", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom("of ", "bytes ", ": ", "{a}", "the ", "x", " at "), { maxLength: 400 }), (words) => {
      expect(typeof failureText(words.join(""), "zh-Hant")).toBe("string");
    }),
  );
});
