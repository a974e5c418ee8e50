import { expect, test } from "vitest";
import { AjarError } from "../core/errors.ts";
import { DEFAULT_LIMITS, type Source, type SourceContext, type SourceProvider } from "../core/source.ts";
import { openSource } from "./open.ts";

const context: SourceContext = {
  offline: true,
  env: {},
  cwd: import.meta.dirname,
  signal: new AbortController().signal,
  limits: DEFAULT_LIMITS,
  progress: () => undefined,
};

/** A provider that says what it was asked to open. */
function provider(id: string, schemes: readonly string[], claims: (reference: string) => boolean): SourceProvider {
  return {
    id,
    schemes,
    claims: async (reference) => claims(reference),
    open: async (reference): Promise<Source> => {
      throw new AjarError("NOT_FOUND", `${id} opens ${reference}`);
    },
  };
}

const providers = [
  provider("hub", ["hf"], (reference) => /^[^/.]+\/[^/]+$/u.test(reference)),
  provider("npm", ["npm"], () => false),
  provider("recorded", ["recorded"], () => false),
  provider("folder", ["file"], () => true),
  provider("archive", ["archive"], (reference) => reference.endsWith(".ts")),
];

const opened = async (reference: string, from: readonly SourceProvider[] = providers): Promise<string> => {
  try {
    await openSource(reference, context, from);
  } catch (error) {
    return error instanceof Error ? error.message : "";
  }
  return "opened";
};

test("a scheme forces its source", async () => {
  expect(await opened("hf:owner/name")).toBe("hub opens hf:owner/name");
  expect(await opened("recorded:open.ts")).toBe("recorded opens recorded:open.ts");
});

test("an existing path is local, archives before folders", async () => {
  expect(await opened("open.ts")).toBe("archive opens open.ts");
  expect(await opened("../sources")).toBe("folder opens ../sources");
});

test("an existing path is never asked of a remote source", async () => {
  const local = provider("folder", ["file"], () => true);
  const remote = provider("hub", ["hf"], () => {
    throw new Error("asked");
  });
  expect(await opened("../sources/open.ts", [remote, local])).toBe("folder opens ../sources/open.ts");
});

test("what is no path goes to the source that claims it", async () => {
  const some = providers.filter(({ id }) => id === "hub");
  expect(await opened("owner/name", some)).toBe("hub opens owner/name");
});

const onlySchemes = providers.map(({ id, schemes }) => provider(id, schemes, () => false));

async function refusal(reference: string): Promise<AjarError> {
  try {
    await openSource(reference, context, onlySchemes);
  } catch (error) {
    if (error instanceof AjarError) return error;
  }
  throw new Error("not refused");
}

test.each([
  ["nmp:left-pad", "Did you mean npm:left-pad?"],
  ["recorder:x", "Did you mean recorded:x?"],
  ["xyzzy:x", "Known schemes: archive, file, hf, npm, recorded."],
  ["opem.ts", "Did you mean open.ts?"],
  ["../sorces", "Did you mean ../sources?"],
  ["no/such/place", "Give a path, owner/name, or a scheme: archive, file, hf, npm, recorded."],
  ["https://example.org/x", "Give a path, owner/name, or a scheme: archive, file, hf, npm, recorded."],
])("%s is refused with a hint", async (reference, hint) => {
  expect(await refusal(reference)).toMatchObject({ code: "BAD_REFERENCE", subject: reference, hint });
});

test.each(["", "  ", "a\0b", "\u001b[31mred"])("the reference %j is refused and never printed raw", async (reference) => {
  const error = await refusal(reference);
  expect(error.code).toBe("BAD_REFERENCE");
  expect(error.message).not.toMatch(/\p{Cc}/u);
});
