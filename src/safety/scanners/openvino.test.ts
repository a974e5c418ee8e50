import { describe, expect, test } from "vitest";
import { fixture } from "../../../test/fuzz/fixture.ts";
import { hitNames, scanOf } from "../../../test/safety/scan.ts";
import { crossFileHits, rawWeights } from "../cross-file.ts";

const xml = fixture("openvino/small.xml");
const scan = (layers: string, before = "") =>
  scanOf("m.xml", Buffer.from(`${before}<net name="m" version="11"><layers>${layers}</layers></net>`));
const constant = (data: string) => `<layer id="0" name="w" type="Const" version="opset1"><data ${data}/></layer>`;

test("numbers lie where the graph says, and the file of numbers is accounted for by the graph", async () => {
  const bin = Buffer.from(fixture("openvino/small.bin"));
  const scanned = await scanOf("m/small.xml", xml);
  const weight = scanned.readings[0]?.tensors.find(({ name }) => name === "weight");
  expect(weight?.member).toBe("small.bin");
  expect(bin.readFloatLE((weight?.place?.end ?? 4) - 4)).toBe(11);
  const listed = [
    { path: "m/small.xml", sizeBytes: xml.length, content: "readable" as const, scan: scanned },
    { path: "m/small.bin", sizeBytes: bin.length, content: "readable" as const, scan: await scanOf("m/small.bin", bin) },
  ];
  expect(crossFileHits(listed, true).size).toBe(0);
  expect([...rawWeights(listed).keys()]).toEqual(["m/small.bin"]);
  const short = listed.map((file) => ({ ...file, sizeBytes: 10 }));
  expect([...crossFileHits(short, true).values()].flat().map(({ message }) => message.id)).toEqual(["safety.OV01.short"]);
});

describe("a graph", () => {
  test.each([
    [
      "whose constant has another size than it says",
      constant('element_type="f32" shape="2" offset="0" size="9"'),
      "",
      ["OV01.size-differs low"],
    ],
    [
      "with a document type",
      constant('element_type="f32" shape="2" offset="0" size="8"'),
      '<!DOCTYPE net [<!ENTITY a "b">]>',
      ["OV01.doctype medium"],
    ],
    ["with operations from elsewhere", '<layer id="0" name="x" type="Fancy" version="my_ops"/>', "", ["OV02 info"]],
    ["with operations of its own", '<layer id="0" name="x" type="Add" version="opset1"/>', "", []],
  ])("%s", async (_, layers, before, hits) => {
    expect(hitNames(await scan(layers, before))).toEqual(hits);
  });

  test("with a type that is not known leaves a gap", async () => {
    expect((await scan(constant('element_type="f3" shape="2" offset="0" size="8"'))).coverage).toMatchObject({
      state: "partial",
      code: "unsupported",
    });
  });

  test("that is cut is refused", async () => {
    expect((await scanOf("m.xml", xml.subarray(0, 3000))).coverage).toMatchObject({ state: "none", code: "truncated" });
  });

  test("in narrow types says so", async () => {
    const scanned = await scan(constant('element_type="u4" shape="2, 4" offset="0" size="4"'));
    expect(scanned.readings[0]?.metadata.get("quantization")).toBe("u4");
  });

  test("is no other XML", async () => {
    expect((await scanOf("a.xml", Buffer.from("<svg><net/></svg>"))).readings).toEqual([]);
  });
});
