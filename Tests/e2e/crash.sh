#!/usr/bin/env bash
# kill -9 of one node, of each in turn, and of all four at once under load: nothing that got a receipt is lost.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=Tests/lib/e2e.sh
. Tests/lib/e2e.sh
if [ ! -x "$QUOTA_PYTHON" ]; then
    skip "crashes under load: the Python packages are not installed"
    finish
    exit 0
fi
e2e_begin crash
e2e_organisation kenya-lab KE

for name in "${CLUSTER_NODES[@]}"; do
    load_start kenya-lab
    check "claims become final with four nodes" more_receipts 10
    node_stop "$name" KILL
    check "kill -9 of $name: claims go on" more_receipts 20
    node_start "$name"
    check "$name starts again" wait_until 60 node_ready "$name"
    check "claims go on with $name back" more_receipts 10
    load_stop
    check "$name catches up to the same checkpoint" wait_until 60 cluster_agrees
done

load_start kenya-lab
check "claims become final under load" more_receipts 100
for name in "${CLUSTER_NODES[@]}"; do kill -s KILL "$(node_pid "$name")"; done
load_stop
for name in "${CLUSTER_NODES[@]}"; do node_stop "$name" KILL; done
check "kill -9 of all four, and start again" cluster_start
check "all four serve the same size and root" wait_until 60 cluster_agrees

urls=()
for name in "${CLUSTER_NODES[@]}"; do urls+=("$(node_url "$name")"); done
e2e_python receipts_kept.py "$e2e_dir/receipts" "${urls[@]}"
for name in "${CLUSTER_NODES[@]}"; do
    check "quota-verify audit passes against $name" \
        quota_verify audit --url "$(node_url "$name")" --policy "$CLUSTER_DIR/trust-policy"
done
load_start kenya-lab
check "work goes on after it" more_receipts 10
load_stop
finish
