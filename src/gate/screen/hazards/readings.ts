// The ways in which a text is read: which disguises are undone together.
import type { FoldStep } from "../../../text/folded.ts";

/** Besides the steps for characters, which all have in common. */
export const READINGS: Readonly<Record<"plain" | "apart" | "leet", readonly FoldStep[]>> = {
  plain: ["spaces"],
  apart: ["annotation", "spacing", "spaces"],
  leet: ["annotation", "leet", "spacing", "spaces"],
};

/** Text before the first decoded run that is read with it, in UTF-16 units. */
export const DECODED_CONTEXT = 400;
