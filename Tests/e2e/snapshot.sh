#!/usr/bin/env bash
# A node that joins a running ledger takes the state by a snapshot, is killed in the middle, goes on, and votes in the
# next epoch; another one replays the same blocks, for comparison.
#
# QUOTA_SNAPSHOT_CLAIMS: how many claims the ledger holds before (3000).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=Tests/lib/e2e.sh
. Tests/lib/e2e.sh
e2e_begin snapshot
claims=${QUOTA_SNAPSHOT_CLAIMS:-3000}
e2e_organisation kenya-lab KE

e2e_profiles us-bis nl-cdiu
bulk() {
    env PYTHONDONTWRITEBYTECODE=1 "$QUOTA_PYTHON" "$e2e_root/Tests/lib/bulk.py" "$(node_url us-bis)" \
        "$CLUSTER_ORIGIN" atlas "$CLUSTER_DIR/atlas/statement.seed" kenya-lab "$@"
}
log_of() { cat "$CLUSTER_DIR/$1.log"; }
says() { log_of "$1" | grep -q -- "$2"; }
now_ms() { date +%s%3N; }
same_head() { [ -n "$(node_head "$1")" ] && [ "$(node_head "$1")" = "$(node_head us-bis)" ]; }

check "$claims claims become final" bulk "$claims"
check "the four agree" wait_until 60 cluster_agrees

# --- A fifth joins by a snapshot and is killed in the middle --------------------------------------
cluster_node_member orion "Orion Systems" exporter US >"$e2e_dir/orion-init.log" 2>&1
decide J-1 member "$CLUSTER_DIR/orion/card.cose"
# The first part is on its disk: it must go on from there. Once the state is whole there is nothing to interrupt.
node_start orion
wait_until 60 eval 'says orion "\"fetching a snapshot\"" || says orion "whole and verified"' || true
node_stop orion KILL
check_exit 1 "it did not say that it is ready before its state was whole" eval \
    'says orion "ready for the next epoch" && ! says orion "whole and verified"'
begun=$(now_ms)
node_start orion
check "it goes on and has the state, whole and verified" wait_until 300 says orion 'whole and verified'
taken=$(($(now_ms) - begun))
CLUSTER_NODES+=(orion)
check "it says that it is ready, and epoch 2 begins with it" \
    wait_until 120 in_epoch 2 true us-bis nl-cdiu jp-meti atlas orion
check_exit 1 "it never replayed" says orion 'joining by replay'
chunks=$(log_of orion | sed -n 's/.*"chunks":"\([0-9]*\)".*/\1/p' | tail -n 1)
check "its log says how many chunks it verified: $chunks" test "${chunks:-0}" -ge 1
check "more claims become final" bulk 40 second
some_blocks() {
    local number
    for number in 1 2 3 4 5 6 7 8; do bulk 2 "third-$number" || return 1; done
}
check "and more" some_blocks
check "all five serve the same root" wait_until 60 cluster_agrees
check "the fifth votes: it leads like the others" has_led orion
check "the log below its snapshot is whole too" wait_until 300 says orion 'the log below the snapshot is whole'
check_exit 1 "its status lacks nothing" eval 'status_of orion | grep -q "\"sync\""'

chain_id=$(sha256sum "$CLUSTER_DIR/genesis.cose" | cut -d' ' -f1)
check "it serves the hand-off" curl -fsS -m 5 "$(node_url orion)/v1/handoffs" -o "$e2e_dir/ledger.handoffs"
check_exit 0 "every leaf that it serves follows from the rules" quota_verify audit --url "$(node_url orion)" \
    --handoffs "$e2e_dir/ledger.handoffs" --chain-id "$chain_id"

# --- Killed and started again it is what it was ---------------------------------------------------
node_stop orion KILL
node_start orion
check "killed, it comes back in its epoch" wait_until 60 in_epoch 2 true orion
check "and goes on with the others" bulk 4 fourth
check "all five serve the same root" wait_until 60 cluster_agrees

# --- The same by replay ---------------------------------------------------------------------------
cluster_node_member vega "Vega Systems" exporter US >"$e2e_dir/vega-init.log" 2>&1
decide J-2 member "$CLUSTER_DIR/vega/card.cose"
begun=$(now_ms)
node_start vega --replay
CLUSTER_NODES+=(vega)
check "a sixth replays every block" wait_until 600 same_head vega
replayed=$(($(now_ms) - begun))
check_exit 1 "it took no snapshot" says vega 'whole and verified'
printf '        state by snapshot after %d ms, by replay after %d ms: 1 : %s, for %d claims\n' "$taken" "$replayed" \
    "$(python3 -c "print(round($replayed / max($taken, 1), 1))")" "$claims"
finish
