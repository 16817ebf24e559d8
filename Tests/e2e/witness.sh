#!/usr/bin/env bash
# Two nodes ask a witness outside the ledger to cosign what they publish: its line travels with the checkpoint, a policy
# can ask for it, and a witness that fails, falls behind or starts again is asked again without noise.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=Tests/lib/e2e.sh
. Tests/lib/e2e.sh
if ! "$QUOTA_PYTHON" -c 'import cryptography' 2>/dev/null; then
    skip "an outside witness: the Python package cryptography is not installed"
    finish
    exit
fi
witness_pid=
witness_start() {
    local -a keys
    mapfile -t keys < <(awk '$1 == "log" { print $2 }' "$e2e_dir/trust-policy")
    PYTHONDONTWRITEBYTECODE=1 "$QUOTA_PYTHON" Tests/interop/witness.py "$witness_port" outside.example "${keys[@]}" \
        >"$e2e_dir/vkey" 2>"$e2e_dir/witness.log" &
    witness_pid=$!
    wait_until 20 test -s "$e2e_dir/vkey"
}
# A witness that nobody here wrote (the PyPI package aics-witness), where it is installed.
foreign_pid=
foreign_start() {
    local config=$e2e_dir/foreign-witness.json origin key
    "$QUOTA_PYTHON" -c 'import aics_witness' 2>/dev/null || return 0
    aics() { "$QUOTA_PYTHON" -m aics_witness "$@" --config "$config"; }
    aics init --name foreign.example/w1 --listen "127.0.0.1:$1" >"$e2e_dir/foreign-vkey" 2>"$e2e_dir/foreign-witness.log"
    while read -r _ key _; do
        origin=${key%%+*}
        aics add-log --origin "$origin" --vkey "$key" >>"$e2e_dir/foreign-witness.log" 2>&1
    done < <(grep '^log ' "$e2e_dir/trust-policy")
    "$QUOTA_PYTHON" -m aics_witness serve --config "$config" >>"$e2e_dir/foreign-witness.log" 2>&1 &
    foreign_pid=$!
}
witness_end() {
    local status=$?
    for pid in $witness_pid $foreign_pid; do kill "$pid" 2>/dev/null || true; done
    # e2e_end keeps the logs of a script that failed, by the status it finds.
    if (exit "$status"); then e2e_end; else e2e_end; fi
}
# Two nodes know the witness; a third one asks an address where nobody answers.
e2e_configure() {
    local name port
    trap witness_end EXIT
    take_port
    witness_port=$free_port
    take_port
    witness_start
    take_port
    foreign_port=$free_port
    foreign_start "$foreign_port"
    take_port
    for name in us-bis nl-cdiu jp-meti; do
        port=$witness_port
        [ "$name" != jp-meti ] || port=$free_port
        sed -i '/^witnesses: /d' "$e2e_dir/$name/quotad.yaml"
        printf 'witnesses:\n  - url: "http://127.0.0.1:%s"\n    key: "%s"\n' "$port" "$(cat "$e2e_dir/vkey")" \
            >>"$e2e_dir/$name/quotad.yaml"
    done
    [ -z "$foreign_pid" ] || printf '  - url: "http://127.0.0.1:%s"\n    key: "%s"\n' "$foreign_port" \
        "$(cat "$e2e_dir/foreign-vkey")" >>"$e2e_dir/nl-cdiu/quotad.yaml"
}
e2e_begin witness
agency=$(node_url us-bis)
line=$(printf '\xe2\x80\x94 outside.example ')

# cosigned NODE : whether the node's published checkpoint, of the newest size, carries the witness's line.
cosigned() { curl -fsS "$(node_url "$1")/checkpoint" | grep -qF "$line"; }
asked() { curl -fsS "http://127.0.0.1:$witness_port/asked"; }

check "the first checkpoint is cosigned from outside" wait_until 20 cosigned us-bis
check "for the other node as well" wait_until 20 cosigned nl-cdiu
e2e_organisation kenya-lab KE
load_start kenya-lab
check "claims become final" more_receipts 20
load_stop
check "all four serve the same root" wait_until 60 cluster_agrees
check "the newest checkpoint is cosigned" wait_until 20 cosigned us-bis
check "on both nodes" wait_until 20 cosigned nl-cdiu
if [ -n "$foreign_pid" ]; then
    foreign_cosigned() { curl -fsS "$(node_url nl-cdiu)/checkpoint" | grep -qF "$(printf '\xe2\x80\x94 foreign.example/w1 ')"; }
    check "and by a witness that nobody here wrote" wait_until 20 foreign_cosigned
