// Where people work: the CI action, the hooks, the image and the pages for each audience say nothing that Ajar does not know, and the action's script runs.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { packageRoot } from "../../src/rules/load.ts";
import { folderWith, GOOD } from "../cli/made-up-release.ts";
import { runInProcess } from "../cli/run-in-process.ts";
import { commandLines, unknownIn, unknownOptions } from "./command-lines.ts";

const text = (name: string): string => readFileSync(join(packageRoot, name), "utf8");

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string; readonly description: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: {
    readonly steps: readonly { readonly id?: string; readonly run?: string; readonly env?: Readonly<Record<string, string>> }[];
  };
}

describe("command lines", () => {
  it("are told from others, and what is wrong with them is named", () => {
    expect(commandLines("x\nnpx ajar audit . --offline # why\nan ajar door\n`ajar diff a b`")).toEqual([
      "ajar audit . --offline",
      "ajar diff a b",
    ]);
    expect(unknownIn("ajar audit . --no-progress -o json=a --bogus -z")).toEqual(["audit --bogus", "audit -z"]);
    expect(unknownOptions("audit", 'options=(--offline --bogus)\noptions+=(--baseline "$X")')).toEqual(["--bogus"]);
  });
});

describe("pages", () => {
  const pages = readdirSync(join(packageRoot, "docs")).filter((name) => /^for-.*\.md$/u.test(name));

  it.each(pages)("%s has commands, and Ajar knows them all", (page) => {
    const lines = commandLines(text(`docs/${page}`));
    expect(lines.length).toBeGreaterThan(3);
    expect(lines.flatMap(unknownIn)).toEqual([]);
  });

  it("are all in the index", () => {
    const index = text("docs/README.md");
    const all = readdirSync(join(packageRoot, "docs")).filter((name) => name.endsWith(".md") && name !== "README.md");
    expect(all.filter((name) => !index.includes(`(${name})`))).toEqual([]);
  });
});

describe(".pre-commit-hooks.yaml", () => {
  const hooks: readonly { readonly id: string; readonly entry: string; readonly files: string; readonly language: string }[] = parse(
    text(".pre-commit-hooks.yaml"),
  );

  it("has three hooks that audit the repository without network", () => {
    expect(hooks.map(({ id, language }) => [id, language])).toEqual([
      ["ajar", "node"],
      ["ajar-docker", "docker"],
      ["ajar-system", "system"],
    ]);
    for (const { entry } of hooks) {
      expect(unknownIn(entry)).toEqual([]);
      expect(entry).toContain("--offline");
    }
  });

  it.each(hooks)("$id passes a good release", async ({ entry }) => {
    const release = folderWith(GOOD);
    const [, ...args] = entry.split(" ");
    const { code } = await runInProcess(args, { cwd: release.path });
    release.remove();
    expect(code).toBe(0);
  });

  it("runs when a file of a release changes, and not for code", () => {
    const pattern = new RegExp(hooks[0]?.files.replace("(?i)", "") ?? "", "iu");
    for (const path of ["README.md", "LICENSE", "a/b/model.safetensors", "config.json", "x.pkl"])
      expect(pattern.test(path), path).toBe(true);
    for (const path of ["src/main.py", "a.png"]) expect(pattern.test(path), path).toBe(false);
  });
});

