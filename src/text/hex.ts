// Hexadecimal, in one piece or byte by byte: 626f6d62, 62 6f 6d 62, 0x62,0x6f.
import { textStretches } from "./printable.ts";

const LEAST = 3;

/** Texts that a run of hex digits holds, whether it begins with a whole byte or with half of one. */
export function fromHex(run: string): string[] {
  const digits = run.replace(/0x/giu, "").replace(/[^0-9a-f]/giu, "");
  const whole = textStretches(Buffer.from(digits, "hex"), LEAST);
  return digits.length % 2 === 0 ? whole : [...whole, ...textStretches(Buffer.from(digits.slice(1), "hex"), LEAST)];
}
