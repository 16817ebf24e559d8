#!/usr/bin/env bash
# Validators join, change their keys and leave on a running ledger, and whoever knows only the hash of the genesis
# statement verifies a receipt made after the three.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=Tests/lib/e2e.sh
. Tests/lib/e2e.sh
e2e_begin epochs
e2e_organisation kenya-lab KE

e2e_profiles us-bis nl-cdiu jp-meti

some_blocks() {
    local number
    for number in 1 2 3 4 5 6; do
        env PYTHONDONTWRITEBYTECODE=1 "$QUOTA_PYTHON" "$e2e_root/Tests/lib/register.py" "$(node_url us-bis)" \
            "$CLUSTER_ORIGIN" "$CLUSTER_DIR" "$1-$number" KE >/dev/null || return 1
    done
}

chain_id=$(sha256sum "$CLUSTER_DIR/genesis.cose" | cut -d' ' -f1)

# What a third party keeps of the founders' days.
agency=$(node_url us-bis)
watch() { quota_verify watch --once --url "$agency" --url "$(node_url nl-cdiu)" "$@"; }
check_exit 0 "a watcher begins with the founders' policy" \
    watch --policy "$CLUSTER_DIR/trust-policy" --state "$e2e_dir/watch-policy"
curl -fsS -m 5 "$agency/checkpoint" -o "$e2e_dir/first.checkpoint"
curl -fsS -m 5 "$agency/v1/handoffs" -o "$e2e_dir/first.handoffs"
curl -fsS -m 5 "$agency/v1/proof/total?country=KE" -o "$e2e_dir/first.tlog-proof"

# Somebody who knows the genesis hash only looks again and again: the steps lead to whoever signed what he saw before.
reader() {
    while [ ! -e "$e2e_dir/reader.stop" ]; do
        curl -fsS -m 5 "$agency/checkpoint" -o "$e2e_dir/seen.checkpoint" \
            && curl -fsS -m 5 "$agency/v1/handoffs" -o "$e2e_dir/seen.handoffs" || continue
        if quota_verify consistency --old "$e2e_dir/seen.checkpoint" --new "$e2e_dir/seen.checkpoint" \
            --handoffs "$e2e_dir/seen.handoffs" --chain-id "$chain_id" >"$e2e_dir/seen.answer" 2>&1; then
            echo "led to"
        else
            echo "not led to"
            cat "$e2e_dir/seen.answer"
        fi
        sleep 0.05
    done
}
reader >"$e2e_dir/reader.log" 2>&1 &
reader_pid=$!

# --- A fifth joins -----------------------------------------------------------------------------
cluster_node_member orion "Orion Systems" exporter US >"$e2e_dir/orion-init.log" 2>&1
node_start orion
CLUSTER_NODES+=(orion)
decide J-1 member "$CLUSTER_DIR/orion/card.cose"
check "it says that it is ready, and epoch 2 begins" wait_until 120 in_epoch 2 true us-bis nl-cdiu jp-meti atlas orion
check "blocks become final in epoch 2" some_blocks two
check "the five serve the same root" wait_until 60 cluster_agrees
check "the fifth leads like the others" has_led orion

# --- One changes its keys ----------------------------------------------------------------------
old_seed=$(cat "$CLUSTER_DIR/jp-meti/node.seed")
check "new keys are made beside the old ones" \
    quotad keys rotate --home "$CLUSTER_DIR/jp-meti" --out "$CLUSTER_DIR/jp-meti/card.next.cose"
decide K-1 key "$CLUSTER_DIR/jp-meti/card.next.cose" --reason "yearly"
check "epoch 3 begins with the new keys" wait_until 120 in_epoch 3 true us-bis nl-cdiu jp-meti atlas orion
check "blocks become final in epoch 3" some_blocks three
check_exit 1 "the old seed is gone" grep -rq "$old_seed" "$CLUSTER_DIR/jp-meti" --include='*.seed'
check "the five serve the same root" wait_until 60 cluster_agrees

# --- One leaves --------------------------------------------------------------------------------
check "the card of a member without a node" \
    quotad keys leave --home "$CLUSTER_DIR/atlas" --out "$CLUSTER_DIR/atlas/card.next.cose"
decide L-1 key "$CLUSTER_DIR/atlas/card.next.cose" --reason "moves to a mirror"
check "epoch 4 begins without it" wait_until 120 in_epoch 4 true us-bis nl-cdiu jp-meti orion
check "it reads on, and says that it does not vote" wait_until 60 in_epoch 4 false atlas
check "blocks become final in epoch 4" some_blocks four
check "the one that left follows" wait_until 60 cluster_agrees

# --- Whoever knows the genesis hash only -------------------------------------------------------
entry=$(env PYTHONDONTWRITEBYTECODE=1 "$QUOTA_PYTHON" "$e2e_root/Tests/lib/register.py" "$(node_url us-bis)" \
    "$CLUSTER_ORIGIN" "$CLUSTER_DIR" last-lab KE)
check "a receipt after the three changes" \
    curl -fsS -m 10 "$(node_url us-bis)/v1/statements/$entry/transparent" -o "$e2e_dir/last.scitt"
