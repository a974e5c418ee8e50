// dist/: the program and the library bundled with what they need, each command a chunk of its own; the packed rules; the types.
import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type OutputChunk, type Plugin, rolldown } from "rolldown";
import { WRAPPER } from "../src/code-cache.ts";
import { literalPatterns } from "./literal-patterns.ts";
import { packRules } from "./pack-rules.ts";

const root = join(import.meta.dirname, "..");
const dist = join(root, "dist");

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);

interface Bundle {
  /** Output name -> module below src/. */
  readonly input: Readonly<Record<string, string>>;
  readonly format: "cjs" | "esm";
  readonly extension: "cjs" | "js";
  /** Modules to have in the entry's own file, with all that they import. */
  readonly together?: RegExp;
  readonly plugins?: readonly Plugin[];
}

/** A bundle of one entry. The program is CommonJS: loading built-in modules as ES modules reads all their exports, lazy ones too. */
async function bundle({ input, format, extension, together, plugins = [] }: Bundle): Promise<readonly OutputChunk[]> {
  const [name] = Object.keys(input);
  const built = await rolldown({
    cwd: root,
    input: { ...input },
    platform: "node",
    external: [/^node:/u],
    // rolldown adds "import" or "require" by how a module is asked for: pg asks for its pool in the one way only.
    resolve: { conditionNames: ["node", "default"] },
    plugins: [literalPatterns(root), ...plugins],
    // What is together in one file is imported late all the same: a part of it runs only when it is needed.
    checks: { ineffectiveDynamicImport: together === undefined },
    ...(together === undefined ? {} : { preserveEntrySignatures: "allow-extension" }),
  });
  const { output } = await built.write({
    dir: dist,
    format,
    entryFileNames: `[name].${extension}`,
    chunkFileNames: `${name}-chunks/[name].${extension}`,
    minify: false,
    ...(together === undefined ? {} : { codeSplitting: { groups: [{ name: "together", test: together }] } }),
  });
  await built.close();
  return output.filter((file) => file.type === "chunk");
}

/** The file that starts the program loads it from beside itself. */
const programBeside: Plugin = {
  name: "program-beside",
  resolveId: (id) => (id.endsWith("/cli/run-process.ts") ? { id: "./program.cjs", external: true } : null),
};

/** What an audit of files at hand needs, in one file: finding and reading twenty small ones costs more than their code. */
const AUDIT =
  /src[\\/](?:cli[\\/](?:run-process|commands[\\/]audit)|audit[\\/]audit|sources[\\/](?:recorded|folder)|reports[\\/](?:table|json))\.ts$/u;

const chunks: OutputChunk[] = [
  ...(await bundle({ input: { bin: "src/bin.ts" }, format: "cjs", extension: "cjs", plugins: [programBeside] })),
  ...(await bundle({ input: { program: "src/cli/run-process.ts" }, format: "cjs", extension: "cjs", together: AUDIT })),
  ...(await bundle({ input: { index: "src/index.ts" }, format: "esm", extension: "js" })),
  // A thread begins with a file of its own.
  ...(await bundle({ input: { "scan-worker": "src/audit/scan/worker.ts" }, format: "cjs", extension: "cjs" })),
  ...(await bundle({ input: { "data-worker": "src/audit/data/worker.ts" }, format: "cjs", extension: "cjs" })),
  ...(await bundle({ input: { "hash-worker": "src/identity/hash-worker.ts" }, format: "cjs", extension: "cjs" })),
  // And so does the process of a model.
  ...(await bundle({ input: { "llama-child": "src/gate/engines/process/child.ts" }, format: "cjs", extension: "cjs" })),
];
chunks.push(...(await buildWeb()));
refuseLate();
wrapProgram(join(dist, "program.cjs"));
chmodSync(join(dist, "bin.cjs"), 0o755);

packRules(root);
writeNotices();

if (!process.argv.includes("--no-types")) {
  const compiler = join(root, "node_modules", "typescript7", "bin", "tsc");
  const { status } = spawnSync(process.execPath, [compiler, "-p", join(root, "tsconfig.types.json")], { stdio: "inherit" });
  process.exitCode = status ?? 1;
}

/** Libraries that most audits do without must not have got into what each of them loads. */
function refuseLate(): void {
  const program = chunks.find(({ fileName }) => fileName === "program.cjs");
  const late = program?.moduleIds.find((id) =>
    /[\\/]node_modules[\\/](?:zod|yaml|undici|csv-stringify|fast-xml-parser|tldts|libphonenumber-js)[\\/]/u.test(id),
  );
  if (late !== undefined) throw new Error(`program.cjs holds ${late}: import what leads to it with import() where it is needed`);
}

/** Pages for a browser, each with one script and the style sheet: the catalogue's for `ajar ui` and static exports, and the gate's own. */
async function buildWeb(): Promise<readonly OutputChunk[]> {
  return [...(await buildPage("web", "index.html", "main")), ...(await buildPage("gate", "gate.html", "gate"))];
}

async function buildPage(folder: string, page: string, entry: string): Promise<readonly OutputChunk[]> {
  const built = await rolldown({
    cwd: root,
    input: { [entry]: `web/${entry}.tsx` },
    platform: "browser",
    // The pages use pure parts of Ajar beside code that hashes; the bundle must not hold any of that.
    external: [/^node:/u],
    transform: { jsx: { runtime: "automatic", importSource: "preact" } },
  });
  const { output } = await built.write({ dir: join(dist, folder, "assets"), format: "esm", entryFileNames: "[name].js", minify: true });
  await built.close();
  const script = output.filter((file) => file.type === "chunk");
  const needs = script.flatMap(({ imports }) => imports).filter((name) => name.startsWith("node:"));
  if (needs.length > 0) throw new Error(`the page ${page} imports ${needs.join(", ")}`);
  copyFileSync(join(root, "web", "style.css"), join(dist, folder, "assets", "style.css"));
  copyFileSync(join(root, "web", page), join(dist, folder, "index.html"));
  return script;
}

/** Makes the program what src/code-cache.ts loads: wrapped, and in ASCII, since text of one byte a character is read and hashed sooner. */
function wrapProgram(file: string): void {
  const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  const code = readFileSync(file, "utf8").replace(/[\u0080-\uffff]/g, escaped);
  writeFileSync(file, WRAPPER.join(code));
}

/** Licenses of the packages that were bundled, as they ask for. */
function writeNotices(): void {
  const names = new Set<string>();
  for (const chunk of chunks) {
    for (const id of chunk.moduleIds) {
      const name = /node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)[\\/](?!.*node_modules[\\/])/u.exec(id)?.[1];
      if (name !== undefined) names.add(name);
    }
  }
  const notices = [...names].sort().map(noticeOf);
  writeFileSync(join(dist, "THIRD-PARTY-NOTICES.txt"), `Ajar's dist/ holds parts of these packages.\n\n${notices.join("\n")}`);
}

function noticeOf(name: string): string {
  const folder = join(root, "node_modules", name);
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const files = readdirSync(folder).filter((file) => /^(?:licen[cs]e|notice|copying)/iu.test(file));
  const texts = files.map((file) => readFileSync(join(folder, file), "utf8").trim());
  return `${"=".repeat(78)}\n${name} ${version} (${license})\n\n${texts.join("\n\n")}\n`;
}
