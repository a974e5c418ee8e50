/** Why a text is no YAML, in plain words that can be translated: by the code that the parser (package yaml, 2.x, ErrorCode) gives. */
export function yamlProblem(code: string): string {
  return SENTENCES[code] ?? "this is no YAML";
}

const SENTENCES: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: "a key comes twice",
  BAD_INDENT: "the indentation is wrong, or a bracket has no end",
  TAB_AS_INDENT: "tabs do not indent in YAML",
  MISSING_CHAR: "a quote, a bracket, a comma or a colon is missing",
  UNEXPECTED_TOKEN: "something stands here that does not belong here",
  BLOCK_AS_IMPLICIT_KEY: "a list or keys cannot begin on this line",
  MULTILINE_IMPLICIT_KEY: "a key has to stand on one line",
  BAD_SCALAR_START: "a text that begins like this needs quotes",
  BAD_DQ_ESCAPE: "there is no such escape in a text in quotes",
  BAD_ALIAS: "there is no such anchor",
  MULTIPLE_DOCS: "one document is wanted, and there are several",
  NON_STRING_KEY: "a key has to be text",
  TAG_RESOLVE_FAILED: "tags are not taken",
  RESOURCE_EXHAUSTION: "aliases are not taken",
};
