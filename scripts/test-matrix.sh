#!/usr/bin/env bash
# Smoke tests against the built wheel (not the checkout), in environments that are thrown away:
# the newest Python with the pinned versions, and the oldest with the oldest DuckDB that is promised.
# A Python that is not installed is skipped, and said so.
set -euo pipefail
cd "$(dirname "$0")/.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

leg() { # Python version, then packages to hold at another version than the pinned one
  local version=$1 python start=$SECONDS
  shift
  if ! python=$(scripts/find-python.sh "$version" 2>/dev/null); then
    echo "test-matrix: no Python $version here, skipped"
    return 0
  fi
  local home="$scratch/$version" held
  "$python" -m venv "$home"
  cp constraints.txt "$home/constraints.txt"
  for held in "$@"; do
    grep -v "^${held%%==*}==" "$home/constraints.txt" > "$home/rest.txt"
    { cat "$home/rest.txt"; echo "$held"; } > "$home/constraints.txt"
  done
  "$home/bin/python" -m pip install -qq --disable-pip-version-check \
    --constraint "$home/constraints.txt" '.[dev]'
  echo "test-matrix: Python $version ${*:-with the pinned versions} (ready after $((SECONDS - start)) s)"
  "$home/bin/python" -m pytest -m smoke -p no:cacheprovider
}

leg 3.13
leg 3.11 duckdb==1.5.5
