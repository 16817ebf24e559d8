#!/usr/bin/env bash
# A ledger founded once and run twice: the same keys sign two histories. A watcher that looks at both catches it
# within one period, and the file that it writes convicts the keys without any network.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=Tests/lib/e2e.sh
. Tests/lib/e2e.sh

period=3
# The twin is a copy of the homes before any node has started.
e2e_configure() {
    local name
    for name in "${CLUSTER_NODES[@]}"; do
        sed -i 's/^renewal-s: .*/renewal-s: 1/' "$e2e_dir/$name/quotad.yaml"
    done
    mkdir "$e2e_dir/twin"
    cp -a "$e2e_dir"/{us-bis,nl-cdiu,jp-meti,atlas,genesis.cose,trust-policy} "$e2e_dir/twin/"
}
watch_end() {
    local status=$? pid
    for pid in "${watch_pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    cluster_stop KILL
    CLUSTER_DIR=$e2e_dir
    # e2e_end keeps the logs of a script that failed, by the status it finds.
    if (exit "$status"); then e2e_end; else e2e_end; fi
}
watch_pids=()
e2e_begin watch
trap watch_end EXIT
policy=$CLUSTER_DIR/trust-policy
watch() { "$QUOTA_BIN/quota-verify" watch --policy "$policy" --state "$e2e_dir/state" "$@"; }

e2e_organisation kenya-lab KE
load_start kenya-lab
check "claims become final" more_receipts 5
load_stop
check "all four serve the same root" wait_until 60 cluster_agrees
agency=$(node_url us-bis)
check_exit 0 "three nodes that agree are watched in silence" watch --once --url "$agency" \
    --url "$(node_url nl-cdiu)" --url "$(node_url jp-meti)"

# An idle ledger shows that it is alive: the same tree, signed anew.
newest_time() { "$QUOTA_BIN/quota-verify" audit --url "$agency" --policy "$policy" --json | grep -o '"quorumTime" : [0-9]*'; }
before=$(newest_time) size=$(node_size us-bis)
is_renewed() { [ "$(newest_time)" != "$before" ]; }
check "the quorum signs an idle ledger again" wait_until 20 is_renewed
check_equal "and the tree is the same" "$size" "$(node_size us-bis)"

# A witness client: ask with 0, read the size, ask again, get a cosignature.
curl -fsS "$agency/checkpoint" -o "$e2e_dir/note"
ask_witness() { { printf 'old %s\n\n' "$1"; cat "$e2e_dir/note"; } | curl -sS -o "$e2e_dir/answer" -w '%{http_code} %{content_type}' --data-binary @- "$agency/add-checkpoint"; }
check_contains "a witness asked with size 0 tells its own" "409 text/x.tlog.size" "$(ask_witness 0)"
check_equal "which is the ledger's" "$size" "$(cat "$e2e_dir/answer")"
check_contains "and cosigns when asked with it" "200 text/plain" "$(ask_witness "$size")"
check_contains "with its own name" "$(printf '\xe2\x80\x94') us-bis" "$(cat "$e2e_dir/answer")"
sed -i '3{s/^A/B/;t;s/^./A/}' "$e2e_dir/note"
check_contains "a note with a changed root is not signed by anybody" "403" "$(ask_witness "$size")"

# The first history as files; then the second one from the same keys.
check "the log is copied" "$QUOTA_BIN/quotad" export --static "$e2e_dir/mirror" --url "$agency"
cluster_stop TERM
CLUSTER_DIR=$e2e_dir/twin
check "the same keys found a second history" cluster_start
e2e_organisation kenya-lab KE
load_start kenya-lab
check "other claims become final in it" more_receipts 9
load_stop
check "all four serve the same root again" wait_until 60 cluster_agrees

take_port
python3 -m http.server "$free_port" --bind 127.0.0.1 --directory "$e2e_dir/mirror" >/dev/null 2>&1 &
watch_pids+=($!)
mirror=http://127.0.0.1:$free_port
check "the first history is served" wait_until 10 curl -fsS "$mirror/checkpoint"
watch --period "$period" --url "$mirror" --url "$(node_url us-bis)" --feed "$e2e_dir/feed.atom" >"$e2e_dir/events" 2>&1 &
watch_pids+=($!)
told_fork() { grep -q '  fork  ' "$e2e_dir/events"; }
began=$SECONDS
check "a watcher of both tells the fork" wait_until 30 told_fork
check "within one period of its start" test $((SECONDS - began)) -le $((period + 3))
kill "${watch_pids[1]}" 2>/dev/null || true

evidence=$(find "$e2e_dir/state" -name '*.fork-evidence' | head -n 1)
offline=()
if unshare -n true 2>/dev/null; then offline=(unshare -n); fi
verify() { "${offline[@]}" "$QUOTA_BIN/quota-verify" "$@"; }
check_exit 0 "the file convicts, with no network and no policy" verify evidence "$evidence"
output=$(verify evidence "$evidence" --policy "$policy") || true
check_contains "and with a policy it names whose keys they are" "witness us-bis" "$output"
check_contains "all of them" "8 keys signed two different ledgers" "$output"
check_contains "the feed has it" 'term="fork"' "$(cat "$e2e_dir/feed.atom")"
sed '0,/^older/s/^key .*$//' "$evidence" >"$e2e_dir/nobody"
check_exit 1 "without a name it convicts nobody" verify evidence "$e2e_dir/nobody"
sed 's/^\(newer [0-9]*\)$/\1/; $s/.$/A/' "$evidence" >"$e2e_dir/cut"
check_exit 1 "a changed signature convicts nobody" verify evidence "$e2e_dir/cut"
check_exit 1 "a watcher that is started again has not forgotten" watch --once --url "$(node_url us-bis)"
finish
