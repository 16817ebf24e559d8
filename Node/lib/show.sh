# shellcheck shell=bash
# How Node/demo and Node/story show what they do. Sourced after Node/lib/setup.sh and Tests/lib/checks.sh.

# What `shown` keeps of the last command, and what `find_offline` found.
# shellcheck disable=SC2034  # Read by the scripts that source this.
status=0 output="" offline=()

title() { printf '\n\n%s\n%s\n' "$*" "$(printf '%*s' "${#1}" '' | tr ' ' -)"; }
say() { printf '%s\n' "$*"; }

# shown COMMAND… : prints the command as one would type it, runs it, shows and keeps its output and exit
# code. Never stops the script: what follows says what was expected.
shown() {
    local word line=
    for word in "$@"; do
        word=${word//$CLUSTER_DIR\//}
        [[ $word == *[[:space:]]* ]] && word="\"$word\""
        line+=" ${word##*/bin/}"
    done
    printf '\n$%s\n' "${line//"$QUOTA_BIN/"/}"
    status=0
    output=$("$@" 2>&1) || status=$?
    # Progress is for those who watch it move.
    output=$(grep -vE '^(claims|registering): [0-9]+ of' <<<"$output" || true)
    sed 's/^/  /' <<<"$output"
}

says() {
    grep -qF -- "$2" <<<"$output" && pass "$1" || fail "$1 (no '$2' was shown)"
}
ends_with() {
    [ "$status" = "$1" ] && pass "$2" || fail "$2 (exit code $status, expected $1)"
}

# show_build : installs what is missing and builds the programs, unless QUOTA_BIN already names their folder.
show_build() {
    local product
    [ -z "${QUOTA_BIN:-}" ] || return 0
    title "Set up: what this machine still needs"
    require_libraries
    require_swift
    title "Build (the first time takes some minutes)"
    mkdir -p .build
    for product in quotad quotactl quota-verify; do
        say "swift build --product $product"
        # SwiftPM writes "[done/known] what"; every tenth part of it is shown.
        swift build --product "$product" 2>&1 </dev/null | tee .build/demo-build.log \
            | awk -F'[][/]' '/^\[[0-9]+\/[0-9]+\]/ && $3 > 99 { p = int(10 * $2 / $3); if (p > q) { q = p; printf "   %d of about %d steps\n", $2, $3; fflush() } }' || {
            grep -E 'error:' .build/demo-build.log | head -n 20
            stop "the build failed; all of it is in .build/demo-build.log"
        }
    done
    QUOTA_BIN=$(swift build --show-bin-path)
}

# find_offline : sets `offline` to the words that run one command without a network, where that can be had.
# shellcheck disable=SC2034  # Read by the scripts that source this.
find_offline() {
    offline=()
    if unshare -n true 2>/dev/null; then
        offline=(unshare -n)
    elif unshare -rn true 2>/dev/null; then
        offline=(unshare -rn)
    else
        say "This machine does not let the network be cut off for one command; quota-verify opens no connection here anyway."
    fi
}
