// Judges what a pickle would do: its imports, its calls and its oddities (rules PK01 to PK15 but those of whole files).
import type { PickleMachine } from "../../formats/pickle/machine.ts";
import { isTextKind, KIND, refLength, refOffset } from "../../formats/pickle/values.ts";
import type { PickleCall, PickleOddity, PickleWatcher } from "../../formats/pickle/watcher.ts";
import type { HitDetails } from "../rules.ts";
import { PickleHits } from "./findings.ts";
import { JoblibArrays } from "./joblib-arrays.ts";
import { argumentCheck, judgeName, type NameVerdict, qualifiedName } from "./names.ts";
import { mayHoldPickle } from "./nested.ts";
import { TorchTensors } from "./torch-tensors.ts";

/** A string that may be a pickle in another coat; looked into when the pickle around it was read. */
export interface NestedCandidate {
  readonly offset: number;
  readonly length: number;
  readonly isText: boolean;
  /** The bytes are a file of their own by design (`torch.storage._load_from_bytes`). */
  readonly isFile: boolean;
}

/** A text that must name a text encoding. */
export interface EncodingUse {
  readonly kind: number;
  readonly ref: number;
  readonly offset: number;
}

/** Strings looked into per pickle; more make its coverage partial. */
const MAX_CANDIDATES = 2_000;
/** Different encodings per pickle: an honest one has one or two. */
const MAX_ENCODINGS = 100;

/** Storage keys of a legacy torch file. */
const MAX_TEXTS = 500_000;

interface Judged {
  readonly verdict: NameVerdict;
  readonly name: string;
}

export class PickleJudge implements PickleWatcher {
  readonly hits = new PickleHits();
  readonly tensors = new TorchTensors();
  readonly joblib = new JoblibArrays();
  readonly candidates: NestedCandidate[] = [];
  readonly encodings = new Map<number, EncodingUse>();
  /** There were more strings to look into than are looked into. */
  tooManyCandidates = false;
  /** An import that is not on the allow list was reached. */
  hasForeignImport = false;
  imports = 0;
  readonly #strict: boolean;
  readonly #texts: { readonly kind: number; readonly ref: number }[] | null;
  readonly #judged: Judged[] = [];
  readonly #byOffset = new Map<number, number>();

  /** `texts` takes the texts that are put into lists, when somebody wants them. */
  constructor(strict: boolean, texts: { readonly kind: number; readonly ref: number }[] | null = null) {
    this.#strict = strict;
    this.#texts = texts;
  }

  /** Verdict and name of an import by its number. */
  judged(machine: PickleMachine, index: number): Judged {
    const known = this.#judged[index];
    if (known !== undefined) return known;
    const global = machine.globals.list[index];
    if (global === undefined) return { verdict: "unreviewed", name: "" };
    const judged = { verdict: judgeName(global), name: qualifiedName(global) };
    this.#judged[index] = judged;
    return judged;
  }

  /** Names of the imports, each once, sorted. */
  names(machine: PickleMachine): readonly string[] {
    return [...new Set(machine.globals.list.map((_, index) => this.judged(machine, index).name))].sort();
  }

  imported(machine: PickleMachine, index: number, offset: number): void {
    this.imports += 1;
    if (this.#judged[index] !== undefined) return;
    const { verdict, name } = this.judged(machine, index);
    if (verdict === "reviewed" || verdict === "checked") return;
    const place = { start: offset, end: machine.next, args: { import: name }, quote: name };
    if (verdict === "noted") {
      this.#hit("PK02", name, { ...place, variant: "noted", severity: "info" });
      return;
    }
    this.hasForeignImport = true;
    if (verdict === "unreviewed") this.#hit("PK02", name, { ...place, ...(this.#strict ? { severity: "high" as const } : {}) });
    else if (verdict === "code") this.#hit("PK15", name, place);
    else this.#hit("PK01", name, verdict === "walk" ? { ...place, variant: "walk" } : place);
  }

  called(machine: PickleMachine, call: PickleCall): boolean {
    if (call.op === "build") return this.#built(machine, call);
    const named =
      call.calleeKind === KIND.persistent
        ? this.tensors.classOf(call.calleeNumber)
        : call.calleeKind === KIND.global
          ? call.calleeNumber
          : -1;
    if (named !== -1) this.#calledGlobal(machine, { ...call, calleeKind: KIND.global, calleeNumber: named });
    else this.#computedCall(machine, call);
    return false;
  }

  #calledGlobal(machine: PickleMachine, call: PickleCall): void {
    const { verdict, name } = this.judged(machine, call.calleeNumber);
    if (verdict === "reviewed") {
      this.tensors.called(machine, name, call, this);
    } else if (verdict === "checked") {
      this.#checkArguments(machine, name, call);
    } else if (verdict !== "noted") {
      this.#unreviewedCall(name, call, machine);
    }
  }

