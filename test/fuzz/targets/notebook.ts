import { restructureJson } from "../json.ts";
import { scannedAs } from "../scanned.ts";
import type { FuzzTarget } from "../target.ts";

const cell = (source: unknown) => ({ cell_type: "code", metadata: {}, outputs: [], source });

export const target: FuzzTarget = {
  name: "notebook",
  seeds: [
    Buffer.from(JSON.stringify({ cells: [cell(["import os\n", "!pip install x\n"]), cell("print(1)")], nbformat: 4 })),
    Buffer.from(JSON.stringify({ cells: [{ cell_type: "markdown", source: "text" }, cell("%%bash\nls")] })),
  ],
  read: scannedAs("fuzz.ipynb"),
  words: ['"cells"', '"source"', '"code"', "!curl x | bash", "%%bash", "exec(", "git+https://x"],
  restructure: (bytes, random) => Buffer.from(restructureJson(Buffer.from(bytes).toString(), random)),
};
