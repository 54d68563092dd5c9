#!/bin/sh
# Makes .venv (once) and installs one lock file into it, every file checked against its hash.
#
# A bare Debian has Python, but neither pip nor ensurepip: so the environment is made without pip, and pip comes from
# the wheel in vendor/. Where uv is on the PATH it does the same from the same lock, faster.
set -eu

lock=$1
venv=.venv

find_python() {
    for name in "${PYTHON3:-python3}" python3 python3.14 python3.13 python3.12 python3.11; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            echo "$name"
            return
        fi
    done
    found=$(python3 --version 2>/dev/null || echo "no python3")
    echo "The portal needs Python 3.11 or newer; here is $found." >&2
    echo "Install one and say which: make demo PYTHON3=/path/to/python3.11" >&2
    exit 1
}

if ! "$venv/bin/python" -c '' 2>/dev/null; then
    python=$(find_python)
    "$python" -m venv --clear --without-pip "$venv"
fi

echo "Installing $lock …"
if command -v uv >/dev/null 2>&1; then
    uv pip install --quiet --python "$venv/bin/python" --compile-bytecode --require-hashes -r "$lock"
else
    PYTHONPATH=$(echo vendor/pip-*.whl) PIP_DISABLE_PIP_VERSION_CHECK=1 \
        "$venv/bin/python" -m pip install -qq --no-input --root-user-action=ignore --require-hashes -r "$lock"
fi
