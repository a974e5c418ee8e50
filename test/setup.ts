// Property tests draw the same cases in every run, so that a red run can be repeated and a green one stays green.
// `AJAR_FUZZ_SEED=random npm test` draws new ones; the seed is printed with any failure.
import fc from "fast-check";

const asked = process.env["AJAR_FUZZ_SEED"];
if (asked !== "random") fc.configureGlobal({ seed: asked === undefined ? 20_261_124 : Number(asked) });
