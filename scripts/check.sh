#!/bin/sh
# Everything that can be said about the code without running its tests. Goes through all of it, then names what failed.
set -u

bin=.venv/bin
sources="accounts foundation lessons partnerships pilots procurement psp_portal"
formatted="$sources tests scripts benchmarks manage.py"
failed=""
log=$(mktemp)
trap 'rm -f "$log"' EXIT

try() {
    what=$1
    shift
    if "$@" >"$log" 2>&1; then
        echo "  ok      $what"
    else
        echo "  FAILED  $what"
        sed 's/^/          /' "$log"
        failed="$failed
  $what"
    fi
}

# What production would say of itself: real addresses, a fresh key, a database that is named but not asked.
as_production() {
    SITE_URL=https://psp.example BEHIND_PROXY=true DATABASE_URL=postgres://portal@db.invalid/portal \
        BROKER_URL=redis://broker.invalid:6379/0 MAIL_URL=smtp://mail.invalid:25 \
        SECRET_KEY=$($bin/python -c 'import secrets; print(secrets.token_urlsafe(50))') "$@"
}

# shellcheck disable=SC2086  # lists of folders
{
    try "format"                $bin/ruff format --check -q $formatted
    try "lint"                  $bin/ruff check -q $formatted
    try "templates' format"     find templates -name '*.html' -exec $bin/djade --check --target-version 5.2 {} +
    try "types"                 $bin/mypy
    try "floors"                $bin/lint-imports
}
try "migrations are written"    $bin/python manage.py makemigrations --check --dry-run
try "deployment"                as_production $bin/python manage.py check --deploy --fail-level WARNING
try "locks follow pyproject"    $bin/python scripts/lock.py --check
try "compose file"              $bin/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml
try "Dockerfile"                $bin/hadolint Dockerfile
try "docs follow the code"      $bin/python manage.py docs --check

if [ -n "$failed" ]; then
    echo "Not yet:$failed"
    exit 1
fi
echo "All checks passed."
