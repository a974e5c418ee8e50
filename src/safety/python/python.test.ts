import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { judgePython } from "./judge.ts";
import { tokenizePython } from "./tokens.ts";

function found(source: string, path = "modeling_x.py"): readonly string[] {
  return judgePython(source, path).map(({ message, severity, quote }) => `${message.id.slice(-9)} ${severity} ${quote}`);
}

describe("Python code", () => {
  test("is known by what it calls, under whatever name", () => {
    expect(found("import subprocess as sp\nsp.run(['ls'])")).toEqual(["2.process low subprocess.run"]);
    expect(found("from os import (system as s, path)\ns('ls')")).toEqual(["2.process low os.system"]);
    expect(found("import os\nos.system('ls')", "a/setup.py")).toEqual(["2.process high os.system"]);
    expect(found("exec(zlib.decompress(base64.b64decode(x)))")).toEqual(["2.decoded high exec"]);
    expect(found("eval(requests.get(u).text)")).toEqual(["2.fetched high eval"]);
  });

  test("is left alone where it only speaks of calls, or calls what is harmless", () => {
    expect(
      found("# os.system('x')\n'''exec(b64decode(x))'''\ndef exec(self): pass\nmodel.eval()\nre.compile('x')\nself.system('x')"),
    ).toEqual([]);
    expect(found("eval('1+1')\nexec(code)\ntorch.compile(model)\ntl.load(ptr)")).toEqual([]);
  });

  test("of any shape is read to its end", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 400 }), fc.string({ maxLength: 20 }), (source, path) => {
        expect(judgePython(source, path).length).toBeLessThanOrEqual(20);
        for (const { value, at, kind } of tokenizePython(source)) if (kind !== "string") expect(source.startsWith(value, at)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test("strings end where Python ends them", () => {
    const source = `rb'a\\'b' """c\n"d\n""" f'{x}' 'open\nnext`;
    const values = tokenizePython(source).map(({ kind, value }) => `${kind} ${value}`);
    expect(values.slice(0, 2)).toEqual(["string a\\'b", 'string c\n"d\n']);
    expect(values.slice(-2)).toEqual(["string open", "name next"]);
  });
});
