// Every bound of a scan, by name. Reaching one never means clean: the file's coverage says which.

/** First bytes that scanners recognise a format by. */
export const HEAD_BYTES = 64 * 1024;
/** A zip's end records stand within this of the end: 98 bytes for both of them, and a comment of at most 65,535. */
export const TAIL_BYTES = 98 + 0xffff;
/** Bytes that an audit reads of one file to scan it. */
export const MAX_RANGE_BYTES = 32 * 1024 * 1024;
/** Opcodes of a file: an honest pickle of 91 MB has 19.8 million. */
export const MAX_OPS = 50_000_000;
/** Unpacked bytes of a file: four times its size, or this, whichever is more. */
export const MAX_UNPACKED_BYTES = 2 * 1024 ** 3;
export const MAX_UNPACKED_FACTOR = 4;
/** Containers inside containers, and encodings inside strings. */
export const MAX_NESTING = 4;
/** Hits kept of one rule in one file; more of the same tells the reader nothing. */
export const MAX_HITS_PER_RULE = 20;
/** Stack and memo of one pickle. Honest models reach a depth of 7,000; a tuple of numbers is on the stack whole. */
export const MAX_STACK = 5_000_000;
export const MAX_MEMO = 5_000_000;
/** Longest line of a text opcode; protocol 0 writes whole arrays as one. */
export const MAX_LINE_BYTES = 32 * 1024 * 1024;
/** Strings up to this length are looked into whole when they may be an encoded pickle. */
export const MAX_STRING_BYTES = 64 * 1024 * 1024;
/** Places in what follows a pickle where another may begin, tried one by one. */
export const MAX_RESTARTS = 200_000;
/** Members of one container. */
export const MAX_MEMBERS = 100_000;
/** Unpacked bytes per packed byte, above which a member of more than BOMB_BYTES is a bomb. */
export const MAX_RATIO = 200;
export const BOMB_BYTES = 64 * 1024 * 1024;
/** Packed members up to this size are unpacked into memory; larger ones are read as a stream. */
export const MAX_MEMBER_IN_MEMORY = 16 * 1024 * 1024;
/** By range, packed members beyond this are not looked into: they could only be read from their start. */
export const MAX_PACKED_BY_RANGE = 16 * 1024 * 1024;
/** Wall time of one file. A dense pickle of 10 GB takes two minutes. */
export const MAX_FILE_MS = 10 * 60_000;
