import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isThirdParty, rolesByPath, rolesWithContent } from "./roles.ts";

describe("roles by path", () => {
  it.each([
    ["model-00001-of-00002.safetensors", "weights"],
    ["model.safetensors.index.json", "weights-index"],
    ["tokenizer.json", "tokenizer"],
    ["MODEL_LICENSE", "license"],
    ["Tern LICENSE AGREEMENT", "license"],
    ["LICENSE-MODEL", "license"],
    ["USE_POLICY.md", "policy"],
    ["model_card.md", "model-card"],
    ["datasheet.md", "data-card"],
    ["TECHNICAL_REPORT.pdf", "paper"],
    ["src/train.py", "training-code"],
    ["data/prepare.py", "data-processing-code"],
    ["eval/evaluate_mmlu.py", "evaluation-code"],
    ["src/modeling_tern.py", "architecture-code"],
    ["cli_demo.py", "inference-code"],
    ["package.json", "package-metadata"],
    ["@host/model-info.json", "host-record"],
  ])("%s is %s", (path, role) => {
    expect(rolesByPath(path)).toContain(role);
  });

  it.each([
    ["optimizer.pt", "weights"],
    ["assets/license.svg", "license"],
    ["Responsible-Use-Guide.pdf", "paper"],
    ["tests/train.py", "training-code"],
    ["examples/finetune.py", "training-code"],
    [".github/ISSUE_TEMPLATE/model_card.md", "model-card"],
    ["src/preprocessor.py", "data-processing-code"],
    ["license_checker.py", "license"],
  ])("%s is not %s", (path, role) => {
    expect(rolesByPath(path)).not.toContain(role);
  });

  it("vendored folders are third party, and their look-alikes are not", () => {
    expect(isThirdParty("third_party/x/model.py")).toBe(true);
    expect(isThirdParty("src/vendor/LICENSE")).toBe(true);
    expect(isThirdParty("src/vendored_model_notes.md")).toBe(false);
  });

  it("every path has a role, the same one each time", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (path) => {
        const roles = rolesByPath(path);
        expect(roles.length).toBeGreaterThan(0);
        expect(new Set(roles).size).toBe(roles.length);
        expect(rolesByPath(path)).toEqual(roles);
      }),
    );
  });

  it("every content leaves a role, too", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), fc.string({ maxLength: 300 }), (name, text) => {
        for (const path of [name, `${name}.py`, "README.md", "train.py"]) {
          expect(rolesWithContent(path, text, rolesByPath(path), "folder").length).toBeGreaterThan(0);
        }
      }),
    );
  });

  it("hostile paths and contents take no longer than their length", () => {
    for (const piece of ["a/", "train_", "model", "-_ .", "licen", "eval/", "data_"]) rolesByPath(piece.repeat(20_000));
    rolesWithContent("train.py", "optim".repeat(40_000), ["code", "training-code"], "folder");
  });
});
