// dist/: the program and the library bundled with what they need, each command a chunk of its own; the packed rules; the types.
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { packRules } from "./pack-rules.ts";

const root = join(import.meta.dirname, "..");
const dist = join(root, "dist");

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);

const bundle = await rolldown({
  cwd: root,
  input: { bin: "src/bin.ts", index: "src/index.ts" },
  platform: "node",
  // Reading YAML rules happens only when running from source; the pack replaces it here.
  external: [/^node:/u],
  resolve: { conditionNames: ["import", "node", "default"] },
});
const { output } = await bundle.write({
  dir: dist,
  format: "esm",
  entryFileNames: "[name].js",
  chunkFileNames: "chunks/[name].js",
  minify: false,
});
await bundle.close();
chmodSync(join(dist, "bin.js"), 0o755);

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
  for (const chunk of output) {
    if (chunk.type !== "chunk") continue;
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
