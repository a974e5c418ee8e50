// Bounds on what a document may cost. Texts come from strangers; every one of these was chosen so that
// the largest real card in use (about 1 MB of text) passes untouched and a hostile one stays linear.

/** A text past this length keeps its tail as plain lines: structure of a book-length tail is never needed. */
export const MAX_STRUCTURED_CHARS = 4 * 1024 * 1024;

/** Longest line given to the Markdown parser; the rest of such a line (embedded images, minified data) is plain text. */
export const MAX_LINE_CHARS = 16_384;

/** Longest paragraph parsed for inline markup: emphasis and link scanning is worse than linear in this length. */
export const MAX_INLINE_CHARS = 32_768;

/** Longest block of text handed to detectors; longer text is cut into several blocks. */
export const MAX_BLOCK_CHARS = 32_768;

/** Depth of nested lists, quotes and brackets that is followed; people stop at ten. */
export const MAX_NESTING = 40;

/** Front matter of real cards stays below 64 KiB, even with long metric lists (`model-index`). */
export const MAX_FRONT_MATTER_CHARS = 512 * 1024;

/** YAML aliases expanded in one front matter; cards use none, bombs use thousands. */
export const MAX_YAML_ALIASES = 50;

/** Nesting of YAML and HTML attributes followed before giving up. */
export const MAX_YAML_DEPTH = 64;

/** Longest HTML tag; long enough for an inline image of ordinary size. */
export const MAX_TAG_CHARS = 65_536;

/** Links kept per document; a list of every web page is data, not documentation. */
export const MAX_LINKS = 50_000;

/** Length of `Link.context` and of heading texts in `under`. */
export const MAX_CONTEXT_CHARS = 400;
