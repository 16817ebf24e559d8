#!/usr/bin/env bash
# Votes that are lost: a store put back from a backup, a lost disk, a damaged file, a lost mark. The node refuses to go
# on, says why and what to run; recovered, it votes only beyond what the others prove, and then its vote counts again.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=Tests/lib/e2e.sh
. Tests/lib/e2e.sh
if [ ! -x "$QUOTA_PYTHON" ]; then
    skip "lost votes: the Python packages are not installed"
    finish
    exit 0
fi
e2e_begin recover
e2e_organisation kenya-lab KE

home() { printf '%s' "$CLUSTER_DIR/$1"; }
# What the node logged since it was started last.
last_life() { tail -c +"$((begun + 1))" "$CLUSTER_DIR/$1.log"; }
start() {
    begun=$(stat -c %s "$CLUSTER_DIR/$1.log")
    node_start "$1"
}
refuses() {
    local name=$1 why=$2
    start "$name"
    check "$name refuses: $why" wait_until 60 test -s "$CLUSTER_DIR/$name.exit"
    check_equal "with exit code 3" 3 "$(cat "$CLUSTER_DIR/$name.exit")"
    check_contains "it says why" "$why" "$(last_life "$name")"
    check_contains "and what to run" "quotad recover --home $(home "$name")" "$(last_life "$name")"
}
status_votes() { ! status_of "$1" | grep -q '"voting"'; }
votes_again() {
    local name=$1
    check "$name becomes ready" wait_until 120 node_ready "$name"
    check "its status says that it votes" status_votes "$name"
    check_contains "its log says from which view on" '"this node votes again"' "$(last_life "$name")"
}
# The views of the votes that its store holds, while claims become final.
views_of() {
    "$QUOTA_PYTHON" - "$(home "$1")/ledger.sqlite" <<'PYTHON'
import sqlite3
import sys
import time

seen = set()
end = time.monotonic() + 4
while time.monotonic() < end:
    with sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True) as store:
        for (key,) in store.execute("SELECT key FROM consensus"):
            if key.startswith(b"vote/"):
                seen.add(int.from_bytes(key[13:21], "big"))
    time.sleep(0.01)
print(min(seen, default=0))
PYTHON
}
# Whether claims become final with only three nodes, of which `$1` is one that was recovered.
counts() {
    local other=us-bis
    [ "$1" != us-bis ] || other=nl-cdiu
    node_stop "$other" KILL
    check "with $other down the vote of $1 is needed, and counts" more_receipts 10
    node_start "$other"
    check "$other is back" wait_until 60 node_ready "$other"
}

load_start kenya-lab
check "claims become final" more_receipts 10

# --- An old copy of the store ---------------------------------------------------------------------
node_stop atlas
mkdir "$e2e_dir/backup"
cp "$(home atlas)"/ledger.sqlite* "$e2e_dir/backup/"
node_start atlas
check "atlas goes on with its own store" wait_until 60 node_ready atlas
check "claims become final meanwhile" more_receipts 20
node_stop atlas
rm "$(home atlas)"/ledger.sqlite*
cp "$e2e_dir"/backup/* "$(home atlas)/"
refuses atlas "the store is an old copy or was made anew"
check_exit 0 "quotad recover keeps the blocks of a sound store" quotad recover --home "$(home atlas)"
start atlas
check "the node starts" wait_until 60 eval 'last_life atlas | grep -q "node started"'
check_exit 3 "while it runs it is not recovered once more" quotad recover --home "$(home atlas)"
votes_again atlas
bound=$(last_life atlas | sed -n 's/.*"the others answered: this node abstains".*"upTo":"\([0-9]*\)".*/\1/p' | tail -n 1)
check "it abstains up to a view that the others proved: ${bound:-none}" test "${bound:-0}" -ge 2
lowest=$(views_of atlas)
check "it votes beyond that view only: from $lowest on" test "$lowest" -gt "${bound:-0}"
counts atlas

# --- A lost disk ----------------------------------------------------------------------------------
node_stop jp-meti KILL
rm "$(home jp-meti)"/ledger.sqlite* "$(home jp-meti)/votes.mark"
refuses jp-meti "the ledger has gone on without it"
check_exit 0 "quotad recover prepares an empty home" quotad recover --home "$(home jp-meti)"
start jp-meti
votes_again jp-meti
counts jp-meti

# --- A damaged store ------------------------------------------------------------------------------
node_stop nl-cdiu
printf 'rubbish' | dd of="$(home nl-cdiu)/ledger.sqlite" bs=1 seek=20 conv=notrunc status=none
start nl-cdiu
check "a damaged store is not used" wait_until 60 test -s "$CLUSTER_DIR/nl-cdiu.exit"
output=$(quotad recover --home "$(home nl-cdiu)")
check_contains "quotad recover sets it aside" "ledger.sqlite.lost-1" "$output"
check "the old file is there" test -s "$(home nl-cdiu)/ledger.sqlite.lost-1"
start nl-cdiu
votes_again nl-cdiu
counts nl-cdiu

# --- A lost mark ----------------------------------------------------------------------------------
node_stop us-bis
mv "$(home us-bis)/votes.mark" "$e2e_dir/us-bis.mark"
refuses us-bis "is gone"
mv "$e2e_dir/us-bis.mark" "$(home us-bis)/votes.mark"
start us-bis
check "the mark put back, it goes on as before" wait_until 60 node_ready us-bis
check_exit 1 "without a recovery" eval 'last_life us-bis | grep -q "votes again"'
load_stop

check "all four serve the same size and root" wait_until 60 cluster_agrees
lacks_nothing() { ! status_of "$1" | grep -q '"sync"'; }
for name in jp-meti nl-cdiu; do
    check "the log of $name is whole below what it took as a snapshot" wait_until 120 lacks_nothing "$name"
done
urls=()
for name in "${CLUSTER_NODES[@]}"; do urls+=("$(node_url "$name")"); done
e2e_python receipts_kept.py "$e2e_dir/receipts" "${urls[@]}"
for name in "${CLUSTER_NODES[@]}"; do
    check "quota-verify audit passes against $name" \
        quota_verify audit --url "$(node_url "$name")" --policy "$CLUSTER_DIR/trust-policy"
done
check_exit 1 "nobody was seen to contradict a vote" grep -h 'broke the voting rules' "$CLUSTER_DIR"/*.log
finish
