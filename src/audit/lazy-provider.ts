import type { Source, SourceContext, SourceProvider } from "../core/source.ts";

/** A provider whose code is loaded only when a reference needs it: an audit of a folder never loads the HTTP client. */
export function lazyProvider(
  id: string,
  schemes: readonly string[],
  load: () => Promise<{ readonly source: SourceProvider }>,
): SourceProvider {
  return {
    id,
    schemes,
    claims: async (reference: string, context: SourceContext): Promise<boolean> => (await load()).source.claims(reference, context),
    open: async (reference: string, context: SourceContext): Promise<Source> => (await load()).source.open(reference, context),
  };
}
