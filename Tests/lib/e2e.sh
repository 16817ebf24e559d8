# shellcheck shell=bash
# What every end-to-end script begins with: four real nodes in a folder of their own. Sourced.
#
#   . Tests/lib/e2e.sh;  e2e_begin NAME;  …checks…;  finish
#
# QUOTA_BIN names the folder of the built programs, QUOTA_PYTHON a Python with the packages of
# Tests/requirements.txt. At the end the nodes that this script started are stopped, and their logs are
# kept if a check failed.

e2e_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
QUOTA_BIN=${QUOTA_BIN:-$e2e_root/.build/debug}
QUOTA_PYTHON=${QUOTA_PYTHON:-$e2e_root/.build/venv/bin/python}
# shellcheck source=Tests/lib/checks.sh
. "$e2e_root/Tests/lib/checks.sh"
# shellcheck source=Node/lib/cluster.sh
. "$e2e_root/Node/lib/cluster.sh"

# e2e_begin NAME : founds and starts a ledger of four nodes. If the script defines e2e_configure, it runs in
# between and may change the nodes' quotad.yaml.
e2e_begin() {
    e2e_name=$1
    e2e_dir=$(mktemp -d)
    CLUSTER_DIR=$e2e_dir
    trap e2e_end EXIT
    trap 'exit 130' INT TERM
    cluster_found "$e2e_dir" >"$e2e_dir/found.log" 2>&1 || {
        cat "$e2e_dir/found.log"
        fail "$e2e_name: the ledger could not be founded"
        exit 1
    }
    if declare -F e2e_configure >/dev/null; then e2e_configure; fi
    cluster_start || {
        fail "$e2e_name: the nodes could not be started"
        exit 1
    }
}

e2e_end() {
    local status=$? kept
    load_stop
    cluster_stop KILL
    if [ "$status" != 0 ]; then
        kept=$e2e_root/.build/tests-run/$e2e_name-nodes
        rm -rf "$kept"
        mkdir -p "$kept"
        cp "$e2e_dir"/*.log "$kept"/ 2>/dev/null || true
        printf '  the logs of the nodes are in %s\n' "$kept"
    fi
    cluster_remove
}

# e2e_python SCRIPT ARGUMENT… : runs a script of Tests/e2e in the Python environment; it prints its own checks.
e2e_python() {
    local script=$1
    shift
    if [ ! -x "$QUOTA_PYTHON" ]; then
        skip "$script: the Python packages are not installed"
        return 0
    fi
    checks_of "" env PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="$e2e_root/Tests/lib" \
        "$QUOTA_PYTHON" "$e2e_root/Tests/e2e/$script" "$@"
}

# e2e_profiles NAME… : members' folders as quotactl needs them, with two nodes to talk to.
e2e_profiles() {
    local name
    for name in "$@"; do
        quotactl profile --home "$CLUSTER_DIR/$name" --member "$name" --origin "$CLUSTER_ORIGIN" \
            --node "$(node_url us-bis)" --node "$(node_url nl-cdiu)" >"$e2e_dir/profile.log" 2>&1
    done
}

# decide ID PROPOSAL… : us-bis proposes, and nl-cdiu approves: two of three governments are enough.
decide() {
    local id=$1
    shift
    check "us-bis proposes $id" quotactl propose "$@" --id "$id" --home "$CLUSTER_DIR/us-bis"
    check "nl-cdiu approves $id" quotactl vote approve proposal "us-bis/$id" --home "$CLUSTER_DIR/nl-cdiu"
}

# status_of NODE : its status in one line without spaces.
status_of() { curl -fsS -m 5 "$(node_url "$1")/v1/status" | tr -d ' \n'; }

# in_epoch NUMBER VOTES NODE… : whether these nodes are in the epoch, and vote in it or not.
in_epoch() {
    local number=$1 votes=$2 name
    shift 2
    for name in "$@"; do
        status_of "$name" | grep -q "\"epoch\":$number,.*\"isValidator\":$votes" || return 1
    done
}

# has_led NODE : whether a block that it proposed became final.
has_led() { grep -h '"block final"' "$CLUSTER_DIR/us-bis.log" | grep -q "\"proposer\":\"$1\""; }

# --- Load -------------------------------------------------------------------------------------

# load_start ORGANISATION : submits claims of `atlas` to all nodes until load_stop.
load_start() {
    local -a urls=()
    local name
    for name in "${CLUSTER_NODES[@]}"; do urls+=("$(node_url "$name")"); done
    touch "$e2e_dir/receipts"
    PYTHONDONTWRITEBYTECODE=1 "$QUOTA_PYTHON" "$e2e_root/Tests/lib/load.py" "$e2e_dir/receipts" \
        "$CLUSTER_ORIGIN" atlas "$CLUSTER_DIR/atlas/statement.seed" "$1" "${urls[@]}" &
    e2e_load=$!
}

load_stop() {
    [ -z "${e2e_load:-}" ] || { kill "$e2e_load" 2>/dev/null && wait "$e2e_load" || true; }
    e2e_load=
}

receipts() { wc -l <"$e2e_dir/receipts"; }

# more_receipts COUNT [SECONDS] : waits until so many more claims became final. Two minutes end a hang.
more_receipts() {
    local goal
    goal=$(($(receipts) + $1))
    wait_until "${2:-120}" eval '[ "$(receipts)" -ge '"$goal"' ]'
}

# e2e_organisation ID COUNTRY : an organisation that claims can name, registered by us-bis and nl-cdiu.
e2e_organisation() {
    check "organisation $1 is registered" env PYTHONDONTWRITEBYTECODE=1 \
        "$QUOTA_PYTHON" "$e2e_root/Tests/lib/register.py" "$(node_url us-bis)" "$CLUSTER_ORIGIN" \
        "$CLUSTER_DIR" "$1" "$2"
}

# e2e_import FILE : the organisations of a table, drafted by us-bis and approved by nl-cdiu.
e2e_import() {
    quotactl organisation import "$1" --drafts "$1.rows" --home "$CLUSTER_DIR/us-bis" \
        && quotactl approve "$1.rows"/*.draft --home "$CLUSTER_DIR/nl-cdiu" \
        && quotactl organisation import "$1" --approval "$1.rows"/*.approval --home "$CLUSTER_DIR/us-bis"
}
