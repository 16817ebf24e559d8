#!/usr/bin/env bash
# Receipts, totals and consistency, checked offline with public keys only; damaged ones are refused.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=Tests/lib/e2e.sh
. Tests/lib/e2e.sh
e2e_begin proofs
e2e_organisation kenya-lab KE
api=$(node_url jp-meti)
policy=$CLUSTER_DIR/trust-policy

load_start kenya-lab
check "claims become final" more_receipts 5
curl -fsS "$api/checkpoint" -o "$e2e_dir/old.note"
check "more claims become final" more_receipts 20
load_stop
wait_until 60 cluster_agrees || true
entry=$(head -n 1 "$e2e_dir/receipts")
curl -fsS -H 'Accept: application/scitt-statement+cose' "$api/entries/$entry" -o "$e2e_dir/claim.scitt"
curl -fsS "$api/v1/proof/total?country=KE" -o "$e2e_dir/ke.tlog-proof"
curl -fsS "$api/v1/proof/total?country=BR" -o "$e2e_dir/br.tlog-proof"
curl -fsS "$api/checkpoint" -o "$e2e_dir/new.note"
old=$(sed -n 2p "$e2e_dir/old.note") new=$(sed -n 2p "$e2e_dir/new.note")
curl -fsS "$api/v1/proof/consistency?old=$old&new=$new" -o "$e2e_dir/consistency.json"

# No network from here on, where the machine lets us take it away.
offline=()
if unshare -n true 2>/dev/null; then
    offline=(unshare -n)
elif unshare -rn true 2>/dev/null; then
    offline=(unshare -rn)
else
    skip "cutting the network off is not permitted here; the proofs are checked all the same"
fi
verify() { "${offline[@]}" "$QUOTA_BIN/quota-verify" "$@" --policy "$policy"; }

output=$(verify total "$e2e_dir/ke.tlog-proof") || true
check_contains "a total says country and cap" "country KE: consumed" "$output"
check_contains "and the cap" "of 790,000,000 TPP" "$output"
check_contains "and at which checkpoint" "at checkpoint $new" "$output"
check_contains "and who signed" "us-bis" "$output"
check_exit 0 "a total is proven" verify total "$e2e_dir/ke.tlog-proof"
check_exit 0 "an untouched account is proven" verify total "$e2e_dir/br.tlog-proof"
check_exit 0 "a receipt is proven" verify receipt "$e2e_dir/claim.scitt"
check_exit 0 "the issuer's signature is checked with the genesis" \
    verify receipt "$e2e_dir/claim.scitt" --genesis "$CLUSTER_DIR/genesis.cose"
check_exit 0 "the log only grew" verify consistency --old "$e2e_dir/old.note" --new "$e2e_dir/new.note" \
    --proof "$e2e_dir/consistency.json"
check_exit 1 "a proof of another country is no proof of this one" verify total "$e2e_dir/ke.tlog-proof" --country MY
check_exit 1 "an old head is not fresh" verify total "$e2e_dir/ke.tlog-proof" --max-age 0 --now 4000000000

# flip FILE OFFSET : the same file with one bit turned.
flip() {
    cp "$1" "$1.bad"
    printf '%b' "\\x$(printf %02x $((0x$(od -An -tx1 -j "$2" -N 1 "$1" | tr -d ' ') ^ 1)))" \
        | dd of="$1.bad" bs=1 seek="$2" conv=notrunc status=none
}
refused() {
    local status=0
    verify "$1" "$2" >/dev/null 2>&1 || status=$?
    [ "$status" = 1 ] || [ "$status" = 3 ]
}
# The statement is at both ends of the file, with the receipts between. One damaged receipt of four is
# no lie: the other three still prove it, so only the statement's own bytes are turned here.
size=$(stat -c %s "$e2e_dir/claim.scitt")
missed=0
for ((at = 1; at < size; at += at < 120 || at >= size - 160 ? 3 : size - 160 - at)); do
    flip "$e2e_dir/claim.scitt" "$at"
    refused receipt "$e2e_dir/claim.scitt.bad" || { missed=$((missed + 1)); printf '  the bit at byte %d was not noticed\n' "$at"; }
done
check_equal "a turned bit in the statement is noticed wherever it is" 0 "$missed"

# In a total every bit counts but those of the signature lines that the quorum does not need.
sed 's/^index [0-9]*$/index 0/' "$e2e_dir/ke.tlog-proof" >"$e2e_dir/index.bad"
check_exit 1 "a total at another place of the log is refused" verify total "$e2e_dir/index.bad"
sed 's/^extra \(....................................................\)./extra \1A/' "$e2e_dir/ke.tlog-proof" >"$e2e_dir/extra.bad"
cmp -s "$e2e_dir/ke.tlog-proof" "$e2e_dir/extra.bad" \
    || check "a total with an altered header is refused" refused total "$e2e_dir/extra.bad"
grep -v '^— ' "$e2e_dir/ke.tlog-proof" >"$e2e_dir/unsigned.bad"
check "a total nobody signed is refused" refused total "$e2e_dir/unsigned.bad"
head -c 400 "$e2e_dir/ke.tlog-proof" >"$e2e_dir/short.bad"
check "a total cut short is refused" refused total "$e2e_dir/short.bad"
grep -v "^quorum" "$policy" >"$e2e_dir/policy.bad"
check_exit 3 "a policy without a quorum line is named" \
    "$QUOTA_BIN/quota-verify" total "$e2e_dir/ke.tlog-proof" --policy "$e2e_dir/policy.bad"
check_exit 2 "wrong usage has an exit code of its own" "$QUOTA_BIN/quota-verify" total

# What is published with the source still holds: a change of format would show here first.
example=Keys/example
check_equal "the example's trust policy follows from its genesis" "$(cat $example/trust-policy)" \
    "$(quotad trust-policy --genesis $example/genesis.cose)"
check_exit 0 "the example's total is proven" \
    "$QUOTA_BIN/quota-verify" total $example/malaysia.tlog-proof --policy $example/trust-policy --country MY
check_exit 0 "the example's receipt is proven" \
    "$QUOTA_BIN/quota-verify" receipt $example/A-2026-004.scitt --policy $example/trust-policy --genesis $example/genesis.cose
check_exit 1 "the example proves nothing of this test's ledger" verify total $example/malaysia.tlog-proof
finish
