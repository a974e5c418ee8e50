// Inputs that a reader once fell over, by reader and what was wrong with it. Small ones are made here; larger ones lie in test/fuzz/crashes.
import { gunzipSync } from "node:zlib";
import { writeZip } from "../formats/zip-writer.ts";
import { torchZip } from "../identity/weights.ts";

/** The directory is said to begin behind where it does: members come to lie before the start of the file. */
function beforeTheStart(method: number): Uint8Array {
  const member = { path: "a.txt", content: Buffer.from("hello"), method: 0 } as const;
  const zip = Buffer.from(writeZip([member, member]));
  const end = zip.lastIndexOf("PK\x05\x06", undefined, "latin1");
  zip.writeUInt32LE(zip.readUInt32LE(end + 16) + 1000, end + 16);
  zip.writeUInt16LE(method, zip.lastIndexOf("PK\x01\x02", undefined, "latin1") + 10);
  return zip;
}

/** Two sizes below zero make a product above it. */
function negativeShape(): Uint8Array {
  const tensor = { name: "w", dtype: "F32", shape: [-2, -3], bytes: new Uint8Array(24) };
  return torchZip([tensor], { lay: (_, key) => ({ key, bytes: tensor.bytes, strides: [1, 2], offset: 0 }) });
}

/** An address of 2^53 and something, written by the fuzzer into a file of h5py's. */
const FAR_ADDRESS =
  "H4sIAAAAAAACA+2VzU7CQBCAZ1swGwIREhPUC03PHuDqSSMgByNGPJgYgw1WQ1JKFIwSQrzWN/ARfBQfwbepu+1MKDXh4EElzneZ3ZnZmf2Z3X1p1ZuF3HYONFJCBopRM4yooAzD4iYk9GEIyBVKgTJA+WaQPhvZcLiKHscP1uL+B+rPThsN7R2moDzVDI1n/iOtxv6JlufYp3p6Nxb9Hqsoa4t1uffNvFS/FEhgZiFiBaUnaSq7tpSsCsQla0FZQvkZ7VmQkd0wjCiAxHimUM34EqZmEPypc+gct+tCrZZmaZnL/em+PmW5hn+nruRK1FWJ/oXU/5GHFu5PATbUGgbDa9fr9ob+Tf9W67fUfhWxzkRinXTvm9om529BHqrYNlVbgoPvhfaRiZdCpOb3ZVxt+TixonV5eNA+EomLm9xHzdTuec5o1PWdgWvvWnbHvXtw/XHf8ewdy47PRemnNjmM+/5Emzxn4t6PlObicjab53td57eAYRiGYRiGYRiGYX6aT4X9/VYQGAAA";

export const FOUND: Readonly<Record<string, Readonly<Record<string, Uint8Array>>>> = {
  "tensor-digest": { "a tensor of -2 by -3": negativeShape() },
  hdf5: { "a group beyond what a number holds": gunzipSync(Buffer.from(FAR_ADDRESS, "base64")) },
  zip: {
    "a member before the start of the file": beforeTheStart(0),
    "a member before the start of the file, packed by an unknown method": beforeTheStart(99),
  },
};
