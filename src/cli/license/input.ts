import type { InputRules } from "../input.ts";

export const LICENSE_INPUT: InputRules = {
  // The longest license collections seen are near 1 MB; more is some other file.
  limitBytes: 16 * 1024 ** 2,
  hints: {
    folder: "Name the license file in it, or run ajar audit on the folder.",
    large: "This is not a license file.",
    missing: "Check the name, or pipe the text in: ajar license -",
  },
};
