#!/usr/bin/env bash
# A node signs that it took a claim; the word is held against a later checkpoint, whether the claim was admitted or not.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=Tests/lib/e2e.sh
. Tests/lib/e2e.sh
e2e_configure() { sed -i 's/^submission-wait-ms:.*/submission-wait-ms: 300/' "$CLUSTER_DIR"/*/quotad.yaml; }
e2e_begin intake
e2e_organisation kenya-lab KE
e2e_profiles atlas
agency=$(node_url nl-cdiu)
policy=$CLUSTER_DIR/trust-policy
claim() {
    quotactl claim new "$1" --authority LICENSE --destination KE --consignee kenya-lab --line l4=1 \
        --exported 2026-04-13 --home "$CLUSTER_DIR/atlas" "${@:2}"
}
verify() { quota_verify intake "$@"; }
json() { "$QUOTA_PYTHON" -c 'import json, sys; d = json.load(sys.stdin); print(eval(sys.argv[1]))' "$1"; }

# Nobody but us-bis is there: it takes the claim, and nothing becomes final.
check "a claim is signed" claim A-1 --out "$e2e_dir/A-1.cose"
wait_until 60 cluster_agrees || true
for name in nl-cdiu jp-meti atlas; do node_stop "$name" TERM; done
quotactl submit "$e2e_dir/A-1.cose" --home "$CLUSTER_DIR/atlas" --node "$(node_url us-bis)" --json \
    >"$e2e_dir/waits.json" 2>&1 &
waiting=$!
word() { ls "$CLUSTER_DIR"/atlas/intakes/*.us-bis.intake; }
check "the node's word is kept while the claim waits" wait_until 30 word
word=$(word)
cp "$word" "$e2e_dir/first.intake"
check_contains "it is proven by a trusted log key" "PROVEN  us-bis took the claim atlas/A-1." \
    "$(verify "$word" --policy "$policy" || true)"
curl -fsS -m 5 "$(node_url us-bis)/v1/handoffs" -o "$e2e_dir/handoffs"
chain=$(curl -fsS -m 5 "$(node_url us-bis)/v1/status" | json 'd["chainID"]')
named=$(verify "$word" --handoffs "$e2e_dir/handoffs" --chain-id "$chain" --json || true)
check_equal "by the hand-offs it is known whose key it is" True "$(json 'd["facts"]["isNamed"]' <<<"$named")"
printf '\x00' | dd of="$e2e_dir/first.intake" bs=1 seek=100 conv=notrunc status=none
check_exit 1 "a changed byte is noticed" verify "$e2e_dir/first.intake" --policy "$policy"
check_exit 1 "another ledger's policy does not know the key" verify "$word" --policy Keys/example/trust-policy
curl -sS -m 20 -H 'Content-Type: application/cose' --data-binary "@$e2e_dir/A-1.cose" \
    -o "$e2e_dir/again.intake" "$(node_url us-bis)/entries"
check_exit 0 "sent again at /entries it is receipted again" verify "$e2e_dir/again.intake" --policy "$policy"
check_equal "the status counts no word that every validator could have kept" 0 \
    "$(curl -fsS -m 5 "$(node_url us-bis)/v1/status" | json 'd["pool"]["overdueIntakes"]')"
status=0
wait "$waiting" || status=$?
check_equal "quotactl could not tell when its patience ended" 3 "$status"
check_equal "and names the word that it kept" "us-bis True" \
    "$(json '" ".join(str(d["intakes"][0][k]) for k in ("node", "isVerified"))' <"$e2e_dir/waits.json")"

# us-bis goes away with the claim, and the others go on without it.
node_stop us-bis KILL || true
for name in nl-cdiu jp-meti atlas; do node_start "$name"; done
check "three nodes are ready" wait_until 60 node_ready nl-cdiu
for id in B-1 B-2 B-3; do
    check "the claim $id is admitted without us-bis" wait_until 30 claim "$id" --node "$agency"
done
hex() { printf %s "$1" | od -An -v -tx1 | tr -d ' \n'; }
key=8365$(hex claim)65$(hex atlas)63$(hex A-1)
curl -fsS -m 10 "$agency/v1/proof/state?key=$key" -o "$e2e_dir/absent.tlog-proof"
output=$(verify "$word" --proof "$e2e_dir/absent.tlog-proof" --policy "$policy" || true)
check_contains "a later checkpoint shows that it is not admitted" "it is not admitted although checkpoint" "$output"
check_contains "and by how many blocks" "is 3 blocks and" "$output"
check_contains "and that the rules were not asked" "that was not judged" "$output"
check "the ledger is copied" quotad export --static "$e2e_dir/copy" --url "$agency"
output=$(verify "$word" --folder "$e2e_dir/copy" --statement "$e2e_dir/A-1.cose" --policy "$policy" --json || true)
check_equal "the copy shows who left it out, of blocks with room and by the rules" "not-admitted 3 3 3" \
    "$(json '" ".join([d["facts"]["fate"]] + [str(sum(o[k] for o in d["facts"]["omissions"]))
        for k in ("blocks", "withRoom", "admissible")])' <<<"$output")"
check_equal "us-bis, which was away, is not among them" False \
    "$(json '"us-bis" in [o["proposer"] for o in d["facts"]["omissions"]]' <<<"$output")"

# It comes back, and the claim is sent once more.
node_start us-bis
check "us-bis catches up" wait_until 60 cluster_agrees
output=$(quotactl submit "$e2e_dir/A-1.cose" --home "$CLUSTER_DIR/atlas" --node "$agency" 2>&1 || true)
check_contains "the claim is admitted" "admitted" "$output"
check_contains "with the old word beside it" "us-bis signed at" "$output"
check "the head is published" wait_until 30 cluster_agrees
curl -fsS -m 10 "$agency/v1/proof/state?key=$key" -o "$e2e_dir/present.tlog-proof"
check_contains "a proof of the state says so" "and it was admitted as leaf" \
    "$(verify "$word" --proof "$e2e_dir/present.tlog-proof" --policy "$policy" || true)"
check "the copy is brought up to date" quotad export --static "$e2e_dir/copy" --url "$agency"
check_contains "and the copy in which block" "It stands in block" \
    "$(verify "$word" --folder "$e2e_dir/copy" --policy "$policy" || true)"
finish
