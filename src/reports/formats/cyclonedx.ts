import { cycloneDx } from "../cyclonedx.ts";
import type { Format } from "../format.ts";

export const format: Format = { id: "cyclonedx", extensions: [".cdx.json", ".bom.json"], render: (report) => cycloneDx(report, "1.6") };
