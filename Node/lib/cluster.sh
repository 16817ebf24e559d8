# shellcheck shell=bash
# A ledger of four nodes on this machine's loopback: made, started, stopped. Sourced by Node/demo,
# Node/bench and the scripts in Tests/e2e. Expects QUOTA_BIN, the folder of the built programs.
#
# The four nodes are three agencies and one exporter; a second exporter is a member without a node.

CLUSTER_ORIGIN=quota.example/compute-2025
CLUSTER_NODES=(us-bis nl-cdiu jp-meti atlas)
CLUSTER_DIR=
declare -A NODE_PEER NODE_API

cluster_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cluster_policy=$cluster_root/Node/policies/us-ai-diffusion-2025.json
cluster_catalogue=$cluster_root/Node/catalogues/chips-2026.json
cluster_ports=()

quotad() { "$QUOTA_BIN/quotad" "$@"; }
quotactl() { "$QUOTA_BIN/quotactl" "$@"; }
quota_verify() { "$QUOTA_BIN/quota-verify" "$@"; }

# Sets `free_port` to a loopback port that nobody listens on, below the kernel's range for outgoing connections.
take_port() {
    while :; do
        free_port=$((20000 + RANDOM % 12000))
        [[ " ${cluster_ports[*]-} " == *" $free_port "* ]] && continue
        (exec 3<>"/dev/tcp/127.0.0.1/$free_port") 2>/dev/null && continue
        cluster_ports+=("$free_port")
        return 0
    done
}

# cluster_node_member ID NAME ROLE COUNTRY : the home of a member that runs a node.
cluster_node_member() {
    take_port
    NODE_PEER[$1]=127.0.0.1:$free_port
    take_port
    NODE_API[$1]=127.0.0.1:$free_port
    quotad init --home "$CLUSTER_DIR/$1" --id "$1" --name "$2" --role "$3" --country "$4" \
        --origin "$CLUSTER_ORIGIN" --peer "${NODE_PEER[$1]}" --api "${NODE_API[$1]}"
}

# cluster_member ID NAME ROLE COUNTRY : the home of a member that uses the nodes of others.
cluster_member() {
    quotactl key new --home "$CLUSTER_DIR/$1" || return 1
    quotactl profile --home "$CLUSTER_DIR/$1" --member "$1" --origin "$CLUSTER_ORIGIN" \
        --node "$(node_url nl-cdiu)" --node "$(node_url jp-meti)" || return 1
    quotactl member card --home "$CLUSTER_DIR/$1" --name "$2" --role "$3" --country "$4"
}

# cluster_found DIR : keys, cards and the genesis, signed by every founder. Prints what the programs print.
cluster_found() {
    CLUSTER_DIR=$1
    mkdir -p "$CLUSTER_DIR" \
        && cluster_node_member us-bis "Bureau of Industry and Security" government US \
        && cluster_node_member nl-cdiu "Central Import and Export Office" government NL \
        && cluster_node_member jp-meti "Ministry of Economy, Trade and Industry" government JP \
        && cluster_node_member atlas "Atlas Accelerators" exporter US \
        && cluster_member boreal "Boreal Systems" exporter NL \
        || return 1

    local member
    local -a members=("${CLUSTER_NODES[@]}" boreal) cards=() approvals=()
    for member in "${members[@]}"; do cards+=(--card "$CLUSTER_DIR/$member/card.cose"); done
    quotad genesis draft --origin "$CLUSTER_ORIGIN" --policy "$cluster_policy" --catalogue "$cluster_catalogue" \
        --adopt-because "The members apply the rule as published among themselves." \
        "${cards[@]}" --out "$CLUSTER_DIR/genesis.draft" || return 1
    for member in "${members[@]}"; do
        quotad genesis sign --home "$CLUSTER_DIR/$member" --draft "$CLUSTER_DIR/genesis.draft" \
            --out "$CLUSTER_DIR/$member.approval" || return 1
        approvals+=(--approval "$CLUSTER_DIR/$member.approval")
    done
    quotad genesis assemble --home "$CLUSTER_DIR/us-bis" --draft "$CLUSTER_DIR/genesis.draft" \
        "${approvals[@]}" --out "$CLUSTER_DIR/genesis.cose" || return 1
    quotad trust-policy --genesis "$CLUSTER_DIR/genesis.cose" >"$CLUSTER_DIR/trust-policy" || return 1
    for member in "${members[@]}"; do cp "$CLUSTER_DIR/trust-policy" "$CLUSTER_DIR/$member/" || return 1; done
}

