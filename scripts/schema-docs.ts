// Writes the reference parts of docs/: docs/errors.md whole, and the option tables between the marks in docs/cli.md.
// `--check` fails when they are stale.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { COMMANDS } from "../src/cli/command-table.ts";
import { optionText, optionUsage } from "../src/cli/help.ts";
import { AjarError, type ErrorCode } from "../src/core/errors.ts";
import { catalog, word } from "../src/reports/messages.ts";

const docs = join(import.meta.dirname, "..", "docs");
const START = "<!-- options: written by `npm run generate` -->";
const END = "<!-- end of options -->";

function errorsPage(): string {
  const codes = [...catalog("en").keys()].flatMap((id) => /^error\.([A-Z_]+)$/u.exec(id)?.[1] ?? []);
  const sections = codes.map((code) => {
    // The catalogue's test holds its codes equal to the union.
    const { exitCode } = new AjarError(code as ErrorCode, "");
    return `## ${code}\n\n${word(`error.${code}.means`, "en")} ${word(`error.${code}.do`, "en")}\n\nExit code when no report can be made: ${exitCode}.\n`;
  });
  return `# Errors\n\nWritten by \`npm run generate\` from \`rules/messages/en/errors.yaml\`; \`ajar explain CODE\` prints the same.\nA damaged file inside a release is not an error: it is listed under \`coverage.skipped\`, and the audit exits with 3.\n\n${sections.join("\n")}`;
}

function optionTables(): string {
  return COMMANDS.filter((command) => command.name !== "help")
    .map((command) => {
      const rows = command.options.map((option) => `| \`${optionUsage(option).trim()}\` | ${optionText(option, "en")} |`);
      return `### ajar ${command.name}\n\n${word(`cli.command.${command.name}`, "en")}\n\n| option | meaning |\n| --- | --- |\n${rows.join("\n")}\n`;
    })
    .join("\n");
}

function cliPage(): string {
  const page = readFileSync(join(docs, "cli.md"), "utf8");
  const start = page.indexOf(START);
  const end = page.indexOf(END);
  if (start === -1 || end === -1) throw new Error("docs/cli.md has lost the marks around its options");
  return `${page.slice(0, start + START.length)}\n\n${optionTables()}\n${page.slice(end)}`;
}

for (const [name, content] of [
  ["errors.md", errorsPage()],
  ["cli.md", cliPage()],
] as const) {
  const file = join(docs, name);
  if (!process.argv.includes("--check")) {
    writeFileSync(file, content);
  } else if (readFileSync(file, "utf8") !== content) {
    console.error(`docs/${name} is stale: run \`npm run generate\``);
    process.exitCode = 1;
  }
}
