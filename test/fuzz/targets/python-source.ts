import { AjarError } from "../../../src/core/errors.ts";
import { judgePython } from "../../../src/safety/python/judge.ts";
import type { FuzzTarget } from "../target.ts";

const HONEST =
  "import torch as t\nfrom os import system as go\nfrom a.b import (c as d, e)\nclass X(t.nn.Module):\n    '''text'''\n    def forward(self, x): return d(x) + 1.5e3  # note\n";

export const target: FuzzTarget = {
  name: "python-source",
  seeds: [Buffer.from(HONEST), Buffer.from(`${HONEST}import base64\nx = f"{1}" rb'\\x00'\n`)],
  async read(reader) {
    const source = new TextDecoder().decode(await reader.read(0, reader.sizeBytes));
    // What it finds something in counts as refused, so that both answers are seen.
    const [hit] = judgePython(source, "setup.py");
    if (hit !== undefined) throw new AjarError("INCONSISTENT", hit.rule, { offset: hit.start });
  },
  words: [
    "go(",
    "go(x)",
    "go (",
    "eval(b64decode(",
    "exec(",
    "b64decode(",
    "import os\nos.system(",
    '"""',
    "'",
    "\\\n",
    "#",
    "from subprocess import run as d\n",
    "as d",
    "(",
    ")",
  ],
};
