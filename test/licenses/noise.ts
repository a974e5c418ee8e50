// Ways in which publishers change how a license looks and not what it says.

export interface Noise {
  readonly name: string;
  readonly apply: (text: string, seed: number) => string;
}

/** Small repeatable generator (mulberry32), so that a failing text can be made again. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function paragraphs(text: string): string[] {
  return text
    .split(/\n[ \t]*\n/u)
    .map((paragraph) => paragraph.replace(/\s+/gu, " ").trim())
    .filter((paragraph) => paragraph !== "");
}

function wrap(paragraph: string, width: number): string {
  const lines: string[] = [];
  let line = "";
  for (const word of paragraph.split(" ")) {
    if (line !== "" && line.length + word.length + 1 > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines.join("\n");
}

function rewrap(text: string, seed: number): string {
  const width = [38, 60, 72, 100, 100_000][seed % 5] ?? 72;
  return `${paragraphs(text)
    .map((paragraph) => wrap(paragraph, width))
    .join("\n\n")}\n`;
}

function markdown(text: string, seed: number): string {
  const next = random(seed);
  return `# License\n\n${paragraphs(text)
    .map((paragraph) => {
      const roll = next();
      if (paragraph.length < 60 && roll < 0.5) return `## ${paragraph}`;
      if (roll < 0.2) return `- ${paragraph}`;
      if (roll < 0.3) return `> ${paragraph}`;
      return paragraph.replace(/\b([A-Z][a-z]{4,12})\b/u, "**$1**");
    })
    .join("\n\n")}\n`;
}

function html(text: string): string {
  const escaped = text
    .replace(/<br ?\/?>/gu, " ")
    .replace(/&/gu, "&amp;")
    .replace(/</gu, "&lt;")
    .replace(/>/gu, "&gt;")
    .replace(/"/gu, "&quot;");
  const body = paragraphs(escaped).map((paragraph) => `<p class="license">${wrap(paragraph, 90).replace(/\n/gu, "<br />\n")}</p>`);
  return `<!DOCTYPE html>\n<html><head><title>License</title></head>\n<body>\n${body.join("\n")}\n</body></html>\n`;
}

function comment(text: string, seed: number): string {
  const prefix = ["// ", "# ", " * ", "-- ", ";; ", "% ", "REM ", "dnl "][seed % 8] ?? "# ";
  const body = text
    .split("\n")
    .map((line) => `${prefix}${line}`)
    .join("\n");
  return prefix === " * " ? `/*\n${body}\n */\n` : `${body}\n`;
}

function header(text: string, seed: number): string {
  const heads = [
    "Copyright (c) 2021-2024 The Foo Authors. All rights reserved.\n\n",
    "foo: a library for models\n=========================\n\nCopyright 2019 Jane Doe <jane@example.org>\n\n",
    "The following license applies to all files in this repository.\n\n(c) 2023 Example Research Institute, Department of Computing\n\n",
    "LICENSE\n\nProject: example-model\nCopyright © 2022, 2023 Example GmbH\n\n",
  ];
  const tails = ["", "\n\n-- end of license --\n", "\n\nLast updated: 2 March 2024\n"];
  return `${heads[seed % heads.length]}${text}${tails[seed % tails.length]}`;
}

function typography(text: string, seed: number): string {
  const next = random(seed);
  let open = false;
  const changed = text
    .replace(/"/gu, () => {
      open = !open;
      return open ? "“" : "”";
    })
    .replace(/'/gu, "’")
    .replace(/ - /gu, " — ")
    .replace(/ /gu, () => (next() < 0.03 ? "\u00a0" : next() < 0.06 ? "  " : " "))
    .replace(/\n/gu, next() < 0.5 ? "\r\n" : "\n");
  const roll = seed % 3;
  return roll === 0 ? changed.toUpperCase() : roll === 1 ? changed.toLowerCase() : `\ufeff${changed}`;
}

export const NOISES: readonly Noise[] = [
  { name: "re-wrapping", apply: rewrap },
  { name: "Markdown", apply: markdown },
  { name: "HTML", apply: html },
  { name: "comment signs", apply: comment },
  { name: "an added header and copyright line", apply: header },
  { name: "case, quotes and white space", apply: typography },
];
