// HDF5: groups, datasets and attributes, found by walking from the root; elements are never read.
// Rules: HDF5 File Format Specification 3.0 (The HDF Group). Written for hostile files, where the C library is not.
import { AjarError } from "../../core/errors.ts";
import type { ByteReader } from "../../core/source.ts";
import { ByteCursor } from "../byte-reader.ts";
import { elementsOf } from "../tensor.ts";
import { type Attribute, readAttribute } from "./attribute.ts";
import { Hdf5Bytes } from "./bytes.ts";
import { type Datatype, readDataspace, readDatatype } from "./datatype.ts";
import { FractalHeap } from "./fractal-heap.ts";
import { virtualSources } from "./global-heap.ts";
import { type Layout, readExternalFiles, readFilters, readLayout } from "./layout.ts";
import { type Link, readLink } from "./link.ts";
import { type HeaderMessage, MESSAGE, readObjectHeader } from "./object-header.ts";
import { LocalHeap, oldGroupLinks } from "./old-group.ts";
import { readSuperblock } from "./superblock.ts";
import { treeRecords } from "./tree2.ts";

interface Hdf5Dataset {
  /** Path from the root, without a slash before it. */
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly elements: number;
  /** What type and shape say, in bytes: a loader asks for as much memory. */
  readonly bytes: number;
  readonly layout: Layout["kind"] | "external";
  readonly place: Layout["place"];
  readonly filters: readonly string[];
}

/** Something that a reader opens outside this file. */
interface Hdf5Outside {
  /** Path of the object that leads there. */
  readonly name: string;
  /** link: a name stands for an object of another file. data: elements lie in another file, or are put together from others. */
  readonly kind: "link" | "data" | "virtual";
  readonly file: string;
  readonly offset: number;
}

/** A part that was not understood. */
interface Hdf5Gap {
  readonly name: string;
  readonly code: AjarError["code"];
  readonly detail: string;
  readonly offset: number;
}

export interface Hdf5File {
  readonly superblockVersion: number;
  readonly datasets: readonly Hdf5Dataset[];
  readonly groups: number;
  /** Object path (empty for the root) -> its attributes. */
  readonly attributes: ReadonlyMap<string, readonly Attribute[]>;
  readonly outside: readonly Hdf5Outside[];
  /** Empty when all of the file was understood. */
  readonly gaps: readonly Hdf5Gap[];
}

/** Groups and datasets: the largest Keras models have tens of thousands. */
const MAX_OBJECTS = 100_000;
const MAX_DEPTH = 64;
const MAX_GAPS = 100;
const MAX_OUTSIDE = 1000;
/** Attributes of all objects together. */
const MAX_ATTRIBUTES = 200_000;
/** Characters of all texts and paths together: a configuration of the largest models takes some megabytes. */
const MAX_TEXT = 64 * 1024 * 1024;
const MAX_PATH = 4096;

/**
 * Walks the whole file. A broken object is a gap and the walk goes on; a broken start is thrown.
 * @throws AjarError NOT_THIS_FORMAT | TRUNCATED | OVER_LIMIT | INCONSISTENT | UNSUPPORTED with the offset
 */
export async function readHdf5(reader: ByteReader): Promise<Hdf5File> {
  const pages = Hdf5Bytes.pages(reader);
  const superblock = await readSuperblock(pages);
  const walk = new Walk(new Hdf5Bytes(pages, superblock));
  await walk.run(superblock.root);
  const { datasets, groups, attributes, outside, gaps } = walk;
  return { superblockVersion: superblock.version, datasets, groups, attributes, outside, gaps };
}

interface Visit {
  readonly name: string;
  readonly address: number;
  readonly depth: number;
}

class Walk {
  readonly datasets: Hdf5Dataset[] = [];
  readonly attributes = new Map<string, readonly Attribute[]>();
  readonly outside: Hdf5Outside[] = [];
  readonly gaps: Hdf5Gap[] = [];
  groups = 0;
  readonly #bytes: Hdf5Bytes;
  /** Objects are told apart by their address: a file may link in circles. */
  readonly #seen = new Set<number>();
  #links = 0;
  #attributeCount = 0;
  #text = 0;

  constructor(bytes: Hdf5Bytes) {
    this.#bytes = bytes;
  }

