/** End of central directory: signature, disks, counts, size and offset of the directory, comment length. */
const END_BYTES = 22;

/** Places in the file of end records whose numbers can be true. `tail` is the end of the file. */
export function endRecords(tail: Uint8Array, sizeBytes: number): readonly number[] {
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  const tailStart = sizeBytes - tail.length;
  const places: number[] = [];
  for (let at = tail.indexOf(0x50); at !== -1 && at + END_BYTES <= tail.length; at = tail.indexOf(0x50, at + 1)) {
    if (view.getUint32(at, true) !== 0x06054b50) continue;
    const size = view.getUint32(at + 12, true);
    const offset = view.getUint32(at + 16, true);
    const isWide = offset === 0xffffffff || size === 0xffffffff;
    // Bytes may stand before an archive, but a directory always before its end record.
    if (isWide || size <= tailStart + at) places.push(tailStart + at);
  }
  return places;
}
