import type { Format } from "../format.ts";
import { render } from "../table.ts";

export const format: Format = { id: "table", extensions: [".txt"], render };