# node_start NAME [ARGUMENT…] : starts one node in the background. Beside its home are then its log, its process id
# and, when it has ended, its exit code.
node_start() {
    local -a first=()
    [ -e "$CLUSTER_DIR/$1/genesis.cose" ] || first=(--genesis "$CLUSTER_DIR/genesis.cose")
    # In a session of its own, so that Ctrl-C reaches this script and not the node. The shell in
    # between only notes how the node ended.
    rm -f "$CLUSTER_DIR/$1.pid" "$CLUSTER_DIR/$1.exit"
    # shellcheck disable=SC2016
    setsid bash -c 'files=$1; shift; "$@" & echo $! >"$files.pid"; wait $!; echo $? >"$files.exit"' \
        node "$CLUSTER_DIR/$1" "$QUOTA_BIN/quotad" run --home "$CLUSTER_DIR/$1" "${first[@]}" "${@:2}" \
        >>"$CLUSTER_DIR/$1.log" 2>&1 </dev/null &
    disown
    until [ -s "$CLUSTER_DIR/$1.pid" ]; do sleep 0.02; done
}

node_url() { printf 'http://%s' "${NODE_API[$1]}"; }

node_pid() { cat "$CLUSTER_DIR/$1.pid" 2>/dev/null; }

# Whether the process that was started for this node is still that node (ids are used again).
node_runs() {
    local pid
    pid=$(node_pid "$1") && [ -n "$pid" ] \
        && tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF -- "run --home $CLUSTER_DIR/$1"
}

# node_stop NAME [SIGNAL] : sends the signal (TERM) and waits until the node has ended and its exit code is noted.
# After a minute it is killed, and the function fails.
node_stop() {
    local end=$((SECONDS + 60)) pid
    node_runs "$1" || return 0
    pid=$(node_pid "$1")
    kill -s "${2:-TERM}" "$pid"
    until [ -s "$CLUSTER_DIR/$1.exit" ]; do
        if [ "$SECONDS" -ge "$end" ]; then
            kill -s KILL "$pid" 2>/dev/null
            return 1
        fi
        sleep 0.05
    done
}

node_ready() { curl -fsS -m 5 "$(node_url "$1")/health/ready" >/dev/null 2>&1; }

# The size of the newest checkpoint that a node serves.
node_size() { curl -fsS -m 5 "$(node_url "$1")/checkpoint" 2>/dev/null | sed -n 2p; }

# Size and root of the newest checkpoint that a node serves.
node_head() { curl -fsS -m 5 "$(node_url "$1")/checkpoint" 2>/dev/null | sed -n 2,3p; }

# cluster_start : starts all nodes and waits until each takes part. A minute is for slow machines.
cluster_start() {
    local name end
    for name in "${CLUSTER_NODES[@]}"; do node_start "$name"; done
    for name in "${CLUSTER_NODES[@]}"; do
        end=$((SECONDS + 60))
        until node_ready "$name"; do
            if [ "$SECONDS" -ge "$end" ] || ! node_runs "$name"; then
                printf 'error: node %s does not become ready; the end of its log:\n' "$name" >&2
                tail -n 20 "$CLUSTER_DIR/$name.log" >&2
                return 1
            fi
            sleep 0.1
        done
    done
}

# cluster_stop : ends the nodes that this script started, and nothing else.
cluster_stop() {
    local name
    [ -n "$CLUSTER_DIR" ] || return 0
    for name in "${CLUSTER_NODES[@]}"; do node_stop "$name" "${1:-TERM}" || true; done
}

# cluster_remove : removes the folder. What ended a moment ago may still be noting how, hence the second try.
cluster_remove() {
    [ -n "$CLUSTER_DIR" ] || return 0
    rm -rf "$CLUSTER_DIR" 2>/dev/null || {
        sleep 1
        rm -rf "$CLUSTER_DIR"
    }
}

# Whether all nodes serve the same size and root.
cluster_agrees() {
    local name head reference=
    for name in "${CLUSTER_NODES[@]}"; do
        head=$(node_head "$name")
        [ -n "$head" ] || return 1
        reference=${reference:-$head}
        [ "$head" = "$reference" ] || return 1
    done
}
