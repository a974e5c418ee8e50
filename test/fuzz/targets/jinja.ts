import { AjarError } from "../../../src/core/errors.ts";
import { judgeTemplate } from "../../../src/safety/jinja/judge.ts";
import { tokenize } from "../../../src/safety/jinja/tokens.ts";
import type { FuzzTarget } from "../target.ts";

const LOOP =
  "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\\n' }}{% if m.content is string %}{{ m['content'] | trim }}{% endif %}{% endfor %}";

export const target: FuzzTarget = {
  name: "jinja",
  seeds: [Buffer.from(LOOP), Buffer.from(`{# note #}{% raw %}{{ x }}{% endraw %}${LOOP}{{ {'a': [1, 2.5e3]}['a'][-1] }}`)],
  async read(reader) {
    const source = new TextDecoder().decode(await reader.read(0, reader.sizeBytes));
    judgeTemplate(source, { start: 0, end: reader.sizeBytes, name: "fuzz" });
    const { stopped } = tokenize(source);
    if (stopped !== null) throw new AjarError("INCONSISTENT", "no Jinja", { offset: stopped });
  },
  words: [
    "{{",
    "}}",
    "{%",
    "%}",
    "{#",
    "#}",
    "{% raw %}",
    "{% endraw %}",
    "'",
    "\\x5f",
    "__class__",
    "|attr(",
    " ~ ",
    "range(",
    "namespace",
  ],
};
