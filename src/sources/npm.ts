// Packages of an npm registry. A tarball is one compressed stream, so it cannot be read by range: it comes whole, once,
// and its digest is checked before anything in it is believed.
import { AjarError } from "../core/errors.ts";
import type { Source, SourceContext, SourceProvider } from "../core/source.ts";
import type { HttpClient } from "../http/client.ts";
import type { HttpRequest } from "../http/types.ts";
import { openThrough } from "./host-client.ts";
import { asObject, asText, type JsonObject } from "./hub-record.ts";
import { npmRegistry } from "./npm-registry.ts";
import { openTarContents } from "./package-contents.ts";
import { hexDigest, type PackageDigest, parseIntegrity } from "./package-digest.ts";
import { type PackageReference, parseNpmReference } from "./package-reference.ts";
import { type OpenedContents, PackageSource } from "./package-source.ts";
import { spoolPackage } from "./package-spool.ts";

/** The abbreviated record of a package with thousands of versions is some 10 MB. */
const MAX_PACKUMENT_BYTES = 64 * 1024 * 1024;
const ACCEPT = "application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8";

export const source: SourceProvider = {
  id: "npm",
  schemes: ["npm"],
  claims: async () => false,
  async open(reference: string, context: SourceContext): Promise<Source> {
    const wanted = parseNpmReference(reference);
    const { url: registry, credential } = npmRegistry(context.env, wanted.name);
    return openThrough(context, credential, (client) => openPackage(wanted, registry, client, context));
  },
};

async function openPackage(wanted: PackageReference, registry: URL, client: HttpClient, context: SourceContext): Promise<Source> {
  const subject = `npm:${wanted.name}`;
  const request: HttpRequest = {
    url: new URL(`${registry.href.replace(/\/+$/u, "")}/${wanted.name.replace("/", "%2f")}`),
    subject,
    headers: { accept: ACCEPT },
    explain: ({ status, url }) =>
      status === 404
        ? new AjarError("NOT_FOUND", `${subject}: no such package on ${url.host}`, { subject, hint: "Check the name." })
        : null,
  };
  const { json } = await client.fetchJson(request, MAX_PACKUMENT_BYTES);
  const packument = asObject(json);
  const version = chooseVersion(packument, wanted, subject);
  const manifest = asObject(asObject(packument?.["versions"])?.[version]);
  const dist = asObject(manifest?.["dist"]);
  const ref = `${subject}@${version}`;
  const tarball = URL.parse(asText(dist?.["tarball"]) ?? "", registry.href);
  if (dist === null || tarball === null || !/^https?:$/u.test(tarball.protocol)) {
    throw new AjarError("BAD_RESPONSE", `${ref}: its registry names no package file`, { subject: ref });
  }
  tarball.username = "";
  tarball.password = "";
  const digest = digestOf(dist);
  const openContents = async (): Promise<OpenedContents> => {
    const spooled = await spoolPackage({ client, request: { url: tarball, subject: ref }, subject: ref, digest, isGzip: true, context });
    const contents = await openTarContents(spooled.file, context).catch(async (error: unknown) => {
      await spooled.close();
      throw error;
    });
    return { contents, packageBytes: spooled.packedBytes, transfer: "whole", close: () => spooled.close() };
  };
  const record = {
    kind: "npm",
    registry: registry.host,
    name: wanted.name,
    version,
    deprecated: asText(manifest?.["deprecated"]) ?? undefined,
    integrity: asText(dist["integrity"]) ?? undefined,
    shasum: asText(dist["shasum"]) ?? undefined,
    file: `${tarball.origin}${tarball.pathname}`,
  };
  return new PackageSource({ ref, kind: "npm", version, client, record, packageBytes: null, openContents });
}

function chooseVersion(packument: JsonObject | null, wanted: PackageReference, subject: string): string {
  const versions = asObject(packument?.["versions"]);
  if (versions === null) throw new AjarError("BAD_RESPONSE", `${subject}: its registry lists no versions`, { subject });
  const tags = asObject(packument?.["dist-tags"]) ?? {};
  const asked = wanted.version ?? "latest";
  const bare = asked.replace(/^v(?=\d)/u, "");
  const version = Object.hasOwn(versions, bare) ? bare : asText(Object.hasOwn(tags, asked) ? tags[asked] : undefined);
  if (version !== null && Object.hasOwn(versions, version)) return version;
  const known = Object.keys(versions).slice(-3).reverse();
  throw new AjarError("REVISION_NOT_FOUND", `${subject}: no version or tag ${asked}`, {
    subject,
    hint: known.length === 0 ? "It has no versions left." : `Last published: ${known.join(", ").slice(0, 200)}.`,
  });
}

function digestOf(dist: JsonObject): PackageDigest | null {
  return parseIntegrity(asText(dist["integrity"]) ?? "") ?? hexDigest("sha1", dist["shasum"]);
}
