// Whole reports as a reader sees them; `npm run golden` writes them anew, the diff is reviewed.
import { describe, it } from "vitest";
import { render as renderJson } from "../../src/reports/json.ts";
import { LANGUAGES } from "../../src/reports/language.ts";
import { render as renderTable } from "../../src/reports/table.ts";
import { compareGolden } from "../support/golden.ts";
import { sampleReport } from "./sample-report.ts";

describe("golden reports", () => {
  it.each(LANGUAGES)("the table in %s is as reviewed", (language) => {
    compareGolden(`sample/table.${language}.txt`, renderTable(sampleReport, { language, verbose: false, color: false, width: 80 }));
  });

  it("the JSON is as reviewed", () => {
    compareGolden("sample/report.json", renderJson(sampleReport));
  });
});
