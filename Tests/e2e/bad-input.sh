#!/usr/bin/env bash
# Everything wrong that can be sent to a node's public address is refused by name, and the nodes go on.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=Tests/lib/e2e.sh
. Tests/lib/e2e.sh
e2e_begin bad-input

e2e_python bad_input.py "$(node_url nl-cdiu)" "$CLUSTER_ORIGIN" \
    atlas "$CLUSTER_DIR/atlas/statement.seed" us-bis "$CLUSTER_DIR/us-bis/statement.seed" jp-meti "$CLUSTER_DIR/jp-meti/statement.seed"

for name in "${CLUSTER_NODES[@]}"; do
    check "$name is still ready" node_ready "$name"
done
check "all four serve the same root" wait_until 60 cluster_agrees
finish
