#!/usr/bin/env bash
# The benchmark runs and prints its figures. What they are in a debug build on a busy machine says nothing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=Tests/lib/checks.sh
. Tests/lib/checks.sh
QUOTA_BIN=${QUOTA_BIN:-.build/debug}

output=$("$QUOTA_BIN/quota-bench" --quotad "$QUOTA_BIN/quotad" --claims 500 --batch 250 --requests 2 --singles 10 2>&1) || {
    printf '%s\n' "$output" | tail -n 20
    fail "quota-bench ended with an error"
}
check_contains "claims made final per second" "claims made final" "$output"
check_contains "the Ed25519 rate of the same run" "Ed25519 verification" "$output"
check_contains "the ratio to the limit" "ratio to the limit" "$output"
check_contains "p50 and p99 of the time to a final receipt" "p99" "$output"
finish
