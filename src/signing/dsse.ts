// DSSE: what exactly is signed (secure-systems-lab/dsse, protocol.md, "PAE").

export const PAYLOAD_TYPE = "application/vnd.in-toto+json";

/** Pre-authentication encoding; lengths are in bytes. */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Buffer {
  const head = `DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.length} `;
  return Buffer.concat([Buffer.from(head), payload]);
}

/**
 * What model_signing 0.2 signed by mistake: another mark, and the payload as Python prints a bytes object
 * (model_signing/_signing/sign_sigstore_pb.py, `pae_compat`).
 */
export function oldPreAuthEncoding(payload: Uint8Array): Buffer {
  return Buffer.from(`DSSEV1 ${PAYLOAD_TYPE.length} ${PAYLOAD_TYPE} ${payload.length} ${pythonBytes(payload)}`);
}

const ESCAPES: Readonly<Record<number, string>> = { 9: "\\t", 10: "\\n", 13: "\\r", 92: "\\\\" };

/** `repr(bytes)`: double quotes only where there are single ones and no double ones. */
function pythonBytes(payload: Uint8Array): string {
  const quote = payload.includes(0x27) && !payload.includes(0x22) ? 0x22 : 0x27;
  const shown = Array.from(payload, (byte) => {
    if (byte === quote) return `\\${String.fromCharCode(byte)}`;
    const escaped = ESCAPES[byte];
    if (escaped !== undefined) return escaped;
    return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`;
  });
  const mark = String.fromCharCode(quote);
  return `b${mark}${shown.join("")}${mark}`;
}