  async run(root: number): Promise<void> {
    const first = await readObjectHeader(this.#bytes, root);
    const waiting: Visit[] = [{ name: "", address: root, depth: 0 }];
    for (let visit = waiting.pop(); visit !== undefined; visit = waiting.pop()) {
      if (this.#seen.has(visit.address)) continue;
      this.#seen.add(visit.address);
      const below = await this.#visit(visit, visit.depth === 0 ? first : null);
      // Taken from the end, so that names come in their order.
      for (const next of below.reverse()) waiting.push(next);
    }
  }

  async #visit({ name, address, depth }: Visit, known: readonly HeaderMessage[] | null): Promise<Visit[]> {
    const messages = known ?? (await this.#guarded(name, () => readObjectHeader(this.#bytes, address)));
    if (messages === null) return [];
    await this.#guarded(name, () => this.#readAttributes(name, messages));
    if (messages.some(({ type }) => type === MESSAGE.layout)) {
      await this.#guarded(name, () => this.#readDataset(name, messages));
      return [];
    }
    // A datatype with a name of its own.
    if (messages.some(({ type }) => type === MESSAGE.datatype)) return [];
    this.groups += 1;
    const links = (await this.#guarded(name, () => this.#linksOf(messages))) ?? [];
    return links.flatMap((link) => this.#follow(link, name, address, depth));
  }

  /** Runs one step; what a broken part throws becomes a gap. */
  async #guarded<T>(name: string, step: () => Promise<T>): Promise<T | null> {
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof AjarError) || error.code === "BUG") throw error;
      this.#gap(name, error.code, error.message, error.offset ?? 0);
      return null;
    }
  }

