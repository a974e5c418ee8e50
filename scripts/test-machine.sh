#!/usr/bin/env bash
# Programs of the system that tests use. Installs what is missing where it may; elsewhere the tests that need it say that they are skipped.
set -u
# The embedded engine of the gate, without its packages for graphics cards (85 MB instead of 744), outside the source tree.
llama="${AJAR_NODE_LLAMA:-${XDG_CACHE_HOME:-$HOME/.cache}/ajar-test/llama}"
if [ ! -d "$llama/node_modules/node-llama-cpp" ]; then
  platform="$(node -p 'process.platform === "darwin" && process.arch === "arm64" ? "mac-arm64-metal" : process.platform.replace("darwin", "mac") + "-" + process.arch')"
  mkdir -p "$llama"
  npm install --no-save --prefix "$llama" --omit=optional --ignore-scripts --no-audit --no-fund --loglevel=error \
    node-llama-cpp@3.22.1 "@node-llama-cpp/$platform@3" >/dev/null 2>&1 ||
    echo "not installed: node-llama-cpp; tests that need it are skipped" >&2
fi
declare -A package=([git]=git [python3]=python3 [zstd]=zstd [chromium]=chromium)
missing=()
for tool in "${!package[@]}"; do command -v "$tool" >/dev/null || missing+=("${package[$tool]}"); done
python3 -c 'import ensurepip' 2>/dev/null || missing+=(python3-venv)
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing+=(postgresql)
fc-list 2>/dev/null | grep -qi cjk || missing+=(fonts-noto-cjk)
[ "${#missing[@]}" -eq 0 ] && exit 0
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
  echo "not installed: ${missing[*]}; tests that need them are skipped" >&2
  exit 0
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null || echo "could not install: ${missing[*]}" >&2
exit 0
