import { cycloneDx } from "../cyclonedx.ts";
import type { Format } from "../format.ts";

export const format: Format = { id: "cyclonedx-1.7", extensions: [], render: (report) => cycloneDx(report, "1.7") };
