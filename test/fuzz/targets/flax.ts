import { looksLikeFlax, readMsgpack } from "../../../src/formats/msgpack.ts";
import { fixture } from "../fixture.ts";
import type { FuzzTarget } from "../target.ts";

export const target: FuzzTarget = {
  name: "flax",
  seeds: [fixture("flax/flax_model.msgpack"), Buffer.from("\x82\xa1a\xc4\x02xy\xa1b\x93\x01\xc0\xd4\x05z", "latin1")],
  async read(reader) {
    looksLikeFlax(await reader.read(0, Math.min(512, reader.sizeBytes)));
    return await readMsgpack(reader);
  },
  words: ["\xdf\xff\xff\xff\xff", "\xdd\0\x10\0\0", "\xc9\0\0\0\x10\x01", "\xc8\0\x10\x01", "\x93\x91\xcf", "\xc6\0\0\0\x08", "\x81\xa1a"],
};
