#!/usr/bin/env bash
# Importing claims from a table: every row is checked first, running it twice is safe, nothing is lost on the way.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=Tests/lib/e2e.sh
. Tests/lib/e2e.sh
e2e_begin import
cp Node/demo-data/*.csv "$e2e_dir"

as() {
    local member=$1
    shift
    quotactl "$@" --home "$CLUSTER_DIR/$member"
}

check_exit 1 "one agency alone registers no organisation" as us-bis organisation import "$e2e_dir/organisations.csv"
check "two register those of a table" e2e_import "$e2e_dir/organisations.csv"
check_exit 0 "… and again, to no effect" as us-bis organisation import "$e2e_dir/organisations.csv"

# Wrong tables: named by row and column, and nothing of the file is sent.
wrong() {
    sed "$2" Node/demo-data/atlas.csv >"$e2e_dir/wrong.csv"
    output=$(as atlas claim import "$e2e_dir/wrong.csv" 2>&1) && status=0 || status=$?
    check_contains "a table with $1 is refused" "$3" "$output"
    [ "$status" != 0 ] || fail "a table with $1 ends with exit code 0"
}
before=$(node_head us-bis)
wrong "a quantity that is no number" '3s/5000/5OOO/' "row 3"
wrong "an unknown chip" '4s/h100-sxm/h100-gold/' "row 4"
wrong "an unknown organisation" '2s/penang-cloud/penang-clod/' "row 2"
wrong "a day that does not exist" '2s/2026-02-02/2026-02-30/' "row 2"
wrong "a column nobody knows" '1s/reference/colour/' "colour"
wrong "a column missing" '1s/quantity/amount/' "quantity"
wrong "two different claims under one id" '3s/A-2026-002/A-2026-001/' "row 3"
: >"$e2e_dir/empty.csv"
check "an empty file is refused" test "$(as atlas claim import "$e2e_dir/empty.csv" >/dev/null 2>&1; echo $?)" != 0
check_equal "nothing of it was sent" "$before" "$(node_head us-bis)"

output=$(as atlas claim import "$e2e_dir/atlas.csv" --dry-run 2>&1) || true
check_contains "a dry run says what would pass" "7 of 10 would be admitted" "$output"
check_equal "and sends nothing" "$before" "$(node_head us-bis)"

output=$(as atlas claim import "$e2e_dir/atlas.csv" 2>&1) && status=0 || status=$?
check_equal "refused claims are told by exit code 1" 1 "$status"
check_contains "seven claims are admitted, three refused" "7 admitted, 3 refused" "$output"
wait_until 60 cluster_agrees || fail "the nodes do not agree after the import"
before=$(node_head us-bis)
output=$(as atlas claim import "$e2e_dir/atlas.csv" 2>&1) || true
check_contains "the second run finds all of them there" "0 admitted, 3 refused, 7 already there" "$output"
wait_until 60 cluster_agrees || fail "the nodes do not agree after the second import"
check_equal "the second run adds nothing" "$before" "$(node_head us-bis)"

# The first node of the profile dies: the client asks the next one.
node_stop nl-cdiu KILL || true
output=$(as boreal claim import "$e2e_dir/boreal.csv" 2>&1) || true
check_contains "with its first node dead the client goes on with another" "3 admitted, 1 refused" "$output"
node_start nl-cdiu
check "the dead node returns and agrees" wait_until 60 cluster_agrees

check_exit 0 "a claim is cancelled by its issuer" as boreal claim cancel B-2026-004 --reason "order withdrawn"
output=$(as boreal claim status B-2026-004 2>&1) || true
check_contains "and says so" "cancelled" "$output"
output=$(as boreal report country IN 2>&1) || true
check_contains "and its room is free again" "790,000,000" "$output"
check_exit 0 "claims are listed" as boreal claim list
check_exit 0 "answers come as JSON" bash -c "'$QUOTA_BIN/quotactl' report country --json --home '$CLUSTER_DIR/boreal' | python3 -m json.tool >/dev/null"
finish
