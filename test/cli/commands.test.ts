import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { COMMANDS } from "../../src/cli/command-table.ts";
import { withoutCredentials } from "../../src/cli/commands/doctor.ts";
import { VERSION } from "../../src/core/version.ts";
import { LANGUAGES } from "../../src/reports/language.ts";
import { textWidth } from "../../src/reports/width.ts";
import { packageRoot } from "../../src/rules/load.ts";
import { folderWith } from "./made-up-release.ts";
import { runInProcess } from "./run-in-process.ts";

const scratch = folderWith({});
afterAll(() => scratch.remove());

describe("ajar", () => {
  it("prints its version, alone and among other words", async () => {
    for (const argv of [["--version"], ["-V"], ["--lang=zh-Hans", "--version"]])
      expect((await runInProcess(argv)).stdout).toBe(`ajar ${VERSION}\n`);
  });

  it("without a word says how it is used and exits with 2", async () => {
    const { code, stdout } = await runInProcess([]);
    expect(code).toBe(2);
    expect(stdout).toContain("ajar audit ./my-model");
  });
});

describe("help", () => {
  it.each(LANGUAGES)("in %s shows examples first, names every option, and fits 80 columns", async (language) => {
    for (const command of COMMANDS) {
      const { code, stdout } = await runInProcess(["help", command.name, "--lang", language]);
      expect(code).toBe(0);
      expect(stdout.indexOf(command.examples[0] ?? "")).toBeLessThan(stdout.indexOf("--lang"));
      for (const option of command.options) expect(stdout).toContain(`-${option.name}`);
      const lines = stdout.split("\n").filter((line) => !command.examples.includes(line.trim()));
      for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(80);
    }
  });

  it("is the same behind --help", async () => {
    expect(await runInProcess(["audit", "--help"])).toEqual(await runInProcess(["help", "audit"]));
    expect(await runInProcess(["--help"])).toEqual(await runInProcess(["help"]));
  });

  it("gives every command three examples that parse", async () => {
    for (const command of COMMANDS) expect(command.examples.length, command.name).toBe(3);
  });

  it("speaks the language of the locale", async () => {
    expect((await runInProcess(["help"], { env: { LANG: "zh_CN.UTF-8" } })).stdout).toContain("命令");
    expect((await runInProcess(["help"], { env: { LC_ALL: "zh_TW.UTF-8" } })).stdout).toContain("指令");
    expect((await runInProcess(["help"], { env: { AJAR_LANG: "en", LANG: "zh_CN" } })).stdout).toContain("Commands");
    expect((await runInProcess(["help"], { env: { LANG: "C.UTF-8" } })).stdout).toContain("Commands");
  });
});

describe("errors", () => {
  it("are one JSON object on stdout with -f json, and talk on stderr", async () => {
    const { stdout, stderr } = await runInProcess(["explain", "osaid-1.1", "-f", "json"]);
    expect(JSON.parse(stdout)).toEqual({
      error: { code: "UNKNOWN_ID", message: "nothing has this id", subject: "osaid-1.1", hint: "Did you mean osaid-1.0?" },
    });
    expect(stderr).toContain("[UNKNOWN_ID]");
  });

  it("are JSON even when the command line itself is wrong", async () => {
    for (const argv of [
      ["audit", "x", "--nope", "--format=json"],
      ["audit", "x", "-fjson", "--nope"],
      ["doctor", "--json", "--nope"],
    ]) {
      expect(JSON.parse((await runInProcess(argv)).stdout).error.code).toBe("UNKNOWN_OPTION");
    }
    expect(JSON.parse((await runInProcess(["audit", "x", "--nope"], { env: { AJAR_FORMAT: "json" } })).stdout).error.code).toBe(
      "UNKNOWN_OPTION",
    );
  });

  it("are told in the reader's language, with the same code, and in English in JSON", async () => {
    expect((await runInProcess(["nope", "--lang", "zh-Hans"])).stderr).toContain("ajar: nope: 没有这个命令 [UNKNOWN_COMMAND]");
    const { stdout } = await runInProcess(["explain", "nope", "-f", "json", "--lang", "zh-Hant"]);
    expect(JSON.parse(stdout).error).toMatchObject({ code: "UNKNOWN_ID", message: "nothing has this id" });
  });

  it("neutralise what was typed", async () => {
    expect((await runInProcess(["explain", "a\u001b[31m"])).stderr).not.toContain("\u001b");
  });
});

