#!/usr/bin/env bash
# Packs the package, installs it into an empty folder and audits a small release with it.
set -euo pipefail
root="$(cd "$(dirname "$0")/.." && pwd)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$root"
tarball="$(npm pack --silent --pack-destination "$work")"
cd "$work"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund "./$tarball" 'node@24' >/dev/null
mkdir model
printf -- '---\nlicense: mit\n---\n# Tiny\nWeights and code of Tiny.\n' > model/README.md
cp "$root/LICENSE" model/LICENSE
PATH="$work/node_modules/.bin:$PATH"
ajar --version
ajar audit --offline -f json -o report.json model
node -e 'const r=JSON.parse(require("fs").readFileSync("report.json","utf8")); if(!r.headline||!r.evidence.length) process.exit(1); console.log("smoke: "+r.headline.word+", "+r.evidence.length+" pieces of evidence")'
