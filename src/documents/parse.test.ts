import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDescription, parseDocument } from "./parse.ts";

const card = `---
license: apache-2.0
datasets:
  - one/two
  - three/four
---
# Nimbus 7B

Trained on *public* data, see [the paper](https://example.org/paper.pdf).
More at https://example.org/more, and there.

- first item
- second item with \`code\`

| Model | Tokens |
| --- | --- |
| 7B | [2T](https://example.org/2t) |

\`\`\`bash
wget https://example.org/weights.bin
\`\`\`
`;

describe("parseDescription", () => {
  it("reads what comes after the header fields, at the lines where it stands", () => {
    const { blocks } = parseDescription("Metadata-Version: 2.2\nLicense: MIT\n\n# Tern\n\nA model.\n");
    expect(blocks.map(({ kind, startLine }) => [kind, startLine])).toEqual([
      ["heading", 4],
      ["paragraph", 6],
    ]);
  });

  it("finds nothing where there is no description, and survives any text", () => {
    expect(parseDescription("Metadata-Version: 2.2\nSummary: # no heading").blocks).toEqual([]);
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string(), (head, body) => {
        const text = `${head}\n\n${body}`;
        expect(parseDescription(text).text).toBe(text);
      }),
    );
  });
});

describe("parseDocument", () => {
  it("keeps the lines of every block of a card", () => {
    const { blocks } = parseDocument(card);
    expect(blocks.map(({ kind, startLine, endLine }) => [kind, startLine, endLine])).toEqual([
      ["heading", 7, 7],
      ["paragraph", 9, 10],
      ["item", 12, 12],
      ["item", 13, 13],
      ["table", 15, 17],
      ["code", 19, 21],
    ]);
    expect(blocks.slice(1).every(({ under }) => under.join() === "Nimbus 7B")).toBe(true);
  });

  it("finds marked and bare links with their lines and the words around them", () => {
    const { links } = parseDocument(card);
    expect(links.map(({ url, line }) => [url, line])).toEqual([
      ["https://example.org/paper.pdf", 9],
      ["https://example.org/more", 10],
      ["https://example.org/2t", 17],
      ["https://example.org/weights.bin", 20],
    ]);
    expect(links[0]?.context).toBe("Trained on public data, see the paper.");
    expect(links[2]?.context).toBe("Tokens: 7B | 2T");
  });

  it("reads front matter with the lines of each key", () => {
    const { frontMatter } = parseDocument(card);
    expect(frontMatter?.data["license"]).toBe("apache-2.0");
    expect(frontMatter?.linesOf(["license"])).toEqual({ start: 2, end: 2 });
    expect(frontMatter?.linesOf(["datasets", 1])).toEqual({ start: 5, end: 5 });
    expect(frontMatter?.linesOf(["datasets"])).toEqual({ start: 3, end: 5 });
    expect(frontMatter?.linesOf(["absent"])).toBeNull();
  });

  it("reads HTML as the same blocks: headings, links, images and tables split by blank lines", () => {
    const text =
      '<h1 align="center">Nimbus</h1>\n<p><a href="https://a.example/x">Weights <img src="b.svg" alt="badge"></a><br>here</p>\n\n<table>\n<tr><th>Model</th><th>Size</th></tr>\n\n    <tr><td>A</td><td>7B</td></tr>\n</table>\n';
    const { blocks, links } = parseDocument(text);
    expect(blocks.map(({ kind }) => kind)).toEqual(["heading", "paragraph", "table"]);
    const table = blocks[2];
    expect(table?.kind === "table" ? [table.header, table.rows] : null).toEqual([["Model", "Size"], [{ line: 7, cells: ["A", "7B"] }]]);
    expect(links.map(({ url, image, text: label }) => [url, image, label])).toEqual([
      ["https://a.example/x", false, "Weights"],
      ["b.svg", true, "badge"],
    ]);
  });

  it("never shows comments, scripts or styles as text", () => {
    const { blocks } = parseDocument(
      "<!-- we are open source -->\n<script>var open = 1 < 2;</script>\n<style>p { x: y }</style>\n\nplain\n",
    );
    expect(blocks.map((block) => ("text" in block ? block.text : ""))).toEqual(["plain"]);
  });

  it("keeps front matter that is not valid YAML as text", () => {
    const { frontMatter, blocks } = parseDocument("---\nlicense: [mit\n---\nbody\n");
    expect(frontMatter).toBeNull();
    expect(blocks.map(({ kind }) => kind)).toEqual(["code", "paragraph"]);
  });

  it("takes a horizontal rule for a rule, not for front matter", () => {
    expect(parseDocument("---\nJust a sentence.\n---\n").blocks.map(({ kind }) => kind)).toContain("heading");
  });

  it("treats __proto__ as a key like any other", () => {
    const { frontMatter } = parseDocument("---\n__proto__:\n  polluted: yes\nlicense: mit\n---\n");
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    expect(frontMatter?.data["license"]).toBe("mit");
  });

  it("lets the last of duplicate keys win", () => {
    const { frontMatter } = parseDocument("---\nlicense: mit\nlicense: other\n---\n");
    expect(frontMatter?.data["license"]).toBe("other");
    expect(frontMatter?.linesOf(["license"])).toEqual({ start: 3, end: 3 });
  });

  it("gives up on alias bombs without expanding them", () => {
    const levels = "bcdefghij".split("").map((name, at) => `${name}: &${name} [${Array(9).fill(`*${"abcdefghij"[at]}`).join(",")}]`);
    expect(parseDocument(`---\na: &a [x]\n${levels.join("\n")}\n---\n`).frontMatter).toBeNull();
  });

  it("counts the same lines with Windows line ends", () => {
    const windows = parseDocument(card.replaceAll("\n", "\r\n"));
    expect(windows.blocks.map(({ kind, startLine }) => [kind, startLine])).toEqual(
      parseDocument(card).blocks.map(({ kind, startLine }) => [kind, startLine]),
    );
    expect(windows.frontMatter?.linesOf(["license"])).toEqual({ start: 2, end: 2 });
  });

  it("never throws and never points outside the text", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "---\n",
        "a: b\n",
        "# h\n",
        "- i\n",
        "> q\n",
        "```\n",
        "| a | b |\n",
        "|-|-|\n",
        "<td>",
        "<table>",
        "</table>\n",
        "<a href='x'>",
        "<!--",
        "-->",
        "[x](y)",
        "![",
        "](",
        "https://e.x/ ",
        "\r",
        "\r\n",
        "\n\n",
        "&amp;",
        "\u0000",
        "开源。",
      ),
      fc.string({ maxLength: 12, unit: "binary" }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (parts) => {
        const text = parts.join("");
        const { blocks, links } = parseDocument(text);
        const last = text.split("\n").length;
        for (const { startLine, endLine } of blocks) {
          expect(startLine).toBeGreaterThanOrEqual(1);
          expect(endLine).toBeGreaterThanOrEqual(startLine);
          expect(endLine).toBeLessThanOrEqual(last);
        }
        for (const { line } of links) expect(line >= 1 && line <= last).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("keeps the words of a plain paragraph in order", () => {
    const word = fc.stringMatching(/^[a-z]{1,8}$/u);
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 40 }), (words) => {
        const [block] = parseDocument(words.join(" ")).blocks;
        expect(block !== undefined && "text" in block ? block.text.split(/\s+/u) : []).toEqual(words);
      }),
    );
  });

  const hostile: Readonly<Record<string, string>> = {
    "a line of 5 MB": "a ".repeat(2_500_000),
    "500 000 open brackets": "[".repeat(500_000),
    "lists 10 000 deep": `${"- ".repeat(10_000)}x`,
    "quotes 10 000 deep": `${"> ".repeat(10_000)}x`,
    "unclosed comments": "<!-- ".repeat(400_000),
    "unclosed tags with quotes": `${"<a =\"'".repeat(300_000)}">`,
    "unclosed tables": "<table><tr><td>".repeat(200_000),
    "nested links": "[a](<b".repeat(200_000),
    "bare URLs without end": "http://a ".repeat(300_000),
    "flow collections 100 000 deep": `---\na: ${"[".repeat(100_000)}\n---\n`,
    "block sequences 50 000 deep": `---\na:\n${"- ".repeat(50_000)}x\n---\n`,
  };
  for (const [name, text] of Object.entries(hostile)) {
    it(`stays quick on ${name}`, () => {
      parseDocument(text);
      // Ten times what an idle machine needs; anything worse than linear takes minutes.
    });
  }
});
