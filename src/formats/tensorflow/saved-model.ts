// TensorFlow's saved_model.pb (tensorflow/core/protobuf: saved_model.proto, meta_graph.proto, saved_object_graph.proto).
import { AjarError } from "../../core/errors.ts";
import type { ByteReader } from "../../core/source.ts";
import { ProtoWalker } from "../proto-walker.ts";
import { GraphCollector, type TensorflowGraph } from "./graph.ts";

/** JSON that Keras keeps beside an object of the model. */
export interface ObjectMetadata {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export interface SavedModel extends TensorflowGraph {
  readonly schemaVersion: number;
  readonly tags: readonly string[];
  readonly tensorflowVersion: string;
  /** Files of `assets/` by the names that the model gives. */
  readonly assets: readonly { readonly file: string; readonly offset: number }[];
  readonly metadata: readonly ObjectMetadata[];
}

/** Graphs of large models take some tens of megabytes, constants left aside. */
const MAX_BYTES = 256 * 1024 * 1024;
const MAX_TEXT = 16 * 1024 * 1024;
/** A million nodes of some twenty fields. */
const MAX_FIELDS = 20_000_000;
const MAX_ITEMS = 100_000;
const MAX_METADATA_BYTES = 64 * 1024 * 1024;

interface Draft {
  schemaVersion: number;
  graphs: number;
  tensorflowVersion: string;
  metadataBytes: number;
  readonly tags: string[];
  readonly assets: { readonly file: string; readonly offset: number }[];
  readonly metadata: ObjectMetadata[];
}

/** `wanted`: operators whose nodes are kept. @throws AjarError NOT_THIS_FORMAT | TRUNCATED | OVER_LIMIT | INCONSISTENT with the offset */
export async function readSavedModel(reader: ByteReader, wanted: ReadonlySet<string>): Promise<SavedModel> {
  const walker = new ProtoWalker(reader, { maxBytes: MAX_BYTES, maxPiece: MAX_TEXT, maxFields: MAX_FIELDS });
  const collector = new GraphCollector(walker, wanted);
  const draft: Draft = { schemaVersion: 0, graphs: 0, tensorflowVersion: "", metadataBytes: 0, tags: [], assets: [], metadata: [] };
  await walker.message(reader.sizeBytes, async (field, wire) => {
    if (field === 1 && wire === 0) {
      draft.schemaVersion = await walker.count();
      return true;
    }
    if (field !== 2 || wire !== 2) return false;
    draft.graphs += 1;
    return await walker.inner((inner, type) => type === 2 && metaGraphField(walker, collector, draft, inner));
  });
  if (draft.graphs === 0) throw new AjarError("NOT_THIS_FORMAT", "SavedModel has no graph", { offset: 0 });
  const { operators, nodes, constants, functions } = collector;
  const { schemaVersion, tags, tensorflowVersion, assets, metadata } = draft;
  return { schemaVersion, tags, tensorflowVersion, assets, metadata, operators, nodes, constants, functions };
}

/** MetaGraphDef: 1 meta_info_def, 2 graph_def, 6 asset_file_def, 7 object_graph_def. */
function metaGraphField(walker: ProtoWalker, collector: GraphCollector, draft: Draft, field: number): boolean | Promise<boolean> {
  switch (field) {
    case 1:
      return walker.inner((inner, wire) => wire === 2 && infoField(walker, draft, inner));
    case 2:
      return collector.graph();
    case 6:
      return readAsset(walker, draft);
    case 7:
      return readObjectGraph(walker, draft);
    default:
      return false;
  }
}

/** MetaInfoDef: 4 tags, 5 tensorflow_version. */
async function infoField(walker: ProtoWalker, draft: Draft, field: number): Promise<boolean> {
  if (field === 4 && draft.tags.length < MAX_ITEMS) draft.tags.push(await walker.text(MAX_TEXT));
  else if (field === 5) draft.tensorflowVersion = await walker.text(MAX_TEXT);
  else return false;
  return true;
}

/** AssetFileDef: 2 filename. */
async function readAsset(walker: ProtoWalker, draft: Draft): Promise<true> {
  const offset = walker.offset;
  return await walker.inner(async (field, wire) => {
    if (field !== 2 || wire !== 2) return false;
    const file = await walker.text(MAX_TEXT);
    if (draft.assets.length < MAX_ITEMS) draft.assets.push({ file, offset });
    return true;
  });
}

/** SavedObjectGraph: 1 nodes. SavedObject: 4 user_object. SavedUserObject: 3 metadata, which is JSON for Keras. */
async function readObjectGraph(walker: ProtoWalker, draft: Draft): Promise<true> {
  return await walker.inner((field, wire) => {
    if (field !== 1 || wire !== 2) return false;
    return walker.inner((inner, type) => {
      if (inner !== 4 || type !== 2) return false;
      return walker.inner((part, kind) => part === 3 && kind === 2 && readMetadata(walker, draft));
    });
  });
}

async function readMetadata(walker: ProtoWalker, draft: Draft): Promise<true> {
  const start = walker.offset;
  const text = await walker.text(MAX_TEXT);
  draft.metadataBytes += text.length;
  if (draft.metadataBytes > MAX_METADATA_BYTES) throw new AjarError("OVER_LIMIT", "SavedModel with too much metadata", { offset: start });
  if (text.startsWith("{")) draft.metadata.push({ text, start, end: walker.offset });
  return true;
}

/** A bare GraphDef. @throws AjarError TRUNCATED | OVER_LIMIT | INCONSISTENT with the offset */
export async function readGraphDef(reader: ByteReader, wanted: ReadonlySet<string>): Promise<TensorflowGraph> {
  const walker = new ProtoWalker(reader, { maxBytes: MAX_BYTES, maxPiece: MAX_TEXT, maxFields: MAX_FIELDS });
  const collector = new GraphCollector(walker, wanted);
  await collector.fields(reader.sizeBytes);
  const { operators, nodes, constants, functions } = collector;
  return { operators, nodes, constants, functions };
}

/** keras_metadata.pb: SavedMetadata, 1 nodes; SavedObject, 3 identifier, 4 metadata (keras/protobuf/saved_metadata.proto). */
export async function readKerasMetadata(reader: ByteReader): Promise<readonly ObjectMetadata[]> {
  const walker = new ProtoWalker(reader, { maxBytes: MAX_BYTES, maxPiece: MAX_TEXT });
  const draft: Draft = { schemaVersion: 0, graphs: 0, tensorflowVersion: "", metadataBytes: 0, tags: [], assets: [], metadata: [] };
  await walker.message(reader.sizeBytes, (field, wire) => {
    if (field !== 1 || wire !== 2) return false;
    return walker.inner((inner, type) => inner === 4 && type === 2 && readMetadata(walker, draft));
  });
  if (draft.metadata.length === 0) throw new AjarError("NOT_THIS_FORMAT", "no metadata of Keras", { offset: 0 });
  return draft.metadata;
}
