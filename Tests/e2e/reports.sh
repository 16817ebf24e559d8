#!/usr/bin/env bash
# Reports made from the leaves of real nodes: the same bytes from each, a proof pack that holds, and the
# past under another policy.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=Tests/lib/e2e.sh
. Tests/lib/e2e.sh
e2e_begin reports
e2e_organisation kenya-lab KE
policy=$CLUSTER_DIR/trust-policy
rule=Node/policies/us-ai-diffusion-2025.json
one=$(node_url us-bis)
other=$(node_url jp-meti)

load_start kenya-lab
check "claims become final" more_receipts 10
load_stop
wait_until 60 cluster_agrees || true

# ctl NODE ARGUMENT… : quotactl with the trust policy against one node.
ctl() {
    local node=$1
    shift
    "$QUOTA_BIN/quotactl" "$@" --node "$node" --policy "$policy" 2>/dev/null
}

same=1
for name in party group concentration licences ratio chips roll-forward exceptions governance policies; do
    for form in "" --json --csv; do
        # shellcheck disable=SC2086
        ctl "$one" report "$name" $form >"$e2e_dir/first" || same=0
        # shellcheck disable=SC2086
        ctl "$other" report "$name" $form >"$e2e_dir/second" || same=0
        cmp -s "$e2e_dir/first" "$e2e_dir/second" && [ -s "$e2e_dir/first" ] || same=0
    done
done
check "ten reports in three forms have the same bytes from two nodes" test "$same" = 1
output=$(ctl "$one" report party --country KE) || true
check_contains "a party statement names unit, basis and checkpoint" "country-allocation" "$output"
check_contains "and the room" "790,000,000" "$output"
check_exit 0 "two nodes reconcile" ctl "$one" report reconcile --with "$other"

check_exit 0 "a proof pack is written" ctl "$one" report pack --out "$e2e_dir/pack.json"
check_exit 0 "and holds" "$QUOTA_BIN/quota-verify" pack "$e2e_dir/pack.json" --policy "$policy"
sed 's/"consumed": \([0-9]\)/"consumed": 9\1/' "$e2e_dir/pack.json" >"$e2e_dir/bad.json"
check_contains "explain knows it" "A proof pack of the ledger" "$("$QUOTA_BIN/quota-verify" explain "$e2e_dir/pack.json")"
check_exit 1 "a changed number in it does not" \
    "$QUOTA_BIN/quota-verify" pack "$e2e_dir/bad.json" --policy "$policy"

check_exit 0 "the rule's file is a policy" "$QUOTA_BIN/quotactl" policy check "$rule"
sed 's/"cap": "790000000"/"cap": "1"/' "$rule" >"$e2e_dir/tight.json"
output=$("$QUOTA_BIN/quotactl" policy diff "$rule" "$e2e_dir/tight.json") || true
check_contains "a changed cap shows by its path" '$.limits[country-allocation].cap' "$output"
printf '{"format": 1}' >"$e2e_dir/none.json"
check_exit 2 "a file that is no policy is refused" "$QUOTA_BIN/quotactl" policy check "$e2e_dir/none.json"
sed -e 's/"cap": "790000000"/"cap": "x"/' -e 's/"percentMax": 100/"percentMax": 101/' "$rule" >"$e2e_dir/two.json"
output=$("$QUOTA_BIN/quotactl" policy check "$e2e_dir/two.json" --json 2>&1) || true
check_contains "of two things wrong the first is named" '"path" : "$.limits[0].cap"' "$output"
check_contains "and the second" '"path" : "$.limits[0].uplift.percentMax"' "$output"
check_exit 2 "and the file is refused" "$QUOTA_BIN/quotactl" policy check "$e2e_dir/two.json" --json
output=$(ctl "$one" policy simulate "$e2e_dir/tight.json" --from 2020-01-01) || true
check_contains "a cap of 1 TPP would have refused every claim" "limit-exceeded" "$output"
output=$(ctl "$one" policy simulate "$rule" --from 2020-01-01) || true
check_contains "the same rule would have refused none" "every claim would have passed" "$output"
check_exit 0 "the policy in force is shown" ctl "$one" policy show
finish