else
    skip "a witness that nobody here wrote: the Python package aics-witness is not installed"
fi
if cosigned jp-meti; then fail "a node whose witness does not answer has no line"; else pass "a node whose witness does not answer has no line"; fi
if cosigned atlas; then fail "nor one that asks nobody"; else pass "nor one that asks nobody"; fi
check_equal "a witness that does not answer is told once" 1 \
    "$(grep -c 'outside witness does not cosign' "$e2e_dir/jp-meti.log" || true)"

# Whoever trusts the outside witness can ask for it.
policy=$e2e_dir/outside-policy
{
    grep -v '^quorum ' "$e2e_dir/trust-policy"
    printf 'witness outside %s\n' "$(cat "$e2e_dir/vkey")"
    printf 'group both all %s outside\nquorum both\n' "$(awk '$1 == "quorum" { print $2 }' "$e2e_dir/trust-policy")"
} >"$policy"
check_exit 0 "a policy that asks for the outside witness accepts the checkpoint" \
    "$QUOTA_BIN/quota-verify" audit --url "$agency" --policy "$policy"
check_exit 1 "and refuses that of a node without its line" \
    "$QUOTA_BIN/quota-verify" audit --url "$(node_url atlas)" --policy "$policy"
if "$QUOTA_PYTHON" -c 'import cryptography' 2>/dev/null; then
    check_exit 0 "so does the second implementation" env PYTHONDONTWRITEBYTECODE=1 \
        "$QUOTA_PYTHON" Tests/second/ledger_check.py audit --url "$agency" --policy "$policy"
fi

# An idle ledger asks nobody until its own cosignatures are renewed.
before=$(asked)
sleep 3
check_equal "while the ledger rests, so does the witness" "$before" "$(asked)"

# A restart keeps the line, and learns from the witness where it stands.
check "a node is stopped" node_stop us-bis
sed -i 's/^renewal-s: .*/renewal-s: 2/' "$e2e_dir/us-bis/quotad.yaml"
node_start us-bis
check "and started again, to renew its cosignature every two seconds" wait_until 60 node_ready us-bis
check "it serves the outside line of before" wait_until 20 cosigned us-bis
shown() { curl -fsS "$agency/checkpoint"; }
size=$(shown | sed -n 2p)
before=$(shown | grep -F "$line")
is_renewed() { [ "$(shown | grep -F "$line")" != "$before" ]; }
check "with each renewal the outside witness is asked again, so that its line is as fresh" wait_until 20 is_renewed
check_equal "though the ledger rests" "$size" "$(shown | sed -n 2p)"

# A witness that fails for a while, and one that has forgotten everything.
curl -fsS -X POST "http://127.0.0.1:$witness_port/fail" -o "$e2e_dir/answer"
load_start kenya-lab
check "claims become final without the witness" more_receipts 10
load_stop
cluster_agrees || wait_until 60 cluster_agrees || true
is_told() { grep -q 'outside witness does not cosign' "$e2e_dir/us-bis.log"; }
check "a witness that fails is told" wait_until 20 is_told
curl -fsS -X POST "http://127.0.0.1:$witness_port/mend" -o "$e2e_dir/answer"
check "and asked again until it cosigns" wait_until 60 cosigned us-bis
check_contains "which is told too" "cosigns again" "$(cat "$e2e_dir/us-bis.log")"
check_contains "a size that the witness did not expect was corrected by its answer" '"409"' "$(asked)"

# While the ledger grows, a slow witness's line comes when the next checkpoint is out.
check_exit 22 "a node that asks nobody has no checkpoint with an outside line" \
    curl -fsS "$(node_url atlas)/v1/witnessed-checkpoint"
