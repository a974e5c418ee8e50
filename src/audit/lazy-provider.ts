import type { Source, SourceContext, SourceProvider } from "../core/source.ts";

/** A provider whose code is loaded only when a reference needs it: an audit of a folder never loads the HTTP client. */
export function lazyProvider(
  id: string,
  schemes: readonly string[],
  load: () => Promise<{ readonly source: SourceProvider }>,
): SourceProvider {
  let loaded: SourceProvider | undefined;
  // An import of what is loaded already still costs as much as opening some files.
  const provider = async (): Promise<SourceProvider> => {
    loaded ??= (await load()).source;
    return loaded;
  };
  return {
    id,
    schemes,
    claims: async (reference: string, context: SourceContext): Promise<boolean> => (await provider()).claims(reference, context),
    open: async (reference: string, context: SourceContext): Promise<Source> => (await provider()).open(reference, context),
  };
}
