import { describe, expect, it } from "vitest";
import { hazards as known } from "../../gate/screen/hazards/hazard-rules.ts";
import { LANGUAGES } from "../../reports/language.ts";
import { lookup } from "../../reports/messages.ts";
import { loadRules } from "../../rules/load.ts";
import { asList, asRecord } from "./entry.ts";
import { hazards } from "./hazards.ts";

describe("hazards", () => {
  it.each(LANGUAGES)("are explained in %s, every category and rule that the log can name: text, source and file", (language) => {
    for (const { id, code, rules } of known()) {
      const entry = hazards.find(id, language);
      expect(entry).toMatchObject({ kind: "hazard", id, title: lookup(`hazard.${id}`, language), source: expect.stringMatching(/./u) });
      expect(entry?.lines.join("\n")).toContain(`rules/hazards/${id}.yaml`);
      expect(hazards.find(code, language)).toEqual(entry);
      expect(hazards.find(code.toLowerCase(), language)).toEqual(entry);
      for (const { id: rule } of rules) {
        const found = hazards.find(rule, language);
        expect(found).toMatchObject({ kind: "rule", id: rule, title: lookup(`hazard.${rule}`, language) });
        expect(found?.lines.join("\n")).toContain(id);
        expect(hazards.ids(language)).toContain(rule);
      }
    }
  });

  it("are told in the words of their files, which translations follow", () => {
    for (const [id, data] of loadRules("hazards")) {
      for (const rule of asList(asRecord(data)["rules"]).map(asRecord))
        expect(lookup(`hazard.${id}/${rule["id"]}`, "en")).toBe(rule["why"]);
    }
  });

  it("are known by their whole id only", () => {
    for (const id of ["common", "violent", "violent-crimes/", "violent-crimes/nothing", "S0", "S15", ""]) {
      expect(hazards.find(id, "en")).toBeUndefined();
    }
  });
});