late() { curl -fsS "$agency/v1/witnessed-checkpoint"; }
late_size() { late | sed -n 2p; }
curl -fsS -X POST "http://127.0.0.1:$witness_port/slow" -o "$e2e_dir/answer"
load_start kenya-lab
check "claims become final beside a slow witness" more_receipts 20
before=$(late_size)
check "whose line is shown with the checkpoint that it is for, one after the other" \
    wait_until 30 eval '[ "$(late_size)" -gt "$before" ]'
check_contains "the line is there" "$line" "$(late)"
check_exit 0 "a policy that asks for it is met while the ledger grows" \
    "$QUOTA_BIN/quota-verify" audit --url "$agency" --policy "$policy"
check_exit 0 "and a watcher by that policy goes on" "$QUOTA_BIN/quota-verify" watch --once --url "$agency" \
    --policy "$policy" --state "$e2e_dir/watch"
check_contains "with a checkpoint that has the line" "outside.example" "$(cat "$e2e_dir"/watch/*.json)"
check "a static copy is made while the ledger grows" quotad export --static "$e2e_dir/copy" --url "$agency"
check_exit 0 "and audited by that policy" "$QUOTA_BIN/quota-verify" audit --folder "$e2e_dir/copy" --policy "$policy"
e2e_python explorer_witness.py "$policy" "$e2e_dir/copy" "$agency"
load_stop
curl -fsS -X POST "http://127.0.0.1:$witness_port/mend" -o "$e2e_dir/answer"

# The lines of two witnesses come together on one checkpoint while the ledger grows.
if [ -n "$foreign_pid" ]; then
    both() { [ "$(curl -fsS "$(node_url nl-cdiu)/v1/witnessed-checkpoint" | grep -cE ' (outside.example|foreign.example/w1) ')" = 2 ]; }
    load_start kenya-lab
    check "more claims become final" more_receipts 5
    check "one checkpoint gets the lines of both outside witnesses" wait_until 30 both
    load_stop
fi

# In turn, a node of this ledger witnesses a log of others, over a restart, and no fork of it.
foreign() { PYTHONDONTWRITEBYTECODE=1 "$QUOTA_PYTHON" Tests/interop/foreign_log.py "$e2e_dir/foreign.key" "$@" 2>&1; }
cosigner=$(awk '$1 == "witness" && $2 == "us-bis" { print $3 }' "$e2e_dir/trust-policy")
ask() { foreign "$agency" "$cosigner" "$@"; }
check_contains "a log that nobody named is unknown" "404 " "$(ask 5 0)"
check "a node is stopped" node_stop us-bis
sed -i '/^witnessed-logs: /d' "$e2e_dir/us-bis/quotad.yaml"
printf 'witnessed-logs:\n  - "%s"\n' "$(foreign)" >>"$e2e_dir/us-bis/quotad.yaml"
elsewhere() { PYTHONDONTWRITEBYTECODE=1 "$QUOTA_PYTHON" Tests/interop/tlog_witness.py "$@"; }
[ -z "$foreign_pid" ] || printf '  - "%s"\n' "$(elsewhere key "$e2e_dir/elsewhere.key")" >>"$e2e_dir/us-bis/quotad.yaml"
node_start us-bis
check "and started with the log's key" wait_until 60 node_ready us-bis
check_equal "its first checkpoint is cosigned" "cosigned" "$(ask 5 0)"
check_equal "and the next, by a proof" "cosigned" "$(ask 700 5)"
check_contains "who does not know the size is told" "409 700" "$(ask 701 5)"
check_contains "a fork is refused" "422 " "$(ask 900 700 --fork)"
node_stop us-bis KILL || true
node_start us-bis
check "the node is killed and started again" wait_until 60 node_ready us-bis
check_contains "it has not forgotten what it cosigned" "409 700" "$(ask 5 0 --fork)"
check_equal "and goes on from there" "cosigned" "$(ask 1000 700)"
checks_of "" elsewhere own "$agency" "$cosigner"
[ -z "$foreign_pid" ] || checks_of "" elsewhere log "$e2e_dir/elsewhere.key" "$agency" "$cosigner"
name=$(printf allies.example/compute-2026 | sha256sum | cut -d' ' -f1)
check_contains "it shows the cosigned checkpoint" "$(printf '\n1000\n')" "$(curl -fsS "$agency/$name/checkpoint")"
finish
