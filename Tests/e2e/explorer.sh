#!/usr/bin/env bash
# The explorer in a headless Chromium: its unit tests, then real nodes, honest and lying.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=Tests/lib/e2e.sh
. Tests/lib/e2e.sh

e2e_python explorer_unit.py
if [ -x "$QUOTA_PYTHON" ]; then
    tampered=$(mktemp -d)
    check "tampered copies are made" "$QUOTA_PYTHON" Tests/second/tamper.py Tests/vectors/ledger "$tampered/cases" --most 150
    e2e_python explorer_cases.py "$tampered/cases"
    rm -rf "$tampered"
fi
e2e_begin explorer
for file in organisations atlas boreal; do cp "Node/demo-data/$file.csv" "$e2e_dir/"; done
check "organisations are registered" e2e_import "$e2e_dir/organisations.csv"
# Some consignments are refused by the rule, so the imports end with 1.
check_exit 1 "atlas claims" quotactl claim import "$e2e_dir/atlas.csv" --home "$CLUSTER_DIR/atlas"
check_exit 1 "boreal claims" quotactl claim import "$e2e_dir/boreal.csv" --home "$CLUSTER_DIR/boreal"
check "a licence is given" quotactl claim licence B-2026-004 --issuer boreal --expires "$(date -u -d "+90 days" +%F)" --number D2000002 --home "$CLUSTER_DIR/us-bis"
check "all was shipped long ago" quotactl claim ship B-2026-004 --quantity 5000 --date 2026-05-11 --home "$CLUSTER_DIR/boreal"
check "and a part has arrived" quotactl claim accept B-2026-004 --issuer boreal --quantity 1000 --date 2026-05-25 --home "$CLUSTER_DIR/jp-meti"
e2e_python explorer_governance.py "$CLUSTER_DIR" "$CLUSTER_ORIGIN" "$(node_url us-bis)"
check "all nodes serve the same root" wait_until 60 cluster_agrees
check "a static copy is written" quotad export --static "$e2e_dir/copy" --url "$(node_url jp-meti)"
check "a static copy is brought up to date" quotad export --static "$e2e_dir/copy" --url "$(node_url us-bis)"
check "receipts are made" quotactl receipt A-2026-004 --home "$CLUSTER_DIR/atlas" --out "$e2e_dir/A-2026-004.scitt"
check "a certificate is made" quotactl certificate A-2026-004 --home "$CLUSTER_DIR/atlas" --out "$e2e_dir/A-2026-004.html"
check "totals are made" quotactl proof total MY --home "$CLUSTER_DIR/nl-cdiu" --out "$e2e_dir/malaysia.tlog-proof"

pictures=$e2e_root/.build/tests-run/explorer
rm -rf "$pictures"
mkdir -p "$pictures"
urls=()
for name in "${CLUSTER_NODES[@]}"; do urls+=("$(node_url "$name")"); done
e2e_python explorer_pages.py "$e2e_dir" "$pictures" "${urls[@]}"
e2e_python explorer_access.py "$pictures" "${urls[0]}"

# A ledger of several times the leaves must not cost a reader more requests. EXPLORER_CLAIMS asks for a longer one.
e2e_python explorer_requests.py "$e2e_dir/requests" "${urls[0]}"
e2e_organisation long-lab KE
load_start long-lab
check "many more claims become final" more_receipts "${EXPLORER_CLAIMS:-500}" 900
load_stop
check "all nodes serve the same root again" wait_until 60 cluster_agrees
e2e_python explorer_requests.py "$e2e_dir/requests" "${urls[0]}"
finish