touch "$e2e_dir/reader.stop"
wait "$reader_pid" || true
check_equal "through three ends of epochs the steps always led to who had signed" 0 "$(grep -c '^not led to' "$e2e_dir/reader.log" || true)"
check "the reader looked all the time" test "$(grep -c '^led to' "$e2e_dir/reader.log")" -ge 20
check "the steps from the founders to the present validators are served" \
    curl -fsS -m 5 "$agency/v1/handoffs" -o "$e2e_dir/ledger.handoffs"
check_contains "and explained" "through 4 epochs" "$(quota_verify explain "$e2e_dir/ledger.handoffs")"
verify() { quota_verify "$@" --handoffs "$e2e_dir/ledger.handoffs" --chain-id "$chain_id"; }
check_exit 0 "the receipt is proven from the genesis hash alone" verify receipt "$e2e_dir/last.scitt"
check_exit 1 "the founders' policy knows too few of those who sign now" \
    quota_verify receipt "$e2e_dir/last.scitt" --policy "$CLUSTER_DIR/trust-policy"
check_exit 1 "another genesis hash is refused" quota_verify receipt "$e2e_dir/last.scitt" \
    --handoffs "$e2e_dir/ledger.handoffs" --chain-id "$(printf "%064d" 7)"
check_exit 0 "every leaf follows from the rules" verify audit --url "$(node_url us-bis)"

curl -fsS -m 5 "$agency/v1/proof/total?country=KE" -o "$e2e_dir/last.tlog-proof"
curl -fsS -m 5 "$agency/checkpoint" -o "$e2e_dir/last.checkpoint"
growth=(--old "$e2e_dir/first.checkpoint" --new "$e2e_dir/last.checkpoint")
check_exit 0 "a total is proven in the same way" verify total "$e2e_dir/last.tlog-proof" --country KE
check_exit 0 "and one of the founders' days" verify total "$e2e_dir/first.tlog-proof" --country KE
check_exit 0 "and that the ledger only grew since then" verify consistency "${growth[@]}" --url "$agency"
check_exit 1 "without the steps it is not" quota_verify consistency "${growth[@]}" --url "$agency" \
    --policy "$CLUSTER_DIR/trust-policy"
check "a static copy is written" quotad export --static "$e2e_dir/copy" --url "$agency"
check_exit 0 "it holds all that its audit takes" quota_verify audit --folder "$e2e_dir/copy" \
    --handoffs "$e2e_dir/copy/v1/handoffs" --chain-id "$chain_id"

told=$(watch --policy "$CLUSTER_DIR/trust-policy" --state "$e2e_dir/watch-policy") && told_code=0 || told_code=$?
check_equal "the watcher of the founders' days accuses nobody" 0 "$told_code"
check_contains "it follows the validators" "validators  Another epoch: " "$told"
check_contains "and tells who they are" "jp-meti, nl-cdiu, orion, us-bis now" "$told"
told=$(watch --policy "$CLUSTER_DIR/trust-policy" --state "$e2e_dir/watch-policy") || true
check_equal "once" "" "$told"
check_exit 0 "so does one that knows the genesis hash only" watch --state "$e2e_dir/watch-chain" \
    --handoffs "$e2e_dir/first.handoffs" --chain-id "$chain_id"
check_exit 1 "one of another genesis believes nobody" watch --state "$e2e_dir/watch-other" \
    --handoffs "$e2e_dir/ledger.handoffs" --chain-id "$(printf "%064d" 7)"

if "$QUOTA_PYTHON" -c 'import cryptography' 2>/dev/null; then
    second() {
        local command=$1
        shift
        env PYTHONDONTWRITEBYTECODE=1 "$QUOTA_PYTHON" Tests/second/ledger_check.py "$command" "$@" \
            --handoffs "$e2e_dir/ledger.handoffs" --chain-id "${second_chain:-$chain_id}"
    }
    check_exit 0 "the second implementation proves the receipt by the genesis hash" second receipt "$e2e_dir/last.scitt"
    check_exit 0 "the total" second total "$e2e_dir/last.tlog-proof" --country KE
    check_exit 0 "that of the founders' days" second total "$e2e_dir/first.tlog-proof" --country KE
    check_exit 0 "and every leaf" second audit --url "$agency"
    second_chain=$(printf "%064d" 7)
    check_exit 1 "and refuses another genesis hash" second receipt "$e2e_dir/last.scitt"
fi

# Guilt by the keys of an epoch that the founders knew nothing of.
check "a validator of the fourth epoch signs two trees and two votes" env PYTHONDONTWRITEBYTECODE=1 \
    PYTHONPATH="$e2e_root/Tests/lib" "$QUOTA_PYTHON" Tests/e2e/epochs_evidence.py "$CLUSTER_DIR/orion/node.seed" orion \
    "$CLUSTER_ORIGIN" "$chain_id" 4 2 "$e2e_dir/orion.fork-evidence" "$e2e_dir/orion.votes"
