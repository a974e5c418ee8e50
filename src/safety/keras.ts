// What a Keras configuration would make a loader import, run or read. Shared by the two containers that hold one.
import type { Severity } from "../core/report.ts";
import type { SafetyHit } from "../core/scan.ts";
import type { JsonValue } from "../formats/json-reader.ts";
import { type KerasConfig, type KerasObject, kerasConfig } from "../formats/keras-config.ts";
import { loadRules } from "../rules/load.ts";
import { pathFault } from "./paths.ts";
import { type HitDetails, hitOf } from "./rules.ts";

interface KerasRules {
  readonly kerasModules: readonly string[];
  readonly libraries: ReadonlySet<string>;
  readonly gadgets: ReadonlySet<string>;
  readonly unsafeClasses: ReadonlySet<string>;
  readonly lookups: ReadonlySet<string>;
  readonly classes: ReadonlySet<string>;
  readonly functions: ReadonlySet<string>;
  readonly python: ReadonlySet<string>;
}

let known: KerasRules | undefined;

function kerasRules(): KerasRules {
  const data = Object(loadRules("safety").get("keras"));
  known ??= {
    kerasModules: data["keras-modules"],
    libraries: new Set(data["libraries"]),
    gadgets: new Set(data["gadgets"]),
    unsafeClasses: new Set(data["unsafe-classes"]),
    lookups: new Set(data["lookups"]),
    classes: new Set(data["classes"]),
    functions: new Set(data["functions"]),
    python: new Set(data["python"]),
  };
  return known;
}

/** Where the configuration stands, and in what. */
export interface KerasPlace {
  readonly start: number;
  readonly end: number;
  readonly member?: string;
  /** The H5 loader ignores safe_mode (CVE-2025-9905). */
  readonly isH5: boolean;
}

/** Hits of one configuration, each kind of object once. */
export function kerasHits(value: JsonValue, place: KerasPlace): readonly SafetyHit[] {
  const config = kerasConfig(value);
  const hits = new Map<string, SafetyHit>();
  const add: Add = (rule, details) => {
    const { isH5: _, ...where } = place;
    const hit = hitOf(rule, { ...where, ...details });
    const { pointer: __, ...what } = hit.message.args ?? {};
    const key = JSON.stringify([hit.message.id, what]);
    if (!hits.has(key)) hits.set(key, hit);
  };
  for (const object of config.objects) judge(object, place.isH5, add);
  judgeNames(config, add);
  return [...hits.values()];
}

type Add = (rule: string, details: Omit<HitDetails, "start" | "end" | "member">) => void;

const MAX_ARG = 200;

function argsOf({ className, module, functionName, pointer }: KerasObject): Readonly<Record<string, string>> {
  const name = className === "function" ? (functionName ?? className) : className;
  return { name: name.slice(0, MAX_ARG), module: (module ?? "").slice(0, MAX_ARG), pointer: pointer === "" ? "/" : pointer };
}

function judge(object: KerasObject, isH5: boolean, add: Add): void {
  const { className, code, config } = object;
  const args = argsOf(object);
  if (code !== null || className === "__lambda__") {
    add("KR01", { args, variant: isH5 ? "h5" : "code", ...(code === null ? {} : { quote: code.slice(0, MAX_ARG) }) });
    if (className !== "Lambda") return;
  } else if (className === "Lambda" && !isKerasObject(config?.get("function"))) add("KR01", { args, variant: "layer", severity: "high" });
  judgeOrigin(object, args, add);
  if (kerasRules().lookups.has(className)) judgeVocabulary(object, add);
}

/** A lambda inside a Lambda layer is an object of its own and judged there. */
function isKerasObject(value: JsonValue | undefined): boolean {
  return value instanceof Map && value.get("class_name") === "__lambda__";
}

function isWithin(module: string, modules: readonly string[]): boolean {
  return modules.some((prefix) => module === prefix || module.startsWith(`${prefix}.`));
}

type Verdict = readonly [rule: string, variant: string, severity?: Severity];

function judgeOrigin(object: KerasObject, args: Readonly<Record<string, string>>, add: Add): void {
  const verdict = originOf(object, args["name"] ?? "");
  if (verdict === null) return;
  const [rule, variant, severity] = verdict;
  add(rule, { args, variant, ...(severity === undefined ? {} : { severity }) });
}

