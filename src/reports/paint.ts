// Colour adds, never tells: every colour stands beside a symbol and a word. Blue and yellow, which all common kinds of
// colour blindness keep apart; no red against green.

export type Tone = "strong" | "good" | "bad" | "unsure" | "faint";
export type Paint = (tone: Tone, text: string) => string;

const CODES: Readonly<Record<Tone, readonly [string, string]>> = {
  strong: ["\u001b[1m", "\u001b[22m"],
  good: ["\u001b[36m", "\u001b[39m"],
  bad: ["\u001b[1;33m", "\u001b[22;39m"],
  unsure: ["\u001b[35m", "\u001b[39m"],
  faint: ["\u001b[2m", "\u001b[22m"],
};

/** A painter that leaves text alone when `color` is false. */
export function painter(color: boolean): Paint {
  return (tone, text) => (color && text !== "" ? `${CODES[tone][0]}${text}${CODES[tone][1]}` : text);
}