told=$(verify evidence "$e2e_dir/orion.fork-evidence") && told_code=0 || told_code=$?
check_equal "the evidence of two trees convicts" 0 "$told_code"
check_contains "and the hand-offs say whose keys they are" "witness orion" "$told"
told=$(quota_verify evidence "$e2e_dir/orion.fork-evidence" --policy "$CLUSTER_DIR/trust-policy") || true
check_contains "which the founders' policy cannot" "does not list" "$told"
told=$(verify evidence "$e2e_dir/orion.votes") && told_code=0 || told_code=$?
check_equal "the evidence of two votes convicts by the keys of its epoch" 0 "$told_code"
check_contains "the one who cast them" "orion broke the voting rules" "$told"
told=$(quota_verify evidence "$e2e_dir/orion.votes" --genesis "$CLUSTER_DIR/genesis.cose") && told_code=0 || told_code=$?
check_equal "the founders' keys convict nobody" 1 "$told_code"
told=$(quota_verify evidence "$e2e_dir/orion.votes" --handoffs "$e2e_dir/first.handoffs" --chain-id "$chain_id") \
    && told_code=0 || told_code=$?
check_equal "steps that do not lead to the epoch leave it open" 3 "$told_code"
check_contains "explain knows the votes" "votes that contradict" "$(quota_verify explain "$e2e_dir/orion.votes")"

e2e_python explorer_epochs.py "$CLUSTER_DIR" "$e2e_dir" "$agency" "$(node_url orion)"

# --- Restarts ----------------------------------------------------------------------------------
for name in jp-meti orion; do node_stop "$name" KILL; done
for name in jp-meti orion; do node_start "$name"; done
check "nodes that were killed come back in their epoch" wait_until 60 in_epoch 4 true jp-meti orion
check "and go on" some_blocks five
check "all serve the same root" wait_until 60 cluster_agrees

# --- One of new keys loses its disk ------------------------------------------------------------
node_stop jp-meti KILL
rm "$CLUSTER_DIR"/jp-meti/ledger.sqlite* "$CLUSTER_DIR/jp-meti/votes.mark"
check_contains "the genesis alone does not know its keys: it names the cure" "quotad recover" \
    "$(quotad run --home "$CLUSTER_DIR/jp-meti" 2>&1)"
check "it is recovered" quotad recover --home "$CLUSTER_DIR/jp-meti"
node_start jp-meti
check "it goes through all epochs and takes part again" wait_until 120 node_ready jp-meti
check "as a validator of the present one" in_epoch 4 true jp-meti
node_stop nl-cdiu KILL
check "its vote counts" some_blocks six
node_start nl-cdiu
check "all serve the same root" wait_until 60 cluster_agrees

# --- One is away while all others change their keys -------------------------------------------
# The follower left three epochs ago, and nobody is linked to it any more.
node_stop atlas TERM
CLUSTER_NODES=(us-bis nl-cdiu jp-meti orion)
node_stop orion KILL
: >"$CLUSTER_DIR/orion.log"
epoch=4
for name in us-bis nl-cdiu jp-meti; do
    epoch=$((epoch + 1))
    check "$name makes new keys" quotad keys rotate --home "$CLUSTER_DIR/$name" --out "$CLUSTER_DIR/$name/card.away.cose"
    check "us-bis proposes A-$epoch" quotactl propose key "$CLUSTER_DIR/$name/card.away.cose" --reason "all anew" \
        --id "A-$epoch" --home "$CLUSTER_DIR/us-bis"
    # Nobody votes on its own card, and two others must.
    case $name in us-bis) voters="nl-cdiu jp-meti" ;; nl-cdiu) voters=jp-meti ;; *) voters=nl-cdiu ;; esac
    for voter in $voters; do
        check "$voter approves it" quotactl vote approve proposal "us-bis/A-$epoch" --home "$CLUSTER_DIR/$voter"
    done
    check "epoch $epoch begins" wait_until 120 in_epoch "$epoch" true us-bis nl-cdiu jp-meti
done
node_start orion
unknown_to_orion() { grep -q "not the member's" "$CLUSTER_DIR/orion.log"; }
check "the one that was away knows none of their keys" wait_until 30 unknown_to_orion
check "and stays where it was" wait_until 30 in_epoch 4 true orion
node_stop orion TERM
mkdir "$CLUSTER_DIR/orion/peers"
cp "$CLUSTER_DIR/atlas/card.next.cose" "$CLUSTER_DIR/orion/peers/"
check_contains "a card without a node is refused" "is no card of a node" \
    "$(quotad run --home "$CLUSTER_DIR/orion" 2>&1)"
rm "$CLUSTER_DIR/orion/peers/card.next.cose"
for name in us-bis nl-cdiu jp-meti; do
    cp "$CLUSTER_DIR/$name/card.away.cose" "$CLUSTER_DIR/orion/peers/$name.cose"
done
node_start orion
check "with their new cards it comes to the present epoch" wait_until 120 in_epoch 7 true orion
check "all serve the same root" wait_until 60 cluster_agrees
node_stop nl-cdiu KILL
check "and its vote counts" some_blocks seven
node_start nl-cdiu
check "the four serve the same root" wait_until 60 cluster_agrees
finish
