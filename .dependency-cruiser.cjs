// Who may import whom. docs/architecture.md has the same table with the reasons; test/architecture plants violations.
const MAY_IMPORT = {
  core: [],
  rules: ["core"],
  formats: ["core"],
  documents: ["core"],
  http: ["core"],
  sources: ["core", "formats", "http"],
  licenses: ["core", "rules"],
  inventory: ["core", "formats", "documents", "rules"],
  detectors: ["core", "formats", "documents", "licenses", "rules"],
  safety: ["core", "formats", "rules"],
  identity: ["core", "rules", "formats", "safety", "sources"],
  signing: ["core", "formats", "identity", "sources"],
  components: ["core", "documents", "licenses", "rules"],
  chain: ["core", "rules"],
  text: ["core"],
  patterns: ["core", "rules", "text"],
  dataset: ["core", "rules", "formats", "documents", "text", "patterns"],
  gate: ["core", "rules", "formats", "text", "patterns", "chain", "identity", "sources", "audit", "http"],
  use: ["core", "chain"],
  standards: ["core", "rules"],
  audit: [
    "core",
    "rules",
    "formats",
    "sources",
    "inventory",
    "documents",
    "detectors",
    "safety",
    "identity",
    "signing",
    "components",
    "chain",
    "standards",
    "licenses",
    "dataset",
  ],
  catalogue: ["core", "comparison"],
  jobs: ["core", "audit", "catalogue"],
  server: ["core", "catalogue", "comparison", "jobs", "reports"],
  comparison: ["core"],
  review: ["core"],
  policy: ["core", "chain", "review"],
  reports: ["core", "rules", "comparison"],
  cli: [
    "core",
    "rules",
    "sources",
    "licenses",
    "chain",
    "audit",
    "comparison",
    "review",
    "use",
    "policy",
    "catalogue",
    "jobs",
    "server",
    "reports",
    "http",
    "signing",
    "dataset",
    "gate",
  ],
};

/** Parts of the gate know each other by src/gate/contract.ts only; `server` puts them together. `durable` is what log and doors both rest on. */
const GATE_PARTS = {
  screen: ["core", "rules", "text", "patterns"],
  engines: ["core", "http"],
  durable: ["core", "formats"],
  doors: ["core", "rules", "formats", "chain", "gate/durable"],
  log: ["core", "gate/durable"],
  admission: ["core", "rules", "chain", "identity", "sources", "audit"],
};

const folders = Object.keys(MAY_IMPORT);

const edges = folders.map((folder) => ({
  name: `${folder}-imports-only-what-it-may`,
  severity: "error",
  comment: `src/${folder} may import ${MAY_IMPORT[folder].join(", ") || "nothing"}; see docs/architecture.md`,
  from: { path: `^src/${folder}/`, pathNot: "\\.test\\.ts$" },
  to: { path: "^src/", pathNot: [folder, ...MAY_IMPORT[folder]].map((name) => `^src/${name}/`) },
}));

const gateParts = Object.entries(GATE_PARTS).map(([part, folders]) => ({
  name: `gate-${part}-imports-only-what-it-may`,
  severity: "error",
  comment: `src/gate/${part} may import ${folders.join(", ")} and the gate's contract`,
  from: { path: `^src/gate/${part}/`, pathNot: "\\.test\\.ts$" },
  to: { path: "^src/", pathNot: [`^src/gate/(${part}/|contract\\.ts$)`, ...folders.map((name) => `^src/${name}/`)] },
}));

/** Where each third-party package lives; nothing else may import it. */
const HOMES = {
  undici: ["http", "gate"],
  "@sigstore/bundle": ["signing"],
  "@sigstore/core": ["signing"],
  "@sigstore/protobuf-specs": ["signing"],
  "@sigstore/verify": ["signing"],
  "markdown-it": ["documents"],
  "spdx-expression-parse": ["licenses"],
  yaml: ["documents", "rules", "sources", "detectors", "reports", "review", "gate"],
  hono: ["server"],
  "@hono/node-server": ["server"],
  "@marcbachmann/cel-js": ["policy"],
  kysely: ["catalogue", "gate"],
  pg: ["catalogue", "gate"],
  "pg-boss": ["jobs"],
  "prom-client": ["gate"],
  "csv-stringify": ["reports"],
  "fast-xml-parser": ["reports"],
  "libphonenumber-js": ["patterns"],
  tldts: ["patterns"],
  zod: ["policy", "reports", "review", "sources", "standards", "gate"],
};

const homes = Object.entries(HOMES).map(([name, where]) => ({
  name: `${name}-stays-home`,
  severity: "error",
  comment: `only ${where.join(", ")} may import ${name}`,
  from: { path: "^src/", pathNot: [...where.map((folder) => `^src/${folder}/`), "\\.test\\.ts$"] },
  to: { path: `^node_modules/(@types/)?${name}/` },
}));

module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } } },
    ...edges,
    ...gateParts,
    ...homes,
    {
      name: "detectors-never-import-a-sibling",
      severity: "error",
      comment: "shared parts of detectors live in src/detectors/support",
      from: { path: "^src/detectors/([^/]+)\\.ts$", pathNot: "\\.test\\.ts$" },
      to: { path: "^src/detectors/[^/]+\\.ts$", pathNot: "^src/detectors/detector\\.ts$" },
    },
    {
      name: "scanners-never-import-a-sibling",
      severity: "error",
      comment: "what two scanners share lies in src/safety or src/formats",
      from: { path: "^src/safety/scanners/([^/]+)\\.ts$", pathNot: "\\.test\\.ts$" },
      to: { path: "^src/safety/scanners/[^/]+\\.ts$" },
    },
    {
      name: "network-only-in-http",
      severity: "error",
      from: { path: "^src/", pathNot: ["^src/(http|server|gate)/", "\\.test\\.ts$"] },
      to: { path: "^(node:)?(net|tls|http|https|http2|dgram)$" },
    },
    {
      name: "files-only-at-the-edge",
      severity: "error",
      from: {
        path: "^src/",
        pathNot: [
          "^src/(sources|rules|licenses|catalogue|server|cli|gate|dataset)/",
          "^src/identity/local-hash\\.ts$",
          "^src/signing/model-tree\\.ts$",
          "^src/(code-cache|load-program)\\.ts$",
          "\\.test\\.ts$",
        ],
      },
      to: { path: "^(node:)?fs(/promises)?$" },
    },
    {
      name: "processes-only-for-git",
      severity: "error",
      from: { path: "^src/", pathNot: ["^src/(sources|cli)/", "\\.test\\.ts$"] },
      to: { path: "^(node:)?child_process$" },
    },
    {
      name: "code-never-imports-tests",
      severity: "error",
      from: { path: "^src/", pathNot: "\\.test\\.ts$" },
      to: { path: ["\\.test\\.ts$", "^test/"] },
    },
  ],
  options: {
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "require", "node", "default", "types"] },
  },
};
