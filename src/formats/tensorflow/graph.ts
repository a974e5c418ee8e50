// TensorFlow graphs: operators of the graph and of its function library, constants, literal texts
// (tensorflow/core/framework: graph.proto, function.proto, node_def.proto, attr_value.proto, tensor.proto).
import { AjarError } from "../../core/errors.ts";
import type { ProtoPlace, ProtoWalker } from "../proto-walker.ts";
import { elementsOf } from "../tensor.ts";
import { readTensorShape, tensorflowType } from "./types.ts";

export interface TensorflowNode {
  readonly name: string;
  readonly operator: string;
  readonly inputs: readonly string[];
  /** Texts among its attributes, by name. */
  readonly texts: ReadonlyMap<string, string>;
  /** Function that holds it; empty for the main graph. */
  readonly within: string;
  readonly start: number;
  readonly end: number;
}

export interface TensorflowConstant {
  readonly name: string;
  readonly within: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Bytes of tensor_content; null where the values are written one by one. */
  readonly place: ProtoPlace | null;
  /** Its texts, for short constants of texts. */
  readonly texts: readonly string[];
}

export interface TensorflowGraph {
  /** Operator -> how often it is used, over all graphs and functions. */
  readonly operators: ReadonlyMap<string, number>;
  /** Nodes of the operators that were asked for. */
  readonly nodes: readonly TensorflowNode[];
  readonly constants: readonly TensorflowConstant[];
  readonly functions: number;
}

const MAX_TEXT = 1024 * 1024;
const MAX_OPERATORS = 10_000;
const MAX_KEPT_NODES = 10_000;
const MAX_CONSTANTS = 200_000;
/** Of a constant of texts: paths are few and short. */
const MAX_TEXTS = 8;
const MAX_KEPT_TEXT = 1024;
const MAX_INPUTS = 1000;
const MAX_ATTRIBUTES = 100;

/** Collects over any number of graphs. `wanted`: operators whose nodes are kept. */
export class GraphCollector {
  readonly operators = new Map<string, number>();
  readonly nodes: TensorflowNode[] = [];
  readonly constants: TensorflowConstant[] = [];
  functions = 0;
  readonly #walker: ProtoWalker;
  readonly #wanted: ReadonlySet<string>;

  constructor(walker: ProtoWalker, wanted: ReadonlySet<string>) {
    this.#walker = walker;
    this.#wanted = wanted;
  }

  /** The GraphDef in the field at hand. */
  async graph(): Promise<true> {
    return await this.#walker.inner((field, wire) => this.#graphField(field, wire));
  }

  /** A GraphDef from here to `end`. */
  async fields(end: number): Promise<void> {
    await this.#walker.message(end, (field, wire) => this.#graphField(field, wire));
  }

