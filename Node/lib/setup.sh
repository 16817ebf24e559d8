# shellcheck shell=bash
# What Node/demo, Node/bench and Tests/run need from the machine. Sourced, never run.
#
# Debian packages that are missing are installed when the caller is root or may use sudo without a
# password. Otherwise the exact command is named and the script stops.

# Needed to build and to run.
REQUIRED_PACKAGES=(libsodium-dev libsqlite3-dev pkg-config curl ca-certificates)
# Needed for the checks by tools that were not written here.
# shellcheck disable=SC2034  # Tests/run reads it.
CHECK_PACKAGES=(python3 python3-venv golang-go golang-golang-x-mod-dev shellcheck chromium zbar-tools)

# The oldest compiler that reads this package (test names are raw identifiers).
SWIFT_MINIMUM="6.2"

heading() { printf '\n== %s\n' "$*"; }
note() { printf '   %s\n' "$*"; }
stop() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# Prints those of the named Debian packages that are not installed.
missing_packages() {
    local package
    for package in "$@"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q '^install ok installed$' \
            || printf '%s\n' "$package"
    done
}

# Prints the words that come before apt-get, or fails when nothing may be installed from here.
apt_prefix() {
    if [ "$(id -u)" = 0 ]; then
        printf 'env DEBIAN_FRONTEND=noninteractive\n'
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        printf 'sudo -n env DEBIAN_FRONTEND=noninteractive\n'
    else
        return 1
    fi
}

# install_packages NAME… : installs what is missing; fails, having said why, when it cannot.
install_packages() {
    local -a missing prefix
    if ! command -v dpkg-query >/dev/null; then
        note "This is not Debian: install the equivalents of: $*"
        return 1
    fi
    mapfile -t missing < <(missing_packages "$@")
    if [ "${#missing[@]}" = 0 ]; then
        note "Debian packages: nothing missing."
        return 0
    fi
    if ! read -ra prefix < <(apt_prefix); then
        note "Missing Debian packages, and no right to install them here. Please run:"
        note "    sudo apt-get update && sudo apt-get install ${missing[*]}"
        return 1
    fi
    note "Installing Debian packages: ${missing[*]}"
    "${prefix[@]}" apt-get update -q >/dev/null </dev/null || note "apt-get update failed; trying what is known."
    "${prefix[@]}" apt-get install -q -y --no-install-recommends "${missing[@]}" >/dev/null </dev/null
}

# Stops unless a Swift compiler of the right age is there.
require_swift() {
    command -v swift >/dev/null \
        || stop "there is no 'swift' on PATH; install Swift $SWIFT_MINIMUM or newer from https://www.swift.org/install"
    local version
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p' | head -n 1)
    [ "$(printf '%s\n%s\n' "$SWIFT_MINIMUM" "${version:-0}" | sort -V | head -n 1)" = "$SWIFT_MINIMUM" ] \
        || stop "Swift ${version:-of unknown version} is too old; $SWIFT_MINIMUM or newer is needed"
    note "Swift $version."
}

# Stops unless libsodium and SQLite can be built against.
require_libraries() {
    install_packages "${REQUIRED_PACKAGES[@]}" || true
    pkg-config --exists libsodium sqlite3 2>/dev/null \
        || stop "the headers of libsodium and SQLite are needed: sudo apt-get install ${REQUIRED_PACKAGES[*]}"
    command -v curl >/dev/null || stop "curl is needed: sudo apt-get install curl"
}