  #gap(name: string, code: AjarError["code"], detail: string, offset: number): void {
    if (this.gaps.length < MAX_GAPS) this.gaps.push({ name, code, detail, offset });
  }

  #follow(link: Link, parent: string, at: number, depth: number): readonly Visit[] {
    const name = parent === "" ? link.name : `${parent}/${link.name}`;
    this.#text += name.length;
    if (name.length > MAX_PATH || depth >= MAX_DEPTH || this.#text > MAX_TEXT) {
      this.#gap(parent, "OVER_LIMIT", "groups nested too deep, or names over the limit", at);
      return [];
    }
    // A soft link names an object of this file, which has its own place in the walk.
    if (link.kind === "hard") return [{ name, address: link.address, depth: depth + 1 }];
    if (link.kind === "external") this.#leadsOut({ name, kind: "link", file: link.file, offset: at });
    if (link.kind === "unknown") this.#gap(name, "UNSUPPORTED", "a link of a kind that is not known", at);
    return [];
  }

  #leadsOut(found: Hdf5Outside): void {
    if (this.outside.length < MAX_OUTSIDE) this.outside.push(found);
  }

  async #linksOf(messages: readonly HeaderMessage[]): Promise<readonly Link[]> {
    const links: Link[] = [];
    // One by one: a call takes no hundred thousand arguments.
    const take = (more: readonly Link[]): void => {
      for (const link of more) links.push(link);
    };
    const left = (): number => MAX_OBJECTS - this.#links - links.length;
    for (const message of messages) {
      const cursor = new ByteCursor(message.data, message.offset);
      if (message.type === MESSAGE.symbolTable) take(await oldGroupLinks(this.#bytes, cursor, left()));
      if (message.type === MESSAGE.linkInfo) take(await this.#denseLinks(cursor, left()));
      if (message.type === MESSAGE.link) links.push(readLink(this.#bytes, cursor));
    }
    if (left() < 0) throw new AjarError("OVER_LIMIT", `HDF5 file of more than ${MAX_OBJECTS} links`, { offset: messages[0]?.offset ?? 0 });
    this.#links += links.length;
    return links.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  }

  /** Link Info (IV.A.2.c): heap and tree, where links are too many for messages. */
  async #denseLinks(cursor: ByteCursor, most: number): Promise<readonly Link[]> {
    cursor.skip(1);
    if ((cursor.u8() & 1) !== 0) cursor.skip(8);
    const links: Link[] = [];
    // A record is the hash of the name and the heap's id.
    for (const object of await this.#denseObjects(cursor, most, 4)) links.push(readLink(this.#bytes, object));
    return links;
  }

  /** Objects of a fractal heap by the tree that lists them: `before` bytes of each record stand before the heap's id. */
  async #denseObjects(cursor: ByteCursor, most: number, before: number): Promise<readonly ByteCursor[]> {
    const heapAddress = this.#bytes.address(cursor);
    const treeAddress = this.#bytes.address(cursor);
    if (heapAddress === null || treeAddress === null) return [];
    const heap = await FractalHeap.open(this.#bytes, heapAddress);
    const objects: ByteCursor[] = [];
    for (const record of await treeRecords(this.#bytes, treeAddress, most)) {
      record.skip(before);
      const offset = record.offset;
      objects.push(await heap.object(record.take(Math.min(heap.idBytes, record.remaining)), offset));
    }
    return objects;
  }

  async #readAttributes(name: string, messages: readonly HeaderMessage[]): Promise<void> {
    const found: Attribute[] = [];
    const keep = async (cursor: ByteCursor): Promise<void> => {
      const attribute = await this.#guarded(name, () => readAttribute(this.#bytes, cursor, (type) => this.#sharedType(type)));
      if (attribute === null) return;
      this.#attributeCount += 1;
      for (const text of attribute.texts ?? []) this.#text += text.length;
      if (this.#attributeCount > MAX_ATTRIBUTES || this.#text > MAX_TEXT) {
        throw new AjarError("OVER_LIMIT", "HDF5 attributes over the limits", { offset: attribute.start });
      }
      found.push(attribute);
    };
    try {
      for (const { type, data, offset, shared } of messages) {
        const cursor = new ByteCursor(data, offset);
        if (type === MESSAGE.attribute) {
          if (shared) this.#gap(name, "UNSUPPORTED", "an attribute kept in a table of shared messages", offset);
          else await keep(cursor);
        }
        if (type !== MESSAGE.attributeInfo) continue;
        cursor.skip(1);
        if ((cursor.u8() & 1) !== 0) cursor.skip(2);
        for (const object of await this.#denseObjects(cursor, MAX_ATTRIBUTES - this.#attributeCount, 0)) await keep(object);
      }
    } finally {
      if (found.length > 0) this.attributes.set(name, found);
    }
  }

  /** A shared message (IV.A.2, "Shared Message"): a datatype with a name of its own. */
  async #sharedType(cursor: ByteCursor): Promise<Datatype> {
    const at = cursor.offset;
    const version = cursor.u8();
    const kind = cursor.u8();
    if (version === 1) cursor.skip(6);
    if (version > 3 || (version === 3 && kind !== 2))
      throw new AjarError("UNSUPPORTED", "HDF5 type in a table of shared messages", { offset: at });
    const messages = await readObjectHeader(this.#bytes, this.#bytes.someAddress(cursor, "shared type"));
    const type = messages.find((message) => message.type === MESSAGE.datatype && !message.shared);
    if (type === undefined) throw new AjarError("INCONSISTENT", "HDF5 shared type is none", { offset: at });
    return readDatatype(new ByteCursor(type.data, type.offset));
  }

  async #readDataset(name: string, messages: readonly HeaderMessage[]): Promise<void> {
    const cursorOf = (type: number): ByteCursor => {
      const message = messages.find((candidate) => candidate.type === type);
      if (message !== undefined) return new ByteCursor(message.data, message.offset);
      throw new AjarError("INCONSISTENT", "HDF5 dataset lacks its type or shape", { offset: messages[0]?.offset ?? 0 });
    };
    const typeCursor = cursorOf(MESSAGE.datatype);
    const isShared = messages.some(({ type, shared }) => type === MESSAGE.datatype && shared);
    const datatype = isShared ? await this.#sharedType(typeCursor) : readDatatype(typeCursor);
    const space = cursorOf(MESSAGE.dataspace);
    const sides = readDataspace(this.#bytes, space);
    const shape = sides ?? [];
    const elements = sides === null ? 0 : elementsOf(shape, space.offset);
    const layoutCursor = cursorOf(MESSAGE.layout);
    const layout = readLayout(this.#bytes, layoutCursor, elements * datatype.size);
    const { kind, place } = layout;
    if (kind === "virtual") await this.#virtual(name, layout, layoutCursor.offset);
    const filters = messages.find(({ type }) => type === MESSAGE.filters);
    const isOutside = await this.#externalFiles(name, messages);
    this.datasets.push({
      name,
      dtype: datatype.name,
      shape,
      elements,
      bytes: elements * datatype.size,
      layout: isOutside ? "external" : kind,
      place: isOutside ? null : place,
      filters: filters === undefined ? [] : readFilters(new ByteCursor(filters.data, filters.offset)),
    });
  }

  /** A view of other datasets; one of this very file (".") leads nowhere else. */
  async #virtual(name: string, { sources }: Layout, offset: number): Promise<void> {
    if (sources === undefined) return;
    const { count, firstFile } = await virtualSources(this.#bytes, sources);
    if (firstFile !== ".") this.#leadsOut({ name, kind: "virtual", file: firstFile, offset });
    else if (count > 1) this.#gap(name, "UNSUPPORTED", "a view of more than one dataset", offset);
  }

  async #externalFiles(name: string, messages: readonly HeaderMessage[]): Promise<boolean> {
    const message = messages.find(({ type }) => type === MESSAGE.externalFiles);
    if (message === undefined) return false;
    const { heap, slots } = readExternalFiles(this.#bytes, new ByteCursor(message.data, message.offset));
    const names = await LocalHeap.open(this.#bytes, heap);
    for (const { nameOffset } of slots) this.#leadsOut({ name, kind: "data", file: names.text(nameOffset), offset: message.offset });
    return true;
  }
}
