// Containers: archives that tell two stories, hide members, lie about encryption, or are something else.
import { deflateSync, gzipSync } from "node:zlib";
import { writeBzip2 } from "../../formats/bzip2-writer.ts";
import { writeLz4 } from "../../formats/lz4-writer.ts";
import { writeTar } from "../../formats/tar-writer.ts";
import { writeXz } from "../../formats/xz-writer.ts";
import { writeZip, type ZipMember, type ZipShape } from "../../formats/zip-writer.ts";
import { global, int, join, pickle, storage, tensor, text, tuple } from "../pickle-writer.ts";
import { EVIL_PICKLE, type Sample } from "./sample.ts";

function zip(name: string, rule: string, why: string, members: readonly ZipMember[], shape: ZipShape = {}): Sample {
  return { path: `zip/${name}`, content: writeZip(members, shape), rule, why };
}

const evil = (extra: Partial<ZipMember> = {}): ZipMember => ({ path: "archive/data.pkl", content: EVIL_PICKLE, method: 0, ...extra });
const plain = (path: string): ZipMember => ({ path, content: Buffer.from("plain text\n"), method: 0 });
const version: ZipMember = { path: "archive/version", content: Buffer.from("3\n"), method: 0 };

/** A member that the directory does not list, between two that it does. */
function withHidden(): Buffer {
  const hidden = writeZip([{ path: "hidden/data.pkl", content: EVIL_PICKLE, method: 0 }]);
  const local = hidden.subarray(0, hidden.indexOf(Buffer.from("PK\x01\x02", "latin1")));
  const honest = writeZip([plain("a.txt"), version]);
  const second = honest.indexOf(Buffer.from("PK\x03\x04", "latin1"), 4);
  const moved = writeZip([plain("a.txt"), { ...version, localOffset: second + local.length }]);
  const directory = moved.indexOf(Buffer.from("PK\x01\x02", "latin1"));
  const end = Buffer.from(moved.subarray(directory));
  const at = end.length - 22 + 16;
  end.writeUInt32LE(directory + local.length, at);
  return Buffer.concat([moved.subarray(0, second), local, moved.subarray(second, directory), end]);
}

function torch(): readonly Sample[] {
  return [
    zip("torch.pt", "PK01", "torch zip", [evil(), version]),
    zip("torch-in-bin.bin", "PK01", "CVE-2025-1889: another extension", [evil({ path: "archive/data.txt" }), version]),
    zip("torch-config-member.pt", "PK01", "CVE-2025-1889: a pickle named config.p", [evil({ path: "archive/config.p" }), version]),
    { path: "zip/bare-pickle.bin", content: EVIL_PICKLE, rule: "PK01", why: "CVE-2025-10155: a bare pickle named .bin" },
    { path: "zip/bare-pickle.pt", content: EVIL_PICKLE, rule: "PK01", why: "a bare pickle named .pt" },
    zip("storage-too-short.pt", "PT01", "a tensor longer than its storage (CVE-2026-24747)", [
      evil({ content: pickle(tensor(storage("FloatStorage", "0", 1024), 0, [1024], [1])) }),
      { path: "archive/data/0", content: new Uint8Array(16), method: 0 },
    ]),
    zip("torchscript.pt", "TS01", "TorchScript that writes a file", [
      evil({ content: pickle(tuple()) }),
      { path: "archive/constants.pkl", content: pickle(tuple()), method: 0 },
      { path: "archive/code/__torch__.py", content: Buffer.from("def forward(self, x):\n  ops.aten.save(x, '/tmp/x')\n"), method: 0 },
    ]),
  ];
}

function headers(): readonly Sample[] {
  return [
    zip("two-names.pt", "ZP01", "CVE-2025-1944: the local header has another name", [evil({ localName: "archive/data.txt" }), version]),
    zip("two-sizes.pt", "ZP01", "the local header has another size", [evil({ localSize: 3 }), version]),
    zip("two-methods.pt", "ZP01", "the local header has another method", [evil({ localMethod: 8 }), version]),
    zip("duplicate-name.pt", "ZP01", "one name twice", [evil({ content: pickle(int(1)) }), evil(), version]),
    zip("duplicate-name-first.pt", "PK01", "one name twice, the harmful one first", [evil(), evil({ content: pickle(int(1)) }), version]),
    zip("zip64-lies.pt", "PK01", "zip64 sizes", [evil({ zip64: true }), version], { zip64: true }),
    zip("flag-encrypted.pt", "ZP02", "CVE-2025-1945: the encryption flag is a lie", [evil({ flags: 0x801 }), version]),
    zip("flag-encrypted-deflated.pt", "ZP02", "the same on a deflated member", [evil({ flags: 0x801, method: 8 }), version]),
    zip("flag-strong.pt", "ZP02", "the strong encryption flag", [evil({ flags: 0x841 }), version]),
    zip("flag-patch.pt", "ZP02", "the flag of patch data", [evil({ flags: 0x820 }), version]),
    zip("wrong-crc.pt", "ZP03", "CVE-2025-10156: a wrong checksum", [evil({ crc: 0x1234 }), version]),
    zip("wrong-crc-found.pt", "PK01", "the same, what is inside", [evil({ crc: 0x1234, method: 8 }), version]),
    zip("really-encrypted.zip", "ZP09", "a member that is encrypted", [
      {
        path: "secret.pkl",
        content: Buffer.from("\x01\x02random bytes of a cipher\xff", "latin1"),
        method: 0,
        flags: 0x801,
        sizeBytes: 11,
      },
    ]),
    zip("unknown-method.zip", "ZP08", "a method that is not opened", [evil({ rawMethod: 12 })]),
  ];
}

