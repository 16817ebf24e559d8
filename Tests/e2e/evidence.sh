#!/usr/bin/env bash
# A validator signs two votes that contradict each other: whoever sees both brings them before the ledger, which
# convicts it for everybody, and leaves it out of the next epoch once the policy says so.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=Tests/lib/e2e.sh
. Tests/lib/e2e.sh
# shellcheck disable=SC2034
cluster_policy=$e2e_root/Node/story-data/founding.json
e2e_begin evidence
e2e_organisation kenya-lab KE
e2e_profiles us-bis nl-cdiu atlas
today=$(date -u +%F)
agency=$(node_url us-bis)
chain_id=$(sha256sum "$CLUSTER_DIR/genesis.cose" | cut -d' ' -f1)

# proof MEMBER FILE : what the state map says of a conviction in epoch 2.
hex() { printf %s "$1" | od -An -tx1 | tr -d ' \n'; }
proof() {
    local subject=2.$1
    curl -fsS -m 5 "$agency/v1/proof/state?key=8268$(hex evidence)$(printf %02x $((0x60 + ${#subject})))$(hex "$subject")" \
        -o "$e2e_dir/$2.tlog-proof"
}
log_has() { grep -q "$2" "$CLUSTER_DIR/$1.log"; }
view_of() { status_of "$1" | sed -n 's/.*"view":\([0-9]*\).*/\1/p'; }

# --- A fifth joins, so that one may be left out ------------------------------------------------
cluster_node_member orion "Orion Systems" exporter US >"$e2e_dir/orion-init.log" 2>&1
node_start orion
CLUSTER_NODES+=(orion)
decide J-1 member "$CLUSTER_DIR/orion/card.cose"
check "five validators vote in epoch 2" wait_until 120 in_epoch 2 true us-bis nl-cdiu jp-meti atlas orion
handed_off() {
    curl -fsS -m 5 "$agency/v1/handoffs" -o "$e2e_dir/ledger.handoffs" \
        && quota_verify explain "$e2e_dir/ledger.handoffs" | grep -q "through $1 epochs"
}
check "and the step to them is served" wait_until 60 handed_off 2
verify() { quota_verify "$@" --handoffs "$e2e_dir/ledger.handoffs" --chain-id "$chain_id"; }
watch() { verify watch --once --url "$agency" --state "$e2e_dir/watch"; }
check_exit 0 "a watcher begins" watch

# --- Two votes, and two witnesses that die before the others hear of it ------------------------
for name in us-bis nl-cdiu orion; do node_stop "$name"; done
equivocate() {
    # Of two nodes the one with the later name dials.
    env PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="$e2e_root/Tests/lib" "$QUOTA_PYTHON" Tests/e2e/equivocate.py \
        "${NODE_PEER[$1]}" "$CLUSTER_DIR/orion/node.seed" "$CLUSTER_DIR/genesis.cose" 2 3 "$(($(view_of atlas) + 1))"
}
for name in atlas jp-meti; do
    check "orion gives up a view and makes it final" equivocate "$name"
    check "$name notices" wait_until 30 log_has "$name" '"a member broke the voting rules"'
    check "and makes a statement of it" wait_until 30 log_has "$name" '"reporting to the ledger"'
done
for name in atlas jp-meti; do node_stop "$name" KILL; done
for name in us-bis nl-cdiu jp-meti atlas; do node_start "$name"; done
convicted() { proof orion guilty && verify evidence "$e2e_dir/guilty.tlog-proof" >/dev/null; }
check "after their death and a restart they still bring them, and the ledger convicts" wait_until 60 convicted
told=$(verify evidence "$e2e_dir/guilty.tlog-proof") || true
check_contains "the proof says of what" "orion gave the view up and made it final in view" "$told"
check_contains "and which leaf holds the votes" "the ledger holds both votes as leaf" "$told"
check_exit 1 "it proves no absence" verify absence "$e2e_dir/guilty.tlog-proof"
check "of atlas" proof atlas innocent
check_exit 0 "the absence is proven" verify absence "$e2e_dir/innocent.tlog-proof" --key evidence 2.atlas
check_exit 1 "which convicts nobody" verify evidence "$e2e_dir/innocent.tlog-proof"
told=$(watch) || true
check_contains "a watcher hears of it" "conviction  orion gave the view up" "$told"

four_agree() {
    local -a CLUSTER_NODES=(us-bis nl-cdiu jp-meti atlas)
    cluster_agrees
}
check "four serve the same root" wait_until 60 four_agree
told=$(verify audit --url "$agency") && told_code=0 || told_code=$?
check_equal "every leaf follows from the rules" 0 "$told_code"
check_contains "one statement is enough" "1 evidence" "$told"
if "$QUOTA_PYTHON" -c 'import cryptography' 2>/dev/null; then
    second() {
        env PYTHONDONTWRITEBYTECODE=1 "$QUOTA_PYTHON" Tests/second/ledger_check.py audit --url "$agency" \
            --handoffs "$e2e_dir/ledger.handoffs" --chain-id "$chain_id"
    }
    told=$(second) && told_code=0 || told_code=$?
    check_equal "the second implementation agrees" 0 "$told_code"
    check_contains "on the votes too" "1 evidence" "$told"
fi

# Nothing waits any more, so that nobody is woken.
nothing_waits() { status_of "$1" | grep -q '"pool":{"bytes":0,'; }
for name in atlas jp-meti; do check "nothing waits at $name" wait_until 10 nothing_waits "$name"; done
rests() {
    local before
    before=$(view_of us-bis) && sleep 5 && [ "$(view_of us-bis)" = "$before" ]
}
check "then the network rests" wait_until 60 rests
check "the policy of the founders only records: they vote on" in_epoch 2 true us-bis nl-cdiu jp-meti atlas
node_start orion
check "the convicted one too" wait_until 60 in_epoch 2 true orion

# --- The effect is the policy's ----------------------------------------------------------------
sed 's/"suspensionHours": 72/"suspensionHours": 72, "evidence": "suspend"/' Node/story-data/memorandum-2026.json \
    >"$e2e_dir/suspending.json"
decide P-1 policy "$e2e_dir/suspending.json" --effective "$today"
check "under a policy that suspends the next epoch begins without it" \
    wait_until 60 in_epoch 3 true us-bis nl-cdiu jp-meti atlas
check "it reads on, and says that it does not vote" wait_until 60 in_epoch 3 false orion
e2e_organisation penang-cloud MY
check "and claims pass" quotactl claim new A-1 --authority LICENSE --destination MY --consignee penang-cloud \
    --line h100-sxm=10 --exported "$today" --home "$CLUSTER_DIR/atlas"
check "all five serve the same root" wait_until 60 cluster_agrees
check "the step to the four is served" wait_until 60 handed_off 3
check_exit 0 "every leaf follows from the rules" verify audit --url "$agency"
if "$QUOTA_PYTHON" -c 'import cryptography' 2>/dev/null; then
    check_exit 0 "for the second implementation too" second
fi
e2e_python explorer_evidence.py "$agency" orion
check_contains "the list of members says so" '"convictedIn"' "$(curl -fsS -m 5 "$agency/v1/members")"
finish
