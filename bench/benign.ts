// npm run bench:benign: writes model files with the libraries that people use and scans them. Nothing grave may be found.
// AJAR_BENIGN names a Python that has the libraries (see bench/benign.py), AJAR_BENIGN_FORMATS one with those of the other formats
// (see bench/benign_formats.py); further folders to scan may follow on the command line.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { auditContext } from "../src/audit/context.ts";
import { scan } from "../src/audit/scan/scan.ts";

const folder = mkdtempSync(join(tmpdir(), "ajar-benign-"));
try {
  const python = process.env["AJAR_BENIGN"] ?? "python3";
  const { status } = spawnSync(python, [join(import.meta.dirname, "benign.py"), folder], { stdio: ["ignore", "ignore", "inherit"] });
  if (status !== 0) throw new Error(`${python} could not write the files; AJAR_BENIGN names another`);
  const other = process.env["AJAR_BENIGN_FORMATS"];
  if (other !== undefined) {
    const program = join(import.meta.dirname, "benign_formats.py");
    const written = spawnSync(other, [program, join(folder, "formats")], { stdio: ["ignore", "ignore", "inherit"] });
    if (written.status !== 0) throw new Error(`${other} could not write the files of other formats`);
  }
  const references = [folder, ...process.argv.slice(2)];
  const context = auditContext({ env: {}, cwd: process.cwd() });
  const { files, findings, coverage } = await scan({ references, context, strict: false, jobs: 2 });
  const formats = [...new Set(files.map(({ format }) => format))].sort();
  console.log(
    "| format | files | not read in full | info | low | medium | high | critical |\n| --- | --- | --- | --- | --- | --- | --- | --- |",
  );
  for (const format of formats) {
    const paths = files.filter((file) => file.format === format);
    const names = new Set(paths.map(({ path }) => path));
    const own = findings.filter(({ path }) => names.has((path ?? "").split("!")[0] ?? ""));
    const counts = ["info", "low", "medium", "high", "critical"].map(
      (severity) => own.filter((finding) => finding.severity === severity).length,
    );
    const partial = paths.filter((file) => file.coverage.state !== "full").length;
    console.log(`| ${format} | ${paths.length} | ${partial} | ${counts.join(" | ")} |`);
  }
  const grave = findings.filter(({ severity }) => severity === "high" || severity === "critical");
  console.log(`${coverage.filesScanned} files scanned, ${grave.length} high or critical findings`);
  for (const { path, ruleId, message } of grave) console.log(`  ${path}: ${ruleId} ${JSON.stringify(message.args ?? {})}`);
  if (grave.length > 0 || files.length < 60) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