function originOf({ className, module, registeredName }: KerasObject, name: string): Verdict | null {
  const { gadgets, unsafeClasses, kerasModules, libraries, python } = kerasRules();
  const isGadget = [name, registeredName ?? ""].some((text) => gadgets.has(text.slice(text.lastIndexOf(".") + 1)));
  if (isGadget) return ["KR02", "gadget", "critical"];
  if (unsafeClasses.has(className)) return ["KR02", "unsafe-class"];
  if (module === null || module === "" || module === "builtins") return builtinOf(className, module, name);
  if (isWithin(module, kerasModules)) return null;
  const root = module.split(".", 1)[0] ?? "";
  if (python.has(root) || isDunder(module) || isDunder(name)) return ["KR02", "python", "critical"];
  if (libraries.has(root)) return ["KR03", "library", "low"];
  return className === "function" && !isRegistered(registeredName) ? ["KR02", "function"] : ["KR03", "custom"];
}

/** Keras writes `package>name` for what was registered with it, and such names are looked up before anything is imported. */
function isRegistered(registeredName: string | null): boolean {
  return registeredName?.includes(">") === true;
}

/** Names that reach into Python itself; `__main__` is where scripts define their own layers. */
function isDunder(name: string): boolean {
  return name !== "__main__" && /(?:^|\.)__\w+__(?:\.|$)/u.test(name);
}

/** Without a module: one of Keras's own by its name, or something that the user registered. */
function builtinOf(className: string, module: string | null, name: string): Verdict | null {
  const { classes, functions } = kerasRules();
  const isKnown = className === "function" ? functions.has(name) : classes.has(className) || className === "Lambda";
  if (isKnown) return null;
  // Keras itself writes `builtins` for functions only.
  const isImport = module === "builtins" && className !== "function" && !className.startsWith("__");
  if (isImport || isDunder(name) || PYTHON_CALLS.test(name)) return ["KR02", "python", "critical"];
  return ["KR03", className === "function" ? "function" : "custom"];
}

const PYTHON_CALLS = /^(?:eval|exec|compile|open|getattr|setattr|delattr|globals|vars|input|breakpoint)$/u;

function judgeVocabulary({ config, className, pointer }: KerasObject, add: Add): void {
  const vocabulary = config?.get("vocabulary");
  if (typeof vocabulary !== "string" || vocabulary === "") return;
  const args = { name: className, path: vocabulary.slice(0, MAX_ARG), pointer };
  add("KR02", { args, variant: "vocabulary", severity: pathFault(vocabulary) === null ? "medium" : "high", quote: vocabulary });
}

function judgeNames({ names }: KerasConfig, add: Add): void {
  const { functions, classes } = kerasRules();
  for (const { name, pointer } of names) {
    if (name === "" || functions.has(name) || classes.has(name)) continue;
    const args = { name: name.slice(0, MAX_ARG), module: "", pointer };
    if (PYTHON_CALLS.test(name) || isDunder(name)) add("KR02", { args, variant: "python", severity: "critical" });
    else add("KR03", { args, variant: "function" });
  }
}

/** Plain facts of a configuration, for `FormatReading.metadata`. */
export function kerasFacts(value: JsonValue): ReadonlyMap<string, string> {
  const { objects } = kerasConfig(value);
  const [top] = objects;
  const facts = new Map<string, string>();
  if (top === undefined) return facts;
  facts.set("architecture", top.className.slice(0, MAX_ARG));
  const name = top.config?.get("name");
  if (typeof name === "string") facts.set("name", name.slice(0, MAX_ARG));
  const layers = top.config?.get("layers");
  if (Array.isArray(layers)) facts.set("layers", String(layers.length));
  const quantised = objects.find(({ config }) => typeof config?.get("quantization_mode") === "string");
  const policy = objects.find(({ className }) => /Quantized|Int[48]DTypePolicy|GPTQ|AWQ/u.test(className));
  const mode = quantised?.config?.get("quantization_mode") ?? policy?.config?.get("mode") ?? policy?.className;
  if (typeof mode === "string") facts.set("quantization", mode.slice(0, MAX_ARG));
  return facts;
}
