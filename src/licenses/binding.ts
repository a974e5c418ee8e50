import { hashWord, type Words } from "./words.ts";

// Which words make a sentence bind. A difference that holds one of them is never passed over.

const BINDING_WORDS =
  "shall must may not no nor cannot never none except unless provided provide only solely prohibited prohibits prohibit prohibiting require required " +
  "requires requirement restrict restricted restriction restrictions forbidden forbid obliged obligated obligation agree agrees " +
  "condition conditions commercial commercially noncommercial nonprofit military nuclear research academic permission permitted permits permit grant grants granted " +
  "without limit limited limitation exclude excluded excluding royalty fee free irrevocable revocable revoke terminate terminates terminated " +
  "termination delete patent patents warranty warranties liable liability indemnify display advertising acknowledge acknowledgment need ask " +
  "will should can if consent written prior approval register nonexclusive nontransferable nonsublicensable sublicense sell distribute redistribute " +
  "redistribution modify use copies source binary derivative notice written exceed greater less more than attribution attribute credit " +
  "evil good harm exceed";
// `and`, `or`, `any` are left out: lists of names and goods are full of them.

const STRONG_WORDS =
  "shall must cannot except unless only solely prohibited prohibits prohibit require required requires requirement restrict restricted " +
  "restriction restrictions forbidden obligated agree may not ask noncommercial nonprofit evil";

// Han text is cut into single characters; these occur in binding clauses and hardly elsewhere.
const HAN_BINDING = "不须禁仅限违除需应得可授权许";

const bindingHashes: ReadonlySet<number> = new Set([...BINDING_WORDS.split(" "), ...HAN_BINDING].map(hashWord));
const strongHashes: ReadonlySet<number> = new Set([...STRONG_WORDS.split(" "), ..."不须禁仅限违"].map(hashWord));

/** Words that change what a license allows or demands; when one is added or missing, the text is another license. */
export function isBindingWord(hash: number): boolean {
  return bindingHashes.has(hash);
}

/** The narrower set for text around a license: duties, bans and exceptions, not permissions. */
export function isStrongWord(hash: number): boolean {
  return strongHashes.has(hash);
}

/** True when the word at this position has a digit: thresholds, versions and years are not passed over either. */
export function holdsNumber(words: Words, at: number): boolean {
  const end = words.ends[at] ?? 0;
  for (let char = words.starts[at] ?? 0; char < end; char += 1) {
    const code = words.text.charCodeAt(char);
    if (code >= 48 && code <= 57) return true;
  }
  return false;
}