describe("Dockerfile", () => {
  const lines = text("Dockerfile")
    .replace(/\\\n/gu, " ")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
  const last = lines.slice(lines.findLastIndex((line) => line.startsWith("FROM ")));

  it("builds in one stage and runs in another, as a user that is not root", () => {
    expect(lines.filter((line) => line.startsWith("FROM node:24-slim"))).toHaveLength(3);
    const user = last.indexOf("USER 65532:65532");
    expect(user).toBeGreaterThan(0);
    expect(last.slice(user).some((line) => /^(?:RUN|COPY|USER root)/u.test(line.replace("USER 65532:65532", "")))).toBe(false);
    expect(last).toContain('ENTRYPOINT ["ajar"]');
  });

  it("has the packages that the program loads late", () => {
    const late = readdirSync(join(packageRoot, "src"), { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts"))
      .flatMap((path) =>
        [...text(join("src", path)).matchAll(/createRequire\(import\.meta\.url\)\("([^"]+)"\)/gu)].map(([, name]) => name),
      );
    expect(late).toContain("yaml");
    const { dependencies } = JSON.parse(text("package.json"));
    expect(late.filter((name) => !(String(name) in dependencies))).toEqual([]);
    expect(last).toContain("COPY --from=packages /ajar/node_modules /ajar/node_modules");
  });

  it("copies only what there is", () => {
    const copied = last.filter((line) => line.startsWith("COPY --from=build")).flatMap((line) => line.split(" ").slice(2, -1));
    const known = new Set([...readdirSync(packageRoot), "dist"]);
    for (const path of copied) expect(known, path).toContain(path.replace("/ajar/", ""));
  });
});

describe("action.yml", () => {
  const action: Action = parse(text("action.yml"));
  const step = action.runs.steps.find(({ id }) => id === "audit");
  const script = step?.run ?? "";
  let work: ReturnType<typeof folderWith>;
  // In place of the built program: the sources.
  const shim = `const { spawnSync } = require("node:child_process");
process.exit(spawnSync(process.execPath, [${JSON.stringify(join(packageRoot, "src/bin.ts"))}, ...process.argv.slice(2)], { stdio: "inherit" }).status ?? 70);`;

  beforeEach(() => {
    work = folderWith({
      ...Object.fromEntries(Object.entries(GOOD).map(([name, content]) => [`release/${name}`, content])),
      "dist/bin.cjs": shim,
    });
  });
  afterEach(() => work.remove());

  function run(inputs: Readonly<Record<string, string>> = {}) {
    const value = (expression: string): string => {
      const input = /^\$\{\{ inputs\.(\S+) \}\}$/u.exec(expression)?.[1];
      return input === undefined ? work.path : (inputs[input] ?? action.inputs[input]?.default ?? "");
    };
    const env = Object.fromEntries(Object.entries(step?.env ?? {}).map(([name, expression]) => [name, value(expression)]));
    const [output, summary] = [join(work.path, "output"), join(work.path, "summary")];
    for (const file of [output, summary]) writeFileSync(file, "");
    const { status, stderr } = spawnSync("bash", ["-e", "-o", "pipefail", "-c", script], {
      cwd: join(work.path, "release"),
      encoding: "utf8",
      env: {
        PATH: `${join(process.execPath, "..")}:${process.env["PATH"]}`,
        HOME: work.path,
        ...env,
        GITHUB_OUTPUT: output,
        GITHUB_STEP_SUMMARY: summary,
      },
    });
    const outputs = Object.fromEntries(
      readFileSync(output, "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => line.split("=") as [string, string]),
    );
    return { status, stderr, outputs, summary: readFileSync(summary, "utf8") };
  }

  it("knows each input it uses, uses each it has, and puts none into the script", () => {
    const used = Object.values(step?.env ?? {}).flatMap((value) => /inputs\.([\w-]+)/u.exec(value)?.[1] ?? []);
    expect([...used].sort()).toEqual(Object.keys(action.inputs).sort());
    for (const { run: lines = "" } of action.runs.steps) expect(lines).not.toContain("${{");
    expect([...commandLines(script).flatMap(unknownIn), ...unknownOptions("audit", script)]).toEqual([]);
  });

  it("audits, names both files, and writes a summary", () => {
    const { status, outputs, summary } = run();
    expect(status).toBe(0);
    expect(outputs).toEqual({ "exit-code": "0", report: "ajar.json", sarif: "ajar.sarif" });
    expect(JSON.parse(readFileSync(join(work.path, "release/ajar.sarif"), "utf8"))).toMatchObject({ version: "2.1.0" });
    expect(summary).toMatch(/^# /mu);
  });

  it("fails when something got worse since the report that is kept", () => {
    expect(run({ report: "../old.json" }).status).toBe(0);
    writeFileSync(join(work.path, "release/LICENSE"), "All rights reserved.\n");
    expect(run({ previous: "../old.json", report: "../new.json", "fail-on": "none" }).status).toBe(1);
    expect(run({ previous: "../old.json", report: "../new.json", "fail-on": "none", "fail-on-change": "none" }).status).toBe(0);
  });

  it("takes a target that looks like an option for a target", () => {
    const { status, outputs } = run({ target: "--help; touch pwned" });
    expect(status).not.toBe(0);
    expect(outputs["report"]).toBeUndefined();
    expect(readdirSync(join(work.path, "release"))).not.toContain("pwned");
  });
});