  #unreviewedCall(name: string, call: PickleCall, machine: PickleMachine): void {
    this.#hit("PK03", name, { start: call.offset, end: machine.next, args: { import: name }, quote: name });
  }

  /** A call on what is no import: the result of another call, a number, a text. */
  #computedCall(machine: PickleMachine, call: PickleCall): void {
    const place = { start: call.offset, end: machine.next };
    if (call.calleeKind === KIND.extension) return;
    const mayBeFunction = call.calleeKind === KIND.object || call.calleeKind === KIND.unset;
    if (!mayBeFunction) this.#hit("PK11", "call", { ...place, variant: "not-callable" });
    else this.#hit("PK03", "", { ...place, variant: "computed" });
  }

  #checkArguments(machine: PickleMachine, name: string, call: PickleCall): void {
    const args = machine.containers.items(call.argsNumber);
    const check = argumentCheck(name);
    const hasArgs = call.argsKind === KIND.tuple && args.length > 0;
    if (!hasArgs) {
      this.#unreviewedCall(name, call, machine);
    } else if (check === "first") {
      this.#checkFirst(machine, name, call, args.kind(0), args.number(0));
    } else if (check === "single") {
      if (args.length !== 1) this.#unreviewedCall(name, call, machine);
    } else if (check === "file") {
      this.#nestedFile(machine, name, call, args.kind(0), args.number(0));
    } else {
      this.#checkEncoding(name, call, machine);
    }
  }

  /** The function that `partial` and its like are given must be one that may be called by itself. */
  #checkFirst(machine: PickleMachine, name: string, call: PickleCall, kind: number, number: number): void {
    const first = kind === KIND.global ? this.judged(machine, number) : null;
    if (first?.verdict === "reviewed" || first?.verdict === "noted") {
      this.tensors.called(machine, name, call, this);
      return;
    }
    const args = { import: name, argument: first?.name ?? "?" };
    this.#hit("PK03", `${name} ${args.argument}`, {
      start: call.offset,
      end: machine.next,
      variant: "argument",
      args,
      quote: args.argument,
    });
  }

  #nestedFile(machine: PickleMachine, name: string, call: PickleCall, kind: number, number: number): void {
    if (kind === KIND.bytes) this.#candidate(refOffset(number), refLength(number), false, true);
    else if (kind === KIND.long) this.#candidate(number, machine.longLength(number), false, true);
    else this.#unreviewedCall(name, call, machine);
  }

  #checkEncoding(name: string, call: PickleCall, machine: PickleMachine): void {
    const args = machine.containers.items(call.argsNumber);
    const kind = args.kind(1);
    if (args.length === 2 && isTextKind(kind) && this.encodings.size < MAX_ENCODINGS) {
      this.encodings.set(args.number(1), { kind, ref: args.number(1), offset: call.offset });
    } else {
      this.#unreviewedCall(name, call, machine);
    }
  }

  #built(machine: PickleMachine, call: PickleCall): boolean {
    const place = { start: call.offset, end: machine.next };
    if (call.calleeKind === KIND.object) {
      const callee = machine.containers.calleeOf(call.calleeNumber);
      if (callee === -1) return false;
      const { verdict, name } = this.judged(machine, callee);
      if (name === "functools.partial") this.#checkPartialState(machine, call);
      if (verdict === "unreviewed" || verdict === "dangerous" || verdict === "walk") this.#unreviewedCall(name, call, machine);
      this.tensors.built(machine, call);
      return this.joblib.built(machine, name, call, (index) => this.judged(machine, index).name);
    }
    if (call.calleeKind === KIND.global) {
      const { name } = this.judged(machine, call.calleeNumber);
      this.#hit("PK12", name, { ...place, variant: "import", args: { import: name } });
    } else if (call.calleeKind !== KIND.persistent && call.calleeKind !== KIND.unset && call.calleeKind !== KIND.extension) {
      this.#hit("PK12", "build", { ...place, variant: "build" });
    }
    return false;
  }

  /** `partial` takes its function from the state as well: (function, arguments, keywords, attributes). */
  #checkPartialState(machine: PickleMachine, call: PickleCall): void {
    const state = machine.containers.items(call.argsNumber);
    this.#checkFirst(machine, "functools.partial", call, state.kind(0), state.number(0));
  }

  persistent(machine: PickleMachine, index: number, offset: number): void {
    if (this.tensors.persistent(machine, index, (global) => this.judged(machine, global).name)) return;
    this.#hit("PK13", "", { start: offset, end: machine.next });
  }

  filled(machine: PickleMachine, kind: number, id: number, from: number, to: number, offset: number): void {
    if (this.#texts !== null && kind === KIND.list) this.#takeTexts(machine, this.#texts, from, to);
    if (this.tensors.filled(machine, kind, id, from, to))
      this.#hit("PK12", "tensor", { start: offset, end: machine.next, variant: "tensor" });
  }

  #takeTexts(machine: PickleMachine, texts: { readonly kind: number; readonly ref: number }[], from: number, to: number): void {
    const { kinds, numbers } = machine.stack;
    for (let at = from; at < to && texts.length < MAX_TEXTS; at += 1) {
      if (isTextKind(kinds[at] ?? 0)) texts.push({ kind: kinds[at] ?? 0, ref: numbers[at] ?? 0 });
    }
  }

  data(machine: PickleMachine, isText: boolean, offset: number, length: number): void {
    if (mayHoldPickle(machine.peek(offset, Math.min(length, 96)), isText)) this.#candidate(offset, length, isText, false);
  }

  #candidate(offset: number, length: number, isText: boolean, isFile: boolean): void {
    // The string that a call takes for a file was met before, when it was pushed.
    const known = isFile ? this.#byOffset.get(offset) : undefined;
    if (known !== undefined) this.candidates[known] = { offset, length, isText, isFile };
    else if (this.candidates.length < MAX_CANDIDATES)
      this.#byOffset.set(offset, this.candidates.push({ offset, length, isText, isFile }) - 1);
    else this.tooManyCandidates = true;
  }

  odd(machine: PickleMachine, what: PickleOddity, offset: number): void {
    const [rule, variant] = ODDITIES[what];
    this.#hit(rule, what, { start: offset, end: Math.max(offset + 1, machine.next), ...(variant === undefined ? {} : { variant }) });
    if (rule === "PK04" || rule === "PK05") this.hasForeignImport = true;
  }

  #hit(rule: string, key: string, details: HitDetails): void {
    this.hits.add(rule, key, details);
  }
}

const ODDITIES: Readonly<Record<PickleOddity, readonly [string, string?]>> = {
  "computed-name": ["PK04"],
  extension: ["PK05"],
  "second-proto": ["PK09", "second-proto"],
  "late-proto": ["PK09", "late-proto"],
  "frame-cuts-opcode": ["PK09", "frame-cuts-opcode"],
  "frame-in-frame": ["PK09", "frame-in-frame"],
  "unset-memo": ["PK11", "unset-memo"],
  "memo-over-import": ["PK11", "memo-over-import"],
  "wrong-target": ["PK12"],
  "many-dup": ["PK10", "many-dup"],
};
