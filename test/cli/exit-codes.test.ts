// One test per row of the table in docs/cli.md, each with a real process.
import { readdirSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exitCodeOf, worstOf } from "../../src/cli/exit-code.ts";
import { EXIT } from "../../src/core/errors.ts";
import { brokenWeights, folderWith, GOOD } from "./made-up-release.ts";
import { sampleReport } from "./sample-report.ts";
import { spawnAjar } from "./spawn-ajar.ts";

const good = folderWith(GOOD);
const broken = folderWith({ ...GOOD, "model.safetensors": brokenWeights() });
const empty = folderWith({});
const out = folderWith({});
let silent: Server;
let silentUrl = "";

beforeAll(async () => {
  // A host that accepts and never answers.
  silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", () => resolve()));
  const address = silent.address();
  silentUrl = typeof address === "object" && address !== null ? `http://127.0.0.1:${address.port}` : "";
});

afterAll(() => {
  silent.closeAllConnections();
  silent.close();
  for (const folder of [good, broken, empty, out]) folder.remove();
});

describe("exit codes", () => {
  it("0: a report was made", async () => {
    const { code, stdout } = await spawnAjar(["audit", good.path, "-f", "json"]);
    expect(JSON.parse(stdout).coverage.complete).toBe(true);
    expect(code).toBe(EXIT.ok);
  });

  it("1: a finding reached --fail-on, though a part could not be read", async () => {
    const { code, stdout } = await spawnAjar(["audit", broken.path, "-f", "json", "--fail-on", "medium"]);
    expect(JSON.parse(stdout).findings.map(({ severity }: { severity: string }) => severity)).toContain("medium");
    expect(code).toBe(EXIT.policy);
  });

  it("1 needs a finding as severe as --fail-on, and beats 3 when the audit is incomplete", () => {
    const failing = { ...sampleReport, coverage: { ...sampleReport.coverage, complete: false } };
    expect(exitCodeOf(failing, "high")).toBe(EXIT.policy);
    expect(exitCodeOf(failing, "low")).toBe(EXIT.policy);
    expect(exitCodeOf(failing, "critical")).toBe(EXIT.incomplete);
    expect(exitCodeOf(failing, "none")).toBe(EXIT.incomplete);
    expect(exitCodeOf({ ...failing, coverage: { ...failing.coverage, complete: true } }, "none")).toBe(EXIT.ok);
  });

  it.each([
    ["an unknown command", ["adit"], "UNKNOWN_COMMAND"],
    ["an unknown option", ["audit", ".", "--ofline"], "UNKNOWN_OPTION"],
    ["a bad value", ["audit", ".", "--fail-on", "never"], "BAD_OPTION"],
    ["nothing to audit", ["audit"], "BAD_OPTION"],
    ["a reference nobody knows", ["audit", "no/such/path/here"], "BAD_REFERENCE"],
    ["an unknown id", ["explain", "no-such-id-at-all"], "UNKNOWN_ID"],
    ["an output that cannot be written", ["audit", good.path, "-o", "/no/such/folder/a.json"], "OUTPUT_UNWRITABLE"],
  ])("2: %s", async (_, args, errorCode) => {
    const { code, stdout, stderr } = await spawnAjar(args);
    expect(stderr).toContain(errorCode);
    expect([code, stdout]).toEqual([EXIT.usage, ""]);
  });

  it("3: a part could not be read, and the report says which", async () => {
    const { code, stdout } = await spawnAjar(["audit", broken.path, "-f", "json", "--fail-on", "none"]);
    const report = JSON.parse(stdout);
    expect(code).toBe(EXIT.incomplete);
    expect(report.coverage.complete).toBe(false);
    expect(report.coverage.skipped).toContainEqual(expect.objectContaining({ path: "model.safetensors", partial: true }));
  });

  it("4: nothing auditable", async () => {
    const { code, stdout } = await spawnAjar(["audit", empty.path, "-f", "json"]);
    expect(JSON.parse(stdout).error.code).toBe("NOTHING_AUDITABLE");
    expect(code).toBe(EXIT.nothing);
  });

  it("5: offline, and needed", async () => {
    const { code, stderr } = await spawnAjar(["audit", "hf:owner/name", "--offline"], { env: { HF_ENDPOINT: silentUrl } });
    expect(stderr).toContain("OFFLINE");
    expect(code).toBe(EXIT.offline);
  });

  it("70: a bug, told with where it happened", async () => {
    const breakStdin = 'data:text/javascript,Object.defineProperty(process, "stdin", { get() { throw new TypeError("planted"); } })';
    const { code, stderr } = await spawnAjar(["license", "-"], { node: ["--import", breakStdin] });
    expect(stderr).toMatch(/planted \[BUG\]/u);
    expect(stderr).toContain("at ");
    expect(code).toBe(EXIT.bug);
  });

  it.each(["SIGINT", "SIGTERM"] as const)("130: %s stops an audit, and no file is left", async (signal) => {
    const { code, stderr } = await spawnAjar(["audit", "hf:owner/name", "-o", join(out.path, "report.json")], {
      env: { HF_ENDPOINT: silentUrl },
      started: (child) => silent.once("request", () => child.kill(signal)),
    });
    expect(stderr).toContain("INTERRUPTED");
    expect(code).toBe(EXIT.interrupted);
    expect(readdirSync(out.path)).toEqual([]);
  });

  it("the gravest code speaks for a list", () => {
    expect(worstOf([EXIT.ok, EXIT.incomplete, EXIT.policy])).toBe(EXIT.policy);
    expect(worstOf([EXIT.ok, EXIT.nothing])).toBe(EXIT.nothing);
    expect(worstOf([])).toBe(EXIT.ok);
  });
});
