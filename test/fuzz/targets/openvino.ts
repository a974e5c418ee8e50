import { readOpenvino } from "../../../src/formats/openvino.ts";
import { below, pickOf, splice } from "../draw.ts";
import type { FuzzTarget, Random } from "../target.ts";

const model = `<?xml version="1.0"?>
<net name="m" version="11">
  <layers>
    <!-- a comment -->
    <layer id="0" name="w" type="Const" version="opset1"><data element_type="f32" shape="3, 4" offset="0" size="48"/></layer>
    <layer id="1" name="a &amp; b" type="If" version="opset8">
      <then_body><layers><layer id="0" name='i' type="Const" version="opset1"><data element_type="i4" shape="3" offset="48" size="2" /></layer></layers></then_body>
    </layer>
  </layers>
  <rt_info><Runtime_version value="2026.4"/><text value="a > b"/></rt_info>
</net>`;

const TAGS = /<[^>]*>/gu;

/** Doubles, drops or moves a tag. */
function restructure(bytes: Uint8Array, random: Random): Uint8Array {
  const text = new TextDecoder("latin1").decode(bytes);
  const tags = [...text.matchAll(TAGS)];
  const from = pickOf(random, tags);
  const to = pickOf(random, tags);
  if (from === undefined || to === undefined) return bytes;
  const piece = Buffer.from(from[0].repeat(random() < 0.2 ? below(random, 300) : 1), "latin1");
  return random() < 0.3
    ? splice(bytes, from.index, from.index + from[0].length, new Uint8Array(0))
    : splice(bytes, to.index, to.index, piece);
}

export const target: FuzzTarget = {
  name: "openvino",
  seeds: [Buffer.from(model)],
  read: readOpenvino,
  words: ["<layer", "</layer>", "<!--", "-->", "<![CDATA[", "<!DOCTYPE x [", "]>", 'type="Const"', "&#x41;", "<net>", '"', "'"],
  restructure,
};
