// Packages of a Python index. A wheel is a zip, so its directory and the wanted members are read by range.
import { AjarError } from "../core/errors.ts";
import type { Source, SourceContext, SourceProvider } from "../core/source.ts";
import type { HttpClient } from "../http/client.ts";
import { splitCredential } from "../http/credential.ts";
import { openRangeReader } from "../http/range-reader.ts";
import type { Credential, HttpRequest } from "../http/types.ts";
import { openThrough } from "./host-client.ts";
import { openTarContents, openZipContents, type PackageContents } from "./package-contents.ts";
import { hexDigest } from "./package-digest.ts";
import { type PackageReference, parsePypiReference } from "./package-reference.ts";
import { type OpenedContents, PackageSource } from "./package-source.ts";
import { type Spooled, spoolPackage } from "./package-spool.ts";
import { chooseFile, type IndexFile, indexFiles, normalName } from "./pypi-index.ts";

const DEFAULT_INDEX = "https://pypi.org/simple";
/** The page of a project with ten thousand files is some 10 MB. */
const MAX_INDEX_BYTES = 64 * 1024 * 1024;
const ACCEPT = "application/vnd.pypi.simple.v1+json";

export const source: SourceProvider = {
  id: "pypi",
  schemes: ["pypi"],
  claims: async () => false,
  async open(reference: string, context: SourceContext): Promise<Source> {
    const wanted = parsePypiReference(reference);
    const { url: index, credential } = pypiIndex(context.env);
    return openThrough(context, credential, (client) => openPackage(wanted, index, client, context));
  },
};

/** PIP_INDEX_URL, UV_DEFAULT_INDEX, UV_INDEX_URL or the public index. @throws AjarError BAD_CONFIG */
function pypiIndex(env: SourceContext["env"]): { readonly url: URL; readonly credential: Credential | null } {
  const names = ["PIP_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX_URL"];
  const name = names.find((candidate) => (env[candidate] ?? "").trim() !== "");
  const address = URL.parse(name === undefined ? DEFAULT_INDEX : (env[name] ?? "").trim());
  if (address === null || !/^https?:$/u.test(address.protocol)) {
    const subject = name ?? "index";
    throw new AjarError("BAD_CONFIG", `${subject}: not an http or https address`, { subject, hint: `For example ${DEFAULT_INDEX}.` });
  }
  address.search = "";
  address.hash = "";
  return splitCredential(address);
}

async function openPackage(wanted: PackageReference, index: URL, client: HttpClient, context: SourceContext): Promise<Source> {
  const project = normalName(wanted.name);
  const subject = `pypi:${project}`;
  const request: HttpRequest = {
    url: new URL(`${index.href.replace(/\/+$/u, "")}/${project}/`),
    subject,
    headers: { accept: ACCEPT },
    explain: ({ status, url }) => explain(status, url, subject),
  };
  const { json, url } = await client.fetchJson(request, MAX_INDEX_BYTES).catch((error: unknown) => {
    throw error instanceof AjarError && error.code === "BAD_RESPONSE" ? noJsonIndex(subject, index) : error;
  });
  const file = chooseFile(indexFiles(json, project, url, subject), wanted, subject);
  const ref = `${subject}@${file.version}`;
  const record = {
    kind: "pypi",
    registry: index.host,
    name: project,
    version: file.version,
    filename: file.filename,
    sha256: file.sha256 ?? undefined,
    sizeBytes: file.sizeBytes ?? undefined,
    yanked: file.yanked ?? undefined,
    file: `${file.url.origin}${file.url.pathname}`,
  };
  const openContents = (): Promise<OpenedContents> => openFile(file, ref, client, context);
  return new PackageSource({ ref, kind: "pypi", version: file.version, client, record, packageBytes: file.sizeBytes, openContents });
}

async function openFile(file: IndexFile, subject: string, client: HttpClient, context: SourceContext): Promise<OpenedContents> {
  const request: HttpRequest = { url: file.url, subject };
  if (file.kind !== "sdist") {
    const reader = await openRangeReader({ client, request, sizeBytes: file.sizeBytes, subject });
    if (reader !== null) {
      const contents = await openZipContents(reader, context);
      return { contents, packageBytes: reader.sizeBytes, transfer: "ranges", close: async () => undefined };
    }
  }
  const isGzip = file.kind === "sdist";
  const spooled = await spoolPackage({ client, request, subject, digest: hexDigest("sha256", file.sha256), isGzip, context });
  const contents = await openSpooled(spooled, isGzip, context);
  return { contents, packageBytes: spooled.packedBytes, transfer: "whole", close: () => spooled.close() };
}

async function openSpooled(spooled: Spooled, isTar: boolean, context: SourceContext): Promise<PackageContents> {
  try {
    return isTar ? await openTarContents(spooled.file, context) : await openZipContents(spooled.file, context);
  } catch (error) {
    await spooled.close();
    throw error;
  }
}

function explain(status: number, url: URL, subject: string): AjarError | null {
  if (status === 404) return new AjarError("NOT_FOUND", `${subject}: no such project on ${url.host}`, { subject, hint: "Check the name." });
  return status === 406 || status === 415 ? noJsonIndex(subject, url) : null;
}

function noJsonIndex(subject: string, index: URL): AjarError {
  return new AjarError("BAD_RESPONSE", `${subject}: ${index.host} does not speak the JSON form of the simple index (PEP 691)`, {
    subject,
    hint: "Name another index in PIP_INDEX_URL.",
  });
}
