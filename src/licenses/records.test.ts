import { describe, expect, it } from "vitest";
import { allLicenses, licenseById, licenseByName } from "./records.ts";

describe("licenseByName", () => {
  it("takes SPDX ids in any case, hub ids, full names and aliases", () => {
    expect(licenseByName("apache-2.0")?.id).toBe("Apache-2.0");
    expect(licenseByName("MIT License")?.id).toBe("MIT");
    expect(licenseByName("llama2")?.id).toBe("LicenseRef-Llama-2-Community");
    expect(licenseByName("bsl-1.0")?.id).toBe("BSL-1.0");
    expect(licenseByName("odc-by")?.id).toBe("ODC-By-1.0");
    expect(licenseByName("  CC-BY-NC-4.0 ")?.id).toBe("CC-BY-NC-4.0");
    expect(licenseByName("creativeml-openrail-m")?.id).toBe("LicenseRef-CreativeML-OpenRAIL-M");
    expect(licenseByName("gpl-3.0")?.id).toBe("GPL-3.0");
  });

  it("refuses names of families and names it does not know", () => {
    for (const name of [
      "bsd",
      "gpl",
      "lgpl",
      "cc",
      "openrail",
      "gfdl",
      "other",
      "unknown",
      "modified-mit",
      "",
      "constructor",
      "__proto__",
      "my license",
    ]) {
      expect(licenseByName(name), name).toBeNull();
    }
  });
});

describe("the records", () => {
  it("give each license one kind, and no restriction to what OSI approved", () => {
    for (const { id, kind, osiApproved, restrictions, source } of allLicenses()) {
      expect(kind === "osi-approved", id).toBe(osiApproved);
      if (osiApproved) expect(restrictions, id).toEqual([]);
      expect(source, id).toMatch(/^(?:https?|ftp):\/\//u);
    }
  });

  it("hold the kinds that the openness of data and content rests on", () => {
    const kindOf = (id: string) => licenseById(id)?.kind;
    expect(kindOf("CC0-1.0")).toBe("open-data");
    expect(kindOf("ODC-By-1.0")).toBe("open-data");
    expect(kindOf("CDLA-Permissive-2.0")).toBe("open-data");
    expect(kindOf("CC-BY-4.0")).toBe("open-content");
    expect(kindOf("CC-BY-SA-4.0")).toBe("open-content");
    expect(kindOf("CC-BY-NC-4.0")).toBe("non-commercial");
    expect(kindOf("CC-BY-NC-ND-4.0")).toBe("non-commercial");
    expect(kindOf("CC-BY-ND-4.0")).toBe("no-derivatives");
    expect(kindOf("BUSL-1.1")).toBe("use-restricted");
    expect(kindOf("JSON")).toBe("use-restricted");
    expect(kindOf("WTFPL")).toBe("unapproved-permissive");
    expect(kindOf("LicenseRef-Llama-2-Community")).toBe("use-restricted");
    expect(kindOf("LicenseRef-DeepSeek-Model-1.0")).toBe("use-restricted");
  });

  it("are in order of id, each id once", () => {
    const ids = allLicenses().map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].sort());
  });

  it("name Llama 2's clauses", () => {
    const terms = licenseById("LicenseRef-Llama-2-Community")?.restrictions.map(({ term, clause }) => `${clause} ${term}`);
    expect(terms).toEqual(["2 user-threshold", "1.b.iv acceptable-use-policy", "1.b.v no-training-other-models"]);
  });
});