describe("explain", () => {
  it.each([
    ["osaid-1.0", "standard"],
    ["osaid-1.0/training-code", "criterion"],
    ["osaii-2026/weights_basemodel", "criterion"],
    ["mof/training-code", "criterion"],
    ["training-data", "component"],
    ["over_limit", "error"],
    ["licenses/modified", "rule"],
    ["front-matter", "message"],
    ["apache-2.0", "license"],
    ["user-threshold", "message"],
    ["standards.has.absent", "message"],
  ])("knows %s as a %s", async (id, kind) => {
    const { code, stdout } = await runInProcess(["explain", id, "-f", "json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).kind).toBe(kind);
    expect((await runInProcess(["explain", id])).stdout.length).toBeGreaterThan(10);
  });

  it.each([
    ["en", "display a mark"],
    ["zh-Hans", "显示标志"],
    ["zh-Hant", "顯示標誌"],
  ])("shows the terms of a license in %s, and as data", async (lang, words) => {
    const { stdout } = await runInProcess(["explain", "llama3.2", "--lang", lang]);
    expect(stdout).toContain(words);
    expect(stdout).toContain("1.b.i");
    const { terms } = JSON.parse((await runInProcess(["explain", "llama3.2", "--lang", lang, "-f", "json"])).stdout);
    expect(terms).toMatchObject({ basis: "text", uses: { commercial: { permission: "conditional", clause: "1.a" } } });
  });

  it("says of a license that nobody has read for Ajar that its terms are not known", async () => {
    expect((await runInProcess(["explain", "Sendmail"])).stdout).toContain("not read for Ajar");
  });

  it("shows the source of a criterion and how it is decided", async () => {
    const { stdout } = await runInProcess(["explain", "osaid-1.0/training-code"]);
    expect(stdout).toContain("https://opensource.org/");
    expect(stdout).toContain("component: training-code");
  });
});

describe("license", () => {
  it("names a license from a file and from standard input", async () => {
    const text = readFileSync(join(packageRoot, "LICENSE"), "utf8");
    expect((await runInProcess(["license", join(packageRoot, "LICENSE")])).stdout).toContain("Apache-2.0");
    const { stdout } = await runInProcess(["license", "-", "-f", "json"], { stdin: text });
    expect(JSON.parse(stdout).matches[0]).toMatchObject({ outcome: "identified", license: { id: "Apache-2.0" } });
  });

  it("compares two licenses by id, name or file, clause by clause", async () => {
    const { code, stdout } = await runInProcess(["license", "--compare", "llama2", "LicenseRef-Llama-3.1-Community"]);
    expect(code).toBe(0);
    expect(stdout).toContain("≠ training on outputs");
    expect(stdout).toContain("clause 1.b.v");
    const apache = await runInProcess(["license", "--compare", join(packageRoot, "LICENSE"), "mit", "-f", "json"]);
    const { a, b, topics } = JSON.parse(apache.stdout);
    expect([a.license, b.license]).toEqual(["Apache-2.0", "MIT"]);
    expect(topics.find(({ topic }: { topic: string }) => topic === "standing.patent")).toMatchObject({
      verdict: "different",
      a: [{ answer: "granted", clause: "3" }],
    });
  });

  it("compares nothing that it has not read: a modified text, an unread license, prose", async () => {
    const changed = readFileSync(join(packageRoot, "LICENSE"), "utf8").replace(
      "You may reproduce and distribute",
      "You shall not distribute",
    );
    for (const [stdin, said] of [
      [changed, "modified copy of Apache-2.0"],
      ["This is a nice model.\n", "no license was recognised"],
    ] as const) {
      const { code, stdout } = await runInProcess(["license", "--compare", "-", "mit"], { stdin });
      expect([code, stdout.includes(said), stdout.includes("≠")]).toEqual([3, true, false]);
    }
    const unread = await runInProcess(["license", "--compare", "mit", "Sendmail", "-f", "json"]);
    expect(JSON.parse(unread.stdout)).toMatchObject({ b: { license: "Sendmail", state: "unread" }, topics: null });
  });

  it("says what is wrong with what it is to compare", async () => {
    expect(await runInProcess(["license", "--compare", "mit"])).toMatchObject({ code: 2, stderr: expect.stringContaining("OTHER") });
    expect(await runInProcess(["license", "--compare", "mit", "no-such"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("UNKNOWN_ID"),
    });
    expect(await runInProcess(["license", "a", "b"])).toMatchObject({ code: 2, stderr: expect.stringContaining("--compare") });
  });

  it("does not call prose a license", async () => {
    expect((await runInProcess(["license", "-"], { stdin: "This is a nice model.\n" })).stdout).not.toContain("✓");
  });

  it("says what is wrong with a file that is missing or a folder", async () => {
    expect(await runInProcess(["license", "/no/such/file"])).toMatchObject({ code: 3, stderr: expect.stringContaining("NOT_FOUND") });
    expect(await runInProcess(["license", scratch.path])).toMatchObject({ code: 3, stderr: expect.stringContaining("UNREADABLE") });
  });
});

describe("doctor", () => {
  it("shows no credentials, and says where a token comes from but not what it is", async () => {
    const env = { HF_TOKEN: "hf_secret", HTTPS_PROXY: "http://user:secret@proxy:3128", HF_ENDPOINT: "https://me:secret@hub.example.org" };
    for (const argv of [["doctor"], ["doctor", "--json"]]) {
      const { stdout } = await runInProcess(argv, { env });
      expect(stdout).not.toContain("secret");
      expect(stdout).toContain("HF_TOKEN");
      expect(stdout).toContain("***@proxy:3128");
    }
  });

  it("hides every spelling of a user and password", () => {
    expect(withoutCredentials("user:pw@host:1")).toBe("***@host:1");
    expect(withoutCredentials("http://host:1/a")).toBe("http://host:1/a");
  });
});

describe("schema", () => {
  it("prints the published schema", async () => {
    expect((await runInProcess(["schema", "report"])).stdout).toBe(readFileSync(join(packageRoot, "schema", "report.schema.json"), "utf8"));
    expect((await runInProcess(["schema", "reprot"])).stderr).toContain("Did you mean report?");
  });
});

function completeInBash(script: string, words: readonly string[]): readonly string[] {
  writeFileSync(join(scratch.path, "ajar.bash"), script);
  const program = `source ./ajar.bash; COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}; _ajar; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync("bash", ["-c", program], { cwd: scratch.path, encoding: "utf8" })
    .split("\n")
    .filter((line) => line !== "");
}

describe("completion", () => {
  it("in bash offers commands, options, choices and files", async () => {
    const script = (await runInProcess(["completion", "bash"])).stdout;
    expect(completeInBash(script, ["ajar", "au"])).toEqual(["audit"]);
    expect(completeInBash(script, ["ajar", "audit", "--off"])).toEqual(["--offline"]);
    expect(completeInBash(script, ["ajar", "audit", "--excl"])).toEqual(["--exclude"]);
    expect(completeInBash(script, ["ajar", "audit", "--fail-on", "h"])).toEqual(["high"]);
    expect(completeInBash(script, ["ajar", "completion", "z"])).toEqual(["zsh"]);
    expect(completeInBash(script, ["ajar", "audit", "aj"])).toEqual(["ajar.bash"]);
  });

  it.each(["zsh", "fish", "pwsh"])("in %s names every command and option, in every language", async (shell) => {
    for (const language of LANGUAGES) {
      const { stdout } = await runInProcess(["completion", shell, "--lang", language]);
      for (const command of COMMANDS) {
        expect(stdout).toContain(command.name);
        for (const option of command.options) expect(stdout).toContain(option.name);
      }
    }
  });

  it.skipIf(!existsSync("/usr/bin/zsh"))("in zsh is valid shell", async () => {
    const file = join(scratch.path, "_ajar");
    writeFileSync(file, (await runInProcess(["completion", "zsh"])).stdout);
    execFileSync("/usr/bin/zsh", ["-n", file]);
  });
});
