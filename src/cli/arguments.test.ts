import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AjarError } from "../core/errors.ts";
import { parseArguments, parseCommand } from "./arguments.ts";
import { COMMANDS, commandNamed } from "./command-table.ts";

const audit = commandNamed("audit");
if (audit === undefined) throw new Error("no audit command");

function parse(line: string, env: Record<string, string> = {}): ReturnType<typeof parseArguments> {
  if (audit === undefined) throw new Error("no audit command");
  return parseArguments(
    audit,
    line.split(" ").filter((word) => word !== ""),
    env,
  );
}

function failure(work: () => unknown): AjarError {
  try {
    work();
  } catch (error) {
    if (error instanceof AjarError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("parseArguments", () => {
  it("takes options before and after the operand, joined or apart", () => {
    const { operands, options } = parse("--rev=main ./x -f json -ojson=a.json --output b.txt -qv");
    expect(operands).toEqual(["./x"]);
    expect(options.text("rev")).toBe("main");
    expect(options.text("format")).toBe("json");
    expect(options.list("output")).toEqual(["json=a.json", "b.txt"]);
    expect([options.flag("quiet"), options.flag("verbose"), options.flag("offline")]).toEqual([true, true, undefined]);
  });

  it("gives every flag a negative form, the last one wins", () => {
    expect(parse("x --no-offline").options.flag("offline")).toBe(false);
    expect(parse("x --no-color --color").options.flag("color")).toBe(true);
    expect(parse("x --offline=0").options.flag("offline")).toBe(false);
  });

  it("ends options at -- and reads a lone dash as an operand", () => {
    expect(parse("-- --rev").operands).toEqual(["--rev"]);
    expect(parse("-").operands).toEqual(["-"]);
  });

  it("splits comma lists and knows short names of standards", () => {
    expect(parse("x --standard osaid,mof --standard eu").options.list("standard")).toEqual(["osaid-1.0", "mof", "eu-ai-act-53-2"]);
  });

  it("reads byte sizes with units and refuses what is no number", () => {
    expect(parse("x --max-bytes 500M").options.number("max-bytes")).toBe(500 * 1024 ** 2);
    expect(parse("x --max-bytes 2GiB").options.number("max-bytes")).toBe(2 * 1024 ** 3);
    for (const bad of ["--max-bytes -1", "--max-bytes 0", "--timeout 1.5", "--timeout 10M", "--timeout 0", "--max-bytes 9999999999999T"]) {
      expect(failure(() => parse(`x ${bad}`)).code).toBe("BAD_OPTION");
    }
  });

  it("names the nearest option when one is unknown", () => {
    expect(failure(() => parse("x --ofline"))).toMatchObject({
      code: "UNKNOWN_OPTION",
      subject: "--ofline",
      hint: "Did you mean --offline?",
    });
    expect(failure(() => parse("x --no-colour"))).toMatchObject({ hint: "Did you mean --no-color?" });
    expect(failure(() => parse("x -Z")).code).toBe("UNKNOWN_OPTION");
    expect(failure(() => parse("x --no-rev")).code).toBe("UNKNOWN_OPTION");
  });

  it("names the nearest choice when a value is none", () => {
    expect(failure(() => parse("x -f jsno"))).toMatchObject({ code: "BAD_OPTION", hint: "Did you mean json?" });
    expect(failure(() => parse("x --fail-on"))).toMatchObject({ code: "BAD_OPTION", message: "a value is missing" });
    expect(failure(() => parse("x --rev --offline")).message).toBe("a value is missing");
    expect(failure(() => parse("x --rev=")).message).toBe("the value is empty");
  });

  it("lets variables fill in what the line leaves out, and checks them as strictly", () => {
    const env = { AJAR_FORMAT: "json", AJAR_OFFLINE: "1" };
    expect(parse("x", env).options.text("format")).toBe("json");
    expect(parse("x -f table --no-offline", env).options.text("format")).toBe("table");
    expect(parse("x --no-offline", env).options.flag("offline")).toBe(false);
    expect(failure(() => parse("x", { AJAR_FAIL_ON: "never" }))).toMatchObject({ code: "BAD_OPTION", subject: "AJAR_FAIL_ON" });
  });

  it("refuses a second operand and a missing one", () => {
    expect(failure(() => parse("x y")).subject).toBe("y");
    const explain = commandNamed("explain");
    if (explain === undefined) throw new Error("no explain command");
    expect(failure(() => parseArguments(explain, [], {})).subject).toBe("ID");
    expect(parseArguments(explain, ["--help"], {}).options.flag("help")).toBe(true);
  });

  it("never fails but with a coded usage error", () => {
    const words = fc.array(
      fc.oneof(fc.string(), fc.constantFrom("--rev", "-f", "--", "-", "--no-", "-qqq", "--standard", ",", "-o=", "--=x")),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(words, (line) => {
        for (const command of COMMANDS) {
          try {
            parseArguments(command, line, {});
          } catch (error) {
            expect(error).toBeInstanceOf(AjarError);
            expect((error as AjarError).exitCode).toBe(2);
          }
        }
      }),
    );
  });
});

describe("parseCommand", () => {
  it("suggests the command that was meant", () => {
    expect(failure(() => parseCommand("adit", COMMANDS))).toMatchObject({ code: "UNKNOWN_COMMAND", hint: "Did you mean ajar audit?" });
    expect(failure(() => parseCommand("--frobnicate", COMMANDS)).hint).toContain("explain");
  });
});
