// dist/: the program and the library bundled with what they need, each command a chunk of its own; the packed rules; the types.
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type OutputChunk, rolldown } from "rolldown";
import { packRules } from "./pack-rules.ts";

const root = join(import.meta.dirname, "..");
const dist = join(root, "dist");

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);

/** A bundle of one entry. The program is CommonJS: loading built-in modules as ES modules reads all their exports, lazy ones too. */
async function bundle(name: string, format: "cjs" | "esm", extension: string): Promise<readonly OutputChunk[]> {
  const built = await rolldown({
    cwd: root,
    input: { [name]: `src/${name}.ts` },
    platform: "node",
    external: [/^node:/u],
    resolve: { conditionNames: ["import", "node", "default"] },
  });
  const { output } = await built.write({
    dir: dist,
    format,
    entryFileNames: `[name].${extension}`,
    chunkFileNames: `${name}-chunks/[name].${extension}`,
    minify: false,
  });
  await built.close();
  return output.filter((file) => file.type === "chunk");
}

const chunks = [...(await bundle("bin", "cjs", "cjs")), ...(await bundle("index", "esm", "js"))];
chmodSync(join(dist, "bin.cjs"), 0o755);

packRules(root);
writeNotices();

if (!process.argv.includes("--no-types")) {
  const compiler = join(root, "node_modules", "typescript7", "bin", "tsc");
  const { status } = spawnSync(process.execPath, [compiler, "-p", join(root, "tsconfig.types.json")], { stdio: "inherit" });
  process.exitCode = status ?? 1;
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
