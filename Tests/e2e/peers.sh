#!/usr/bin/env bash
# Rubbish on the peer port: whoever sends it is disconnected and named in the log, and the ledger goes on.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=Tests/lib/e2e.sh
. Tests/lib/e2e.sh
e2e_begin peers
e2e_organisation kenya-lab KE

address=${NODE_PEER[atlas]}
log=$CLUSTER_DIR/atlas.log
log_since() { tail -n "+$((${1:-0} + 1))" "$log"; }
lines() { wc -l <"$log"; }
# Whether the other side closes what stands on descriptor 3. It may do so by a reset, as it has not read everything.
is_closed() {
    local status=0
    timeout 30 sh -c "cat <&3 >/dev/null" 2>/dev/null || status=$?
    [ "$status" != 124 ]
}

# Without TLS: what a scanner or a lost browser sends.
mark=$(lines)
exec 3<>"/dev/tcp/${address%:*}/${address#*:}"
(printf 'GET / HTTP/1.1\r\nHost: x\r\n\r\n' >&3) 2>/dev/null || true
check "plain text on the peer port is disconnected" is_closed
exec 3>&-
check "and named in the log" wait_until 30 eval 'log_since '"$mark"' | grep -q "connection refused.*127\.0\.0\.1"'

# Megabytes of it.
mark=$(lines)
exec 3<>"/dev/tcp/${address%:*}/${address#*:}"
(head -c 4000000 /dev/urandom >&3) 2>/dev/null || true
check "megabytes of noise are disconnected" is_closed
exec 3>&-
check "and named in the log" wait_until 30 eval 'log_since '"$mark"' | grep -q "connection refused.*127\.0\.0\.1"'

# With TLS: a stranger's key, then the right key of a member that has gone wrong.
node_stop jp-meti TERM || true
e2e_python peer_rubbish.py "$address" "$CLUSTER_DIR/jp-meti/node.seed" "$log" jp-meti "$CLUSTER_DIR/genesis.cose"
node_start jp-meti

for name in "${CLUSTER_NODES[@]}"; do check "$name is ready" wait_until 60 node_ready "$name"; done
e2e_organisation after-rubbish NL
check "all four serve the same root" wait_until 60 cluster_agrees
finish
