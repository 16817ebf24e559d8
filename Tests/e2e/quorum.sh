#!/usr/bin/env bash
# With two of four nodes stopped nothing becomes final and clients are told so; when one returns, work goes on.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=Tests/lib/e2e.sh
. Tests/lib/e2e.sh
# A small pool at one node, so that it can be filled.
e2e_configure() { sed -i 's/^pool-statements:.*/pool-statements: 100/' "$CLUSTER_DIR/us-bis/quotad.yaml"; }
e2e_begin quorum
e2e_organisation kenya-lab KE

for name in jp-meti atlas; do
    node_stop "$name" TERM || fail "$name does not end on SIGTERM"
    check_equal "$name ends on SIGTERM with exit code 0" 0 "$(cat "$CLUSTER_DIR/$name.exit")"
done
told_so() { curl -fsS -m 5 "$(node_url us-bis)/v1/status" | grep -qF 'nothing becomes final'; }
check "the status says that nothing becomes final" wait_until 60 told_so
before=$(node_head us-bis)
e2e_python pending.py submit "$e2e_dir/pending" "$(node_url us-bis)" "$CLUSTER_ORIGIN" atlas \
    "$CLUSTER_DIR/atlas/statement.seed" kenya-lab
e2e_python pending.py fill "$(node_url us-bis)" "$CLUSTER_ORIGIN" atlas "$CLUSTER_DIR/atlas/statement.seed" kenya-lab
check_equal "the head has not moved" "$before" "$(node_head us-bis)"

node_start jp-meti
check "jp-meti returns" wait_until 60 node_ready jp-meti
e2e_python pending.py final "$e2e_dir/pending" "$(node_url us-bis)" "$(node_url nl-cdiu)" "$(node_url jp-meti)"
node_start atlas
check "the fourth returns and catches up" wait_until 60 cluster_agrees
finish
