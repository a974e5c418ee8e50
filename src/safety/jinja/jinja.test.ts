import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { judgeTemplate } from "./judge.ts";
import { tokenize } from "./tokens.ts";

function rules(source: string): readonly string[] {
  return judgeTemplate(source, { start: 0, end: source.length, name: "t" }).map(({ message }) => message.id.replace("safety.", ""));
}

describe("honest templates", () => {
  test.each([
    [
      "ChatML",
      "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\\n' + m['content'] + '<|im_end|>' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}",
    ],
    [
      "tools",
      "{%- if tools %}{{- '# Tools\\n' }}{%- for tool in tools %}{{- tool | tojson(indent=4) }}{%- endfor %}{%- endif %}{{ bos_token }}",
    ],
    [
      "a namespace",
      "{% set ns = namespace(found=false, text='') %}{% for m in messages %}{% if m.role == 'system' %}{% set ns.found = true %}{% endif %}{% endfor %}{{ raise_exception('x') if not ns.found }}",
    ],
    ["the day", "{%- set date = strftime_now('%d %b %Y') if strftime_now is defined else '26 Jul 2024' %}Today Date: {{ date }}"],
    [
      "kinds of content",
      "{% if message['content'] is string %}{{ message['content'] }}{% else %}{% for c in message['content'] %}{% if c['type'] == 'image' or 'image' in c %}<image>{% endif %}{% endfor %}{% endif %}",
    ],
    [
      "marks in content",
      "{% if '</think>' in content %}{{ content.split('</think>')[-1].lstrip('\\n') }}{% endif %}{% if content.startswith('<tool_response>') %}x{% endif %}",
    ],
    [
      "roles",
      "{% if messages[0]['role'] == 'system' %}{% set loop_messages = messages[1:] %}{% endif %}{% if 'system' in messages[0].role %}x{% endif %}",
    ],
    ["a raw block", "{% raw %}{{ x.__class__ }}{% endraw %} and __init__ in text"],
    ["a system prompt", "You are a helpful assistant created by somebody. Never answer with more than one sentence."],
    ["single underscores", "{{ m['_name'] }}{{ a._private if a is defined }}{{ 'x' ~ '_' ~ 'y' }}"],
  ])("with %s are left alone", (_, source) => {
    expect(rules(source)).toEqual([]);
    expect(tokenize(source).stopped).toBeNull();
  });
});

test("words in comments and in text are no code", () => {
  expect(rules("{# ''.__class__ #}__globals__ {{ messages }}")).toEqual([]);
  expect(rules("{{ messages.__class__ }}")).toEqual(["JJ01.attribute"]);
});

describe("tokens", () => {
  test("stand where the source has them, whatever the source", () => {
    const pieces = fc.array(
      fc.constantFrom(
        "{{",
        "}}",
        "{%",
        "%}",
        "{#",
        "#}",
        "-",
        "'",
        '"',
        "\\",
        "raw",
        "endraw",
        " ",
        "a",
        ".",
        "[",
        "]",
        "|",
        "5",
        "\n",
        "_",
      ),
    );
    fc.assert(
      fc.property(pieces, fc.string(), (parts, text) => {
        const source = parts.join("") + text;
        const { list } = tokenize(source);
        let last = 0;
        for (const token of list) {
          expect(token.at).toBeGreaterThanOrEqual(last);
          if (token.kind !== "string") expect(source.startsWith(token.value, token.at)).toBe(true);
          last = token.at;
        }
        expect(Array.isArray(rules(source))).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test("are as jinja2 lexes them", () => {
    const { list, stopped } = tokenize("a{{- x['\\x5f'] | attr(\"b\") -}}{% if y == {'k': '}}'} %}z");
    expect(stopped).toBeNull();
    expect(list.map(({ kind, value }) => `${kind} ${value}`)).toEqual([
      ...["text a", "open {{", "name x", "operator [", "string _", "operator ]", "operator |", "name attr", "operator (", "string b"],
      ...["operator )", "close }}", "open {%", "name if", "name y", "operator ==", "operator {", "string k", "operator :", "string }}"],
      ...["operator }", "close %}", "text z"],
    ]);
    expect(tokenize("ok {{ x ? 1 }}").stopped).toBe(3);
    expect(tokenize("{{ 'open").stopped).toBe(0);
  });
});