function outside(): readonly Sample[] {
  const inner = writeZip([evil(), version]);
  const empty = writeZip([plain("a.txt")]);
  return [
    zip("prepended.pt", "ZP05", "bytes before the archive", [evil(), version], { prefix: Buffer.from("#!/bin/sh\necho hello\n") }),
    zip("appended.pt", "ZP05", "bytes behind the archive", [evil(), version], { suffix: Buffer.alloc(100, 0x41) }),
    zip("comment.pt", "PK01", "a comment that holds data", [evil(), version], { comment: "x".repeat(2000) }),
    { path: "zip/two-ends.pt", content: Buffer.concat([inner, empty]), rule: "ZP05", why: "two archives, two end records" },
    { path: "zip/two-ends-found.pt", content: Buffer.concat([inner, empty]), rule: "PK01", why: "what only the first of them lists" },
    { path: "zip/hidden-member.pt", content: withHidden(), rule: "PK01", why: "a member that no directory lists" },
    zip("wrong-count.pt", "ZP05", "a wrong number of entries", [evil(), version], { count: 7 }),
    zip("several-nested.zip", "PK01", "zip in zip in zip", [{ path: "b.zip", content: writeZip([{ path: "c.pt", content: inner }]) }]),
  ];
}

function names(): readonly Sample[] {
  const link: ZipMember = { path: "link", content: Buffer.from("/etc/passwd"), method: 0, unixMode: 0o120777 };
  return [
    zip("traversal.zip", "ZP07", "a path out of the folder", [plain("../../evil.sh")]),
    zip("absolute.zip", "ZP07", "an absolute path", [plain("/etc/cron.d/evil")]),
    zip("drive.zip", "ZP07", "a drive letter", [plain("C:\\Windows\\evil.dll")]),
    zip("symlink.zip", "ZP07", "a symbolic link", [link]),
    zip("case.zip", "ZP07", "two names that differ by case", [plain("Model.bin"), plain("model.bin")]),
    zip("nul.zip", "ZP07", "a NUL in a name", [plain("model.txt\0.pkl")]),
    zip("bomb.zip", "ZP06", "a zip bomb", [{ path: "zeros", content: new Uint8Array(80_000_000), method: 8 }]),
    zip("overlap.zip", "ZP06", "members that share bytes", [
      { path: "a", content: new Uint8Array(2000), method: 0 },
      { path: "b", content: new Uint8Array(2000), method: 0, localOffset: 0 },
    ]),
  ];
}

