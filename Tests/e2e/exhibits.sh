#!/usr/bin/env bash
# What an exporter can hand over: private values of a claim, sealed to a government or as a file for a court, and
# a page for print that carries its own proof.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=Tests/lib/e2e.sh
. Tests/lib/e2e.sh
e2e_begin exhibits
e2e_organisation kenya-lab KE
policy=$CLUSTER_DIR/trust-policy
verify() { "$QUOTA_BIN/quota-verify" "$@" --policy "$policy"; }
QUOTA_BIN=$(realpath "$QUOTA_BIN")
cd "$e2e_dir"
atlas() { "$QUOTA_BIN/quotactl" "$1" "${@:2}" --home "$e2e_dir/atlas" --node "$(node_url us-bis)" --policy "$policy"; }
"$QUOTA_BIN/quotactl" profile --home "$e2e_dir/atlas" --member atlas --origin "$CLUSTER_ORIGIN" \
    --node "$(node_url us-bis)" >/dev/null

printf 'SN-0001\nSN-0002\n' >serials
check "a claim with private values is admitted" atlas claim new A-1 --authority LICENSE --destination KE \
    --consignee kenya-lab --line h100-sxm=2 --exported "$(date -u +%F)" \
    --site "Hall 4, Nairobi" --licence L-77 --serials serials --consignee-name "Savanna University"
seen=$(atlas claim as-seen-by A-1 --public) || true
check_contains "everybody sees the amount" "lines[0].quantity" "$seen"
check_contains "and a digest of the site" "site" "$seen"
check_contains "which the exporter alone can open" "you know it: Hall 4, Nairobi" "$seen"
stranger=$("$QUOTA_BIN/quotactl" claim as-seen-by A-1 --public --issuer atlas --home "$e2e_dir/boreal" --node "$(node_url us-bis)") || true
check_contains "a stranger sees the same field" "not in your folder" "$stranger"
grep -qF Nairobi <<<"$stranger" && fail "a stranger sees the site" || pass "and nothing of its value"

check "two fields are opened for a court" atlas disclose A-1 site licence --out court.disclosure
output=$(verify disclosure court.disclosure) || true
check_contains "the file proves the site" "It says site: Hall 4, Nairobi" "$output"
check_contains "and keeps the serials closed" "Still closed: serials, consignee" "$output"
check_exit 0 "quota-verify accepts it" verify disclosure court.disclosure
check_contains "and says whose word it is that atlas signed" "that atlas signed it" "$output"
check_contains "the genesis statement has the key" "The issuer's own signature holds" \
    "$(verify disclosure court.disclosure --genesis "$CLUSTER_DIR/genesis.cose")"
curl -fsS -m 5 "$(node_url us-bis)/v1/handoffs" -o ledger.handoffs
chain_id=$(sha256sum "$CLUSTER_DIR/genesis.cose" | cut -d' ' -f1)
from_genesis() { "$QUOTA_BIN/quota-verify" "$@" --handoffs ledger.handoffs --chain-id "$chain_id"; }
check_contains "so have the steps between epochs" "The issuer's own signature holds" "$(from_genesis disclosure court.disclosure)"
sed 's/Hall 4/Hall 5/' court.disclosure >lie.disclosure
check_exit 1 "another value is refused" verify disclosure lie.disclosure
check_exit 2 "what the claim does not hide cannot be opened" atlas disclose A-1 price
entry=$(atlas claim status A-1 --json | grep -o '[0-9a-f]\{64\}' | head -n 1)
check_exit 2 "what another has made cannot be opened" "$QUOTA_BIN/quotactl" disclose "$entry" site \
    --home "$e2e_dir/boreal" --node "$(node_url us-bis)" --policy "$policy" --out none

check "serials are sealed to a government" atlas disclose A-1 serials --to us-bis --out us.sealed
grep -qF SN-0001 us.sealed && fail "a serial can be read in the sealed file" || pass "nothing of them can be read on the way"
check "it opens them" "$QUOTA_BIN/quotactl" open us.sealed --key "$e2e_dir/us-bis/statement.seed" --out us.disclosure
check_contains "and they are the claim's" "SN-0002" "$(verify disclosure us.disclosure)"
check_exit 1 "another government cannot open it" "$QUOTA_BIN/quotactl" open us.sealed \
    --key "$e2e_dir/nl-cdiu/statement.seed" --out nl.disclosure
check_exit 1 "nobody can seal to who is no member" atlas disclose A-1 site --to nobody --out nobody.sealed
check "that a court saw two fields is recorded" atlas claim disclosed A-1 site licence --to "District Court 4"
check "and that us-bis saw one" atlas claim disclosed A-1 serials --to us-bis --id D-2
disclosures() { atlas report governance 2>/dev/null | sed -n '/^Disclosures of private fields/,/^$/p' | tr -s ' '; }
check_contains "report 10 counts them by field" "atlas licence 1 1" "$(disclosures)"
check_contains "… every one" "atlas serials 1 1" "$(disclosures)"
grep -rqF "District Court" us-bis && fail "a node has the name of who saw it" || pass "and no node has the name of who saw it"

check "a certificate is made" atlas certificate A-1 --open site --out A-1.html
check_exit 0 "it is genuine" verify certificate A-1.html
check_contains "the issuer's signature with it" "The issuer's own signature holds" "$(from_genesis certificate A-1.html)"
check_contains "it shows what it opens" "Hall 4, Nairobi" "$(cat A-1.html)"
sed 's/<td>2</<td>9</' A-1.html >lie.html
check_exit 1 "a changed number on it is noticed" verify certificate lie.html
check_contains "and named" "claims-differ" "$(verify certificate lie.html || true)"
check_contains "explain knows it" "A certificate of the claim 'A-1'" "$("$QUOTA_BIN/quota-verify" explain A-1.html)"
finish
