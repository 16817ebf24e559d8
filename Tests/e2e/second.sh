#!/usr/bin/env bash
# A second implementation (Tests/second) and quota-verify, on the same artefacts: both accept what four nodes and the
# vectors' ledger prove, and both refuse every tampered copy of it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=Tests/lib/e2e.sh
. Tests/lib/e2e.sh
second=Tests/second

if ! "$QUOTA_PYTHON" -c 'import cryptography' 2>/dev/null; then
    skip "the second implementation: the Python package cryptography is not installed"
    finish
    exit
fi
python() { PYTHONDONTWRITEBYTECODE=1 "$QUOTA_PYTHON" "$@"; }
kept=$e2e_root/.build/tests-run
mkdir -p "$kept"

# --- What is published ------------------------------------------------------------------------

checks_of "" python "$second/check_vectors.py"
example=Keys/example
for command in "total $example/malaysia.tlog-proof --country MY" \
    "receipt $example/A-2026-004.scitt --genesis $example/genesis.cose"; do
    # shellcheck disable=SC2086
    check_exit 0 "the second implementation accepts the example: ${command%% *}" \
        python "$second/ledger_check.py" $command --policy "$example/trust-policy"
done
check_exit 1 "and refuses it for another country" python "$second/ledger_check.py" \
    total "$example/malaysia.tlog-proof" --country NL --policy "$example/trust-policy"
check_exit 2 "wrong usage ends with 2" python "$second/ledger_check.py" total
check_exit 3 "a missing file leaves the question open" python "$second/ledger_check.py" \
    total "$kept/no-such-file" --policy "$example/trust-policy"

# --- Four real nodes --------------------------------------------------------------------------

e2e_begin second
e2e_organisation kenya-lab KE
api=$(node_url jp-meti)
policy=$CLUSTER_DIR/trust-policy
log=$e2e_dir/log
load_start kenya-lab
check "claims become final" more_receipts 5
curl -fsS "$api/checkpoint" -o "$e2e_dir/old.checkpoint"
check "more claims become final" more_receipts 20
load_stop
wait_until 60 cluster_agrees || true
check "the log is copied" python "$second/mirror.py" "$api" "$log"
new=$(sed -n 2p "$log/checkpoint") old=$(sed -n 2p "$e2e_dir/old.checkpoint")
cp "$policy" "$CLUSTER_DIR/genesis.cose" "$e2e_dir/old.checkpoint" "$log/"
curl -fsS "$api/v1/proof/consistency?old=$old&new=$new" -o "$log/consistency.json"
curl -fsS -H 'Accept: application/scitt-statement+cose' "$api/entries/$(head -n 1 "$e2e_dir/receipts")" -o "$log/claim.scitt"
curl -fsS "$api/v1/proof/total?country=KE" -o "$log/total.tlog-proof"
curl -fsS "$api/v1/proof/total?country=BR" -o "$log/absence.tlog-proof"
check_exit 0 "quota-verify audits the ledger of four nodes" \
    "$QUOTA_BIN/quota-verify" audit --folder "$log" --policy "$policy" --state "$log/state.cbor"
output=$(python "$second/ledger_check.py" audit --url "$api" --policy "$policy" 2>&1) || true
check_contains "so does the second implementation, from a node's address" "PROVEN" "$output"
output=$(python "$second/ledger_check.py" audit --folder "$log" --policy "$policy" \
    --state "$log/state.cbor" --total "$log/total.tlog-proof" --total "$log/absence.tlog-proof" 2>&1) || true
printf '%s\n' "$output" | sed 's/^/        | /'
check_contains "and with the whole state map, which has the root that was signed" "has the last header's map root" "$output"
check_contains "and says what it did not check" "Not checked: whether the rules were applied" "$output"
cluster_stop

# --- Tampered copies --------------------------------------------------------------------------

# compare NAME LEDGER MOST LEAST ARGUMENT… : makes tampered copies of a ledger's artefacts and asks both verifiers, of
# which each must refuse so many at least.
compare() {
    local name=$1 source=$2 most=$3 least=$4
    shift 4
    check "tampered copies of $name are made" python "$second/tamper.py" "$source" "$e2e_dir/$name" --most "$most" "$@"
    checks_of "$name: " python "$second/run_cases.py" "$e2e_dir/$name" \
        --swift "$QUOTA_BIN/quota-verify" --least "$least" --report "$kept/tampered-$name.jsonl"
}
compare nodes "$log" 15 0
check "the vectors' ledger with 300 more claims is made" "$QUOTA_BIN/quota-vectors" --claims 300 "$e2e_dir/made"
compare vectors "$e2e_dir/made" 50 200 --keys Tests/vectors/keys.json

# --- Another genesis of the same founders -------------------------------------------------------

# Their keys make every checkpoint good; only the first leaf tells that it is not the ledger of this hash.
another=$(PYTHONPATH=$second python - "$e2e_dir/made/genesis.cose" "$e2e_dir/another.handoffs" <<'PYTHON'
import hashlib, pathlib, sys
import ledger_check as ledger
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

genesis, target = map(pathlib.Path, sys.argv[1:])
protected, header, _, payload, _ = ledger.sign1(genesis.read_bytes(), "genesis")
header[15][6] += 1
protected = ledger.encode(header)
# The statement keys of this ledger's founders are made of their names.
key = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(f"statement {header[15][1]}".encode()).digest())
signature = key.sign(ledger.to_be_signed(protected, payload))
other = ledger.encode(ledger.Tagged(18, [protected, {}, payload, signature]))
target.write_bytes(ledger.encode(["QLEDGER-HANDOFFS-V1", other, []]))
print(hashlib.sha256(other).hexdigest())
PYTHON
)
other_ledger=(audit --folder "$e2e_dir/made" --handoffs "$e2e_dir/another.handoffs" --chain-id "$another")
output=$("$QUOTA_BIN/quota-verify" "${other_ledger[@]}" 2>&1) && code=0 || code=$?
check_equal "quota-verify refuses a log whose first leaf is another genesis than the reader's" 1 "$code"
output=$(python "$second/ledger_check.py" "${other_ledger[@]}" 2>&1) && code=0 || code=$?
check_equal "so does the second implementation" 1 "$code"
check_contains "and says why" "leaf 0 is another genesis statement" "$output"
finish
