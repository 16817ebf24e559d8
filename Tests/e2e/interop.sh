#!/usr/bin/env bash
# Tools that nobody here wrote accept what the nodes serve: Go's sumdb packages, Python's scitt-cose.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=Tests/lib/e2e.sh
. Tests/lib/e2e.sh
e2e_begin interop
e2e_organisation kenya-lab KE
curl -fsS "$(node_url us-bis)/checkpoint" -o "$e2e_dir/old.note"

# More than 256 leaves, so that a full tile and a tile of the next level are among what is checked.
load_start kenya-lab
check "300 claims become final" more_receipts 300
load_stop
check "all four serve the same root" wait_until 60 cluster_agrees

for name in "${CLUSTER_NODES[@]}"; do
    checks_of "Go reads $name: " \
        Tests/interop/check-log -policy "$CLUSTER_DIR/trust-policy" -old "$e2e_dir/old.note" "$(node_url "$name")"
done

entry=$(head -n 1 "$e2e_dir/receipts")
check "a Transparent Statement is served" curl -fsS -H 'Accept: application/scitt-statement+cose' \
    "$(node_url nl-cdiu)/entries/$entry" -o "$e2e_dir/claim.scitt"
e2e_python ../interop/scitt_check.py --need 3 "$e2e_dir/claim.scitt" "$(node_url nl-cdiu)/.well-known/scitt-keys"
finish
