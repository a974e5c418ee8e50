#!/usr/bin/env bash
# Packs the package, installs it into an empty folder, audits a small release with it, and uses it as a library.
set -euo pipefail
root="$(cd "$(dirname "$0")/.." && pwd)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$root"
# The build that packing starts may speak; the file name comes last.
if ! packed="$(npm pack --silent --pack-destination "$work")"; then
  printf '%s\nsmoke: the package cannot be packed\n' "$packed" >&2
  exit 1
fi
tarball="${packed##*$'\n'}"
cd "$work"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund "./$tarball" 'node@24' >/dev/null
mkdir my-model
printf -- '---\nlicense: mit\n---\n# Tiny\nWeights and code of Tiny.\n' > my-model/README.md
cp "$root/LICENSE" my-model/LICENSE
# A README and a license alone are no model release, and exit with 4.
printf '{"architectures": ["TinyForCausalLM"], "model_type": "tiny"}\n' > my-model/config.json
PATH="$work/node_modules/.bin:$PATH"
ajar --version
ajar audit --offline -f json -o report.json my-model
ajar audit --offline ./my-model > report.txt
node -e 'const r=JSON.parse(require("fs").readFileSync("report.json","utf8")); if(!r.headline||!r.evidence.length) process.exit(1); console.log("smoke: "+r.headline.word+", "+r.evidence.length+" pieces of evidence")'

# The example of docs/library.md prints the same table.
awk '/^```ts$/{inside=1;next} /^```$/{inside=0} inside' "$root/docs/library.md" > example.mjs
node example.mjs > library.txt
node -e 'const [a,b]=["library.txt","report.txt"].map((f)=>require("fs").readFileSync(f,"utf8")); if(b===""||!a.includes(b)) throw new Error("the table of the library is not that of the program")'
node -e 'if (require("ajar/report.schema.json").$id === undefined) process.exit(1)'
printf 'import { audit, type Report } from "ajar";\nexport const word = (report: Report): string => report.headline.word;\nexport const run: (request: Parameters<typeof audit>[0]) => Promise<Report> = audit;\n' > types.mts
node "$root/node_modules/typescript/bin/tsc" --noEmit --strict --module nodenext --target es2023 types.mts
echo "smoke: library and types work"

# Each command is a part that is loaded late, and each format another: bundling must not have broken what only they import.
for format in table json html markdown csv sarif junit cyclonedx cyclonedx-1.7 spdx mot-yaml osaii-yaml badge-svg badge-json; do
  ajar report report.json -f "$format" > late.txt || { echo "smoke: $format cannot be written" >&2; exit 1; }
done
for command in "scan my-model" "digest my-model" "use report.json" "compare report.json report.json" "diff report.json report.json" \
  "recheck report.json --offline" "explain osaid-1.0/training-code" "license my-model/LICENSE" doctor "completion bash" "schema report" help; do
  code=0
  ajar $command > late.txt 2>&1 || code=$?
  # 1 and 3 are answers.
  case "$code" in 0 | 1 | 3) ;; *) cat late.txt >&2; echo "smoke: ajar $command ended with $code" >&2; exit 1 ;; esac
done
ajar catalogue add report.json --catalogue kept.db
ajar catalogue query --catalogue kept.db -f csv | grep -q my-model
for command in "catalogue list" worker ui; do
  refused="$(AJAR_DATABASE_URL=postgres://nobody@127.0.0.1:1/none ajar $command 2>&1)" && { echo "smoke: $command opened a database that is not there" >&2; exit 1; }
  case "$refused" in *STORE_UNUSABLE*) ;; *) printf '%s\nsmoke: %s does not reach PostgreSQL\n' "$refused" "$command" >&2; exit 1 ;; esac
done
echo "smoke: both databases answer"
