#!/bin/sh
# Sees to the few system libraries and programs that no Python wheel carries: system_packages.sh GROUP…
#   pdf       Pango, HarfBuzz and a font, for WeasyPrint      browser   Chromium, for the browser tests
#   postgres  PostgreSQL's programs                           redis     Redis's server
#   formats   a braille translator, a voice and an MP3 encoder: without them those formats say what to install
# Root on a system with apt: installs what is missing. Anyone else: says what to type, and stops.
# SYSTEM_PACKAGES=skip goes on without (no PDF can then be made, and the tests that need one fail).
# A group with a question mark (formats?) is not worth stopping for: who may not install goes on without it.
set -eu

[ "${SYSTEM_PACKAGES:-}" = skip ] && exit 0
PATH="$PATH:/usr/sbin:/sbin"

has_library() {
    if command -v ldconfig >/dev/null 2>&1; then
        ldconfig -p 2>/dev/null | grep -q "$1\.so"
    else
        .venv/bin/python -c "import ctypes.util, sys; sys.exit(not ctypes.util.find_library('${1#lib}'))"
    fi
}
has_font() { [ -n "$(find /usr/share/fonts /usr/local/share/fonts /Library/Fonts -name '*.[to]tf' 2>/dev/null | head -1)" ]; }
has_program() {
    for program in "$@"; do command -v "$program" >/dev/null 2>&1 && return; done
    return 1
}
has_postgres() { has_program initdb || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; }

missing="" wanted=""
need() {
    package=$1
    shift
    "$@" && return
    case $group in
    *\?) wanted="$wanted $package" ;;
    *) missing="$missing $package" ;;
    esac
}
for group in "$@"; do
    case ${group%\?} in
    pdf)
        need libpango-1.0-0 has_library libpango-1.0
        need libpangoft2-1.0-0 has_library libpangoft2-1.0
        need libharfbuzz-subset0 has_library libharfbuzz-subset
        need fonts-dejavu-core has_font
        ;;
    browser) need chromium-headless-shell has_program "${CHROMIUM:-chromium-headless-shell}" chromium chromium-browser ;;
    postgres) need postgresql has_postgres ;;
    redis) need redis-server has_program redis-server ;;
    formats)
        need liblouis-bin has_program lou_translate
        need espeak-ng has_program espeak-ng
        need lame has_program lame
        ;;
    *) echo "system_packages.sh knows no group called $group" >&2; exit 2 ;;
    esac
done
if [ -n "$wanted" ] && [ -z "$missing" ] && { ! has_program apt-get || [ "$(id -u)" != 0 ]; }; then
    echo "Not installed, and not needed to go on:$wanted. The formats made with them say so." >&2
    exit 0
fi
[ -z "$missing$wanted" ] && exit 0

if ! has_program apt-get; then
    echo "Missing on this system:$missing (Debian's names). Install their like with the system's own means" >&2
    echo "(macOS: brew install pango), then run the same command again; SYSTEM_PACKAGES=skip goes on without." >&2
    exit 1
fi
if [ "$(id -u)" != 0 ]; then
    echo "Some system packages are missing. Type this once, then run the same command again:" >&2
    echo "  sudo apt-get install --no-install-recommends$missing$wanted" >&2
    exit 1
fi
needed=$missing missing="$missing$wanted"
echo "Installing$missing …"
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
# shellcheck disable=SC2086  # a list of words
if ! { apt-get update -q && apt-get install -y -q --no-install-recommends $missing; } >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    echo "apt could not install$missing: see above." >&2
    [ -z "$needed" ] && echo "None of them is needed to go on." >&2 && exit 0
    exit 1
fi
rm -f "$log"