  /** GraphDef: 1 node, 2 library. */
  #graphField(field: number, wire: number): boolean | Promise<boolean> {
    if (wire !== 2) return false;
    if (field === 1) return this.#node("");
    return field === 2 && this.#library();
  }

  /** FunctionDefLibrary: 1 function. FunctionDef: 1 signature (OpDef: 1 name), 3 node_def. */
  async #library(): Promise<true> {
    return await this.#walker.inner((field, wire) => field === 1 && wire === 2 && this.#function());
  }

  async #function(): Promise<true> {
    this.functions += 1;
    let name = "?";
    return await this.#walker.inner((field, wire) => {
      if (wire !== 2) return false;
      if (field === 1) return this.#signature((text) => (name = text));
      return field === 3 && this.#node(name);
    });
  }

  async #signature(take: (name: string) => void): Promise<true> {
    return await this.#walker.inner(async (field, wire) => {
      if (field !== 1 || wire !== 2) return false;
      take(await this.#walker.text(MAX_TEXT));
      return true;
    });
  }

  /** NodeDef: 1 name, 2 op, 3 input, 5 attr. */
  async #node(within: string): Promise<true> {
    const start = this.#walker.offset;
    const draft: NodeDraft = { name: "", operator: "", inputs: [], texts: new Map(), tensor: null };
    await this.#walker.inner((field, wire) => wire === 2 && this.#nodeField(draft, field));
    this.#keep(draft, within, start);
    return true;
  }

  #nodeField(draft: NodeDraft, field: number): boolean | Promise<boolean> {
    switch (field) {
      case 1:
        return this.#text((text) => (draft.name = text));
      case 2:
        return this.#text((text) => (draft.operator = text));
      case 3:
        return draft.inputs.length < MAX_INPUTS && this.#text((text) => draft.inputs.push(text));
      case 5:
        return this.#attribute(draft);
      default:
        return false;
    }
  }

  async #text(take: (text: string) => void): Promise<true> {
    take(await this.#walker.text(MAX_TEXT));
    return true;
  }

  /** A map entry: 1 key, 2 AttrValue (1 list, of which 2 s; 2 s, 8 tensor). */
  async #attribute(draft: NodeDraft): Promise<true> {
    let key = "";
    return await this.#walker.inner((field, wire) => {
      if (wire !== 2) return false;
      if (field === 1) return this.#text((text) => (key = text));
      return field === 2 && this.#value(draft, () => key);
    });
  }

  async #value(draft: NodeDraft, key: () => string): Promise<true> {
    return await this.#walker.inner(async (field, wire) => {
      if (wire !== 2) return false;
      if (field === 8) {
        draft.tensor = await this.#tensor();
        return true;
      }
      if (field === 1) return await this.#walker.inner((inner, type) => inner === 2 && type === 2 && this.#keepText(draft, key()));
      return field === 2 && (await this.#keepText(draft, key()));
    });
  }

  async #keepText({ texts }: NodeDraft, key: string): Promise<boolean> {
    if (texts.size >= MAX_ATTRIBUTES) return false;
    const bytes = await this.#walker.peek(MAX_KEPT_TEXT);
    const text = bytes === null ? "" : new TextDecoder().decode(bytes);
    const before = texts.get(key);
    if (before === undefined || before.length + text.length < MAX_KEPT_TEXT)
      texts.set(key, before === undefined ? text : `${before} ${text}`);
    return true;
  }

  /** TensorProto: 1 dtype, 2 tensor_shape, 4 tensor_content, 8 string_val. */
  async #tensor(): Promise<TensorDraft> {
    const tensor: TensorDraft = { type: 0, shape: [], place: null, texts: [] };
    await this.#walker.inner(async (field, wire) => {
      switch (field * 8 + wire) {
        case 1 * 8:
          tensor.type = await this.#walker.count();
          return true;
        case 2 * 8 + 2:
          tensor.shape = await readTensorShape(this.#walker);
          return true;
        case 4 * 8 + 2:
          tensor.place = await this.#walker.place();
          return true;
        case 8 * 8 + 2: {
          if (tensor.texts.length >= MAX_TEXTS) return false;
          const bytes = await this.#walker.peek(MAX_KEPT_TEXT);
          tensor.texts.push(bytes === null ? "" : new TextDecoder().decode(bytes));
          return true;
        }
        default:
          return false;
      }
    });
    return tensor;
  }

  #keep({ name, operator, inputs, texts, tensor }: NodeDraft, within: string, start: number): void {
    if (!this.operators.has(operator) && this.operators.size >= MAX_OPERATORS) throw tooMany("operators", MAX_OPERATORS, start);
    this.operators.set(operator, (this.operators.get(operator) ?? 0) + 1);
    if (tensor !== null && operator === "Const") this.#keepConstant(name, within, tensor, start);
    if (this.#wanted.has(operator) && this.nodes.length < MAX_KEPT_NODES) {
      this.nodes.push({ name, operator, inputs, texts, within, start, end: this.#walker.offset });
    }
  }

  #keepConstant(name: string, within: string, tensor: TensorDraft, at: number): void {
    if (this.constants.length >= MAX_CONSTANTS) throw tooMany("constants", MAX_CONSTANTS, at);
    const shape = tensor.shape ?? [];
    elementsOf(shape, at);
    this.constants.push({ name, within, dtype: tensorflowType(tensor.type), shape, place: tensor.place, texts: tensor.texts });
  }
}

interface NodeDraft {
  name: string;
  operator: string;
  readonly inputs: string[];
  readonly texts: Map<string, string>;
  tensor: TensorDraft | null;
}

interface TensorDraft {
  type: number;
  shape: readonly number[] | null;
  place: ProtoPlace | null;
  readonly texts: string[];
}

function tooMany(what: string, limit: number, offset: number): AjarError {
  return new AjarError("OVER_LIMIT", `TensorFlow graph of more than ${limit} ${what}`, { offset });
}
