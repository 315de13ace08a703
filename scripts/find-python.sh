#!/usr/bin/env bash
# Prints a Python that works, or fails and says what to install.
#   find-python.sh         the newest of 3.13, 3.12, 3.11 on PATH, else any python3 from 3.11 on
#   find-python.sh 3.12    that version only; also looks among pyenv's versions
# A launcher on PATH may be a shim with nothing behind it, and Debian splits ensurepip off: so each is tried.
set -u

works() { # program, lowest version, e.g. "3, 11"
  "$1" -c "import sys, ssl, venv, ensurepip; sys.exit(sys.version_info[:2] < ($2))" >/dev/null 2>&1
}

if [ $# -gt 0 ]; then
  candidates=("python$1")
  if command -v pyenv >/dev/null 2>&1; then
    candidates+=("$(pyenv root)/versions/$1".*/bin/python)
  fi
  for program in "${candidates[@]}"; do
    works "$program" "${1/./, }" && { command -v "$program"; exit 0; }
  done
  echo "no working Python $1 here" >&2
  exit 1
fi

for program in python3.13 python3.12 python3.11 python3; do
  works "$program" "3, 11" && { command -v "$program"; exit 0; }
done
echo "No working Python 3.11 or newer. Install one (Debian: apt install python3 python3-venv; macOS: brew install python@3.13)" >&2
echo "or name it: make PYTHON=/path/to/python3" >&2
exit 1
