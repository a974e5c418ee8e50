import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { checkFiles, checkImports } from "../../scripts/check-architecture.ts";
import { VERSION } from "../../src/core/version.ts";

const folders: string[] = [];

function plant(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), "ajar-architecture-"));
  folders.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  writeFileSync(join(root, "tsconfig.json"), JSON.stringify({ compilerOptions: { module: "nodenext", allowImportingTsExtensions: true } }));
  return root;
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

test("a forbidden import between folders is found", async () => {
  const root = plant({
    "src/core/word.ts": 'import { run } from "../cli/run.ts";\nexport const word: string = run;\n',
    "src/cli/run.ts": 'export const run = "x";\n',
  });
  const { modules, broken } = await checkImports(root);
  expect(modules).toBeGreaterThanOrEqual(2);
  expect(broken).toEqual(["core-imports-only-what-it-may: src/core/word.ts -> src/cli/run.ts"]);
});

test("a detector that imports its sibling is found", async () => {
  const root = plant({
    "src/detectors/a.ts": 'import { b } from "./b.ts";\nexport const a: number = b;\n',
    "src/detectors/b.ts": "export const b = 1;\n",
  });
  const { broken } = await checkImports(root);
  expect(broken).toEqual(["detectors-never-import-a-sibling: src/detectors/a.ts -> src/detectors/b.ts"]);
});

test("file system access outside the edge is found", async () => {
  const root = plant({ "src/standards/judge.ts": 'import { readFileSync } from "node:fs";\nexport const judge = readFileSync;\n' });
  const { broken } = await checkImports(root);
  expect(broken.join()).toContain("files-only-at-the-edge");
});

test("a cycle is found", async () => {
  const root = plant({
    "src/core/a.ts": 'import { b } from "./b.ts";\nexport const a = (): number => b();\n',
    "src/core/b.ts": 'import { a } from "./a.ts";\nexport const b = (): number => a();\n',
  });
  const { broken } = await checkImports(root);
  expect(broken.join()).toContain("no-cycles");
});

test("an overlong file, a star export and a stray TODO are found", () => {
  const root = plant({
    "src/core/long.ts": "export const x = 1;\n".repeat(401),
    "src/core/star.ts": 'export * from "./long.ts";\n',
    "src/core/todo.ts": `// ${"TODO"} later\nexport const y = 1;\n`,
  });
  expect(checkFiles(root)).toHaveLength(3);
});

test("the version in the code is the version of the package", () => {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  expect(manifest).toMatchObject({ version: VERSION });
});