function others(): readonly Sample[] {
  const sevenZip = Buffer.from("7z\xbc\xaf\x27\x1c\0\x04 not really", "latin1");
  const nemo = Buffer.from("model:\n  encoder:\n    _target_: os.system\n    command: echo\n");
  const odd = (name: string, rule: string, why: string, content: Uint8Array): Sample => ({ path: `other/${name}`, content, rule, why });
  return [
    odd("seven-zip.pt", "ZP08", "nullifAI: 7z where torch writes zip", sevenZip),
    odd("rar.bin", "ZP08", "rar", Buffer.from("Rar!\x1a\x07\x01\0 not really", "latin1")),
    odd("cab.bin", "ZP08", "cab", Buffer.from("MSCF\0\0\0\0 not really", "latin1")),
    odd("zlib.joblib", "PK01", "a joblib dump packed by zlib", deflateSync(EVIL_PICKLE)),
    odd("bzip2.joblib", "PK01", "a joblib dump packed by bzip2", writeBzip2(EVIL_PICKLE)),
    odd("xz.joblib", "PK01", "a joblib dump packed by xz", writeXz(EVIL_PICKLE)),
    odd("lz4.joblib", "PK01", "a joblib dump packed by LZ4", writeLz4(EVIL_PICKLE)),
    odd("gzip.pkl.gz", "PK01", "a pickle packed by gzip", gzipSync(EVIL_PICKLE)),
    odd("tar.tar", "PK01", "a pickle in a tar", writeTar([{ path: "model/weights.pkl", content: EVIL_PICKLE }])),
    odd("tar.tar.gz", "PK01", "a pickle in a packed tar", gzipSync(writeTar([{ path: "m.pkl", content: EVIL_PICKLE }]))),
    odd("tar-traversal.tar", "ZP07", "a path out of the folder", writeTar([{ path: "../../evil", content: Buffer.from("x") }])),
    odd("tar-symlink.tar", "ZP07", "a link out of the folder", writeTar([{ path: "a", type: "2", linkTarget: "/etc/passwd" }])),
    odd("tar-hardlink.tar", "ZP07", "a hard link out of the folder", writeTar([{ path: "a", type: "1", linkTarget: "../../x" }])),
    odd("tar-device.tar", "ZP10", "a device", writeTar([{ path: "dev/sda", type: "4" }])),
    odd(
      "torch-0.1.1.pt",
      "PK01",
      "the tar of torch 0.1.1",
      writeTar([
        { path: "sys_info", content: pickle(int(1)) },
        { path: "pickle", content: EVIL_PICKLE },
        { path: "storages", content: pickle(int(0)) },
        { path: "tensors", content: pickle(int(0)) },
      ]),
    ),
    odd(
      "nemo.nemo",
      "ZP10",
      "CVE-2025-23304: a Hydra target in a NeMo archive",
      writeTar([{ path: "./model_config.yaml", content: nemo }]),
    ),
    odd(
      "handler.mar",
      "PK01",
      "a TorchServe archive",
      writeZip([
        { path: "MAR-INF/MANIFEST.json", content: Buffer.from('{"model": {"serializedFile": "m.pt"}}') },
        { path: "m.pt", content: EVIL_PICKLE },
      ]),
    ),
    odd("pickle.safetensors", "ZP11", "a pickle named .safetensors", EVIL_PICKLE),
    odd("pickle-found.safetensors", "PK01", "the same, what is inside", EVIL_PICKLE),
    odd("polyglot.pkl", "ZP11", "a pickle with a zip behind it", Buffer.concat([pickle(int(1)), writeZip([evil()])])),
    odd("polyglot-found.pkl", "PK01", "the same, what is in the zip", Buffer.concat([pickle(int(1)), writeZip([evil()])])),
    odd("objects.npy", "NP01", "CVE-2019-6446: an array of objects", npy("|O", EVIL_PICKLE)),
    odd("objects-found.npy", "PK01", "the same, what is inside", npy("|O", EVIL_PICKLE)),
    odd("objects.npz", "PK01", "the same in an npz", writeZip([{ path: "a.npy", content: npy("|O", EVIL_PICKLE) }])),
    odd("legacy.pt", "PK01", "a torch file of before 1.6", legacy(EVIL_PICKLE)),
    odd("program.bin", "EX01", "an ELF program", Buffer.concat([Buffer.from("\x7fELF\x02\x01\x01", "latin1"), Buffer.alloc(100)])),
    odd("library.dll", "EX01", "a Windows library", windows()),
    odd("install.sh", "EX01", "a script", Buffer.from("#!/bin/sh\necho hello\n")),
    odd("model.wasm", "EX01", "WebAssembly", Buffer.from("\0asm\x01\0\0\0", "latin1")),
    odd(
      "model.llamafile",
      "GG03",
      "a llamafile",
      Buffer.concat([Buffer.from("MZqFpD='\n"), Buffer.alloc(200), writeZip([plain("model.gguf")])]),
    ),
  ];
}

function npy(descr: string, data: Uint8Array): Buffer {
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': (1,), }\n`;
  return Buffer.concat([Buffer.from("\x93NUMPY\x01\0", "latin1"), Buffer.from([header.length, 0]), Buffer.from(header), data]);
}

/** Magic number, protocol, system, object, keys of storages (torch/serialization.py, _legacy_save). */
function legacy(object: Uint8Array): Buffer {
  const magic = Buffer.from("\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.", "latin1");
  return join(magic, pickle(int(1001)), pickle(global("collections", "OrderedDict")), object, pickle(tuple(text("0"))));
}

function windows(): Buffer {
  const file = Buffer.alloc(256);
  file.write("MZ", 0);
  file.writeUInt32LE(128, 60);
  file.write("PE\0\0", 128);
  return file;
}

export function containerSamples(): readonly Sample[] {
  return [...torch(), ...headers(), ...outside(), ...names(), ...others()];
}
