#!/usr/bin/env bash
# Wrong flags, files and settings: every program names what is wrong, with the exit code that it documents.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=Tests/lib/checks.sh
. Tests/lib/checks.sh
QUOTA_BIN=${QUOTA_BIN:-.build/debug}
d=$(mktemp -d)
trap 'rm -rf "$d"' EXIT
example=$PWD/Keys/example

# refuses CODE WORD PROGRAM ARGUMENT… : must end with the code and name the word.
refuses() {
    local code=$1 word=$2 output status=0 shown
    shift 2
    output=$("$QUOTA_BIN/$1" "${@:2}" 2>&1) || status=$?
    shown="$* ends with $code and names '$word'"
    shown=${shown//"$d/"/}
    if [ "$status" = "$code" ] && grep -qF -- "$word" <<<"$output"; then
        pass "${shown//"$example/"/}"
    else
        fail "$shown (exit $status: $(head -c 300 <<<"$output"))"
    fi
}

for program in quotad quotactl quota-verify; do
    check_exit 0 "$program --help" "$QUOTA_BIN/$program" --help
    check_exit 0 "$program --version" "$QUOTA_BIN/$program" --version
    refuses 2 nonsense "$program" nonsense
    refuses 2 --nonsense "$program" --nonsense
done

# Flags of quotad, each wrong in turn, and no half-made home behind them.
init() {
    local -A flags=(
        [home]="$d/node" [id]=us-bis [name]=Bureau [role]=government [country]=US
        [origin]=quota.example/x [peer]=127.0.0.1:7101 [api]=127.0.0.1:8101
    )
    local flag
    local -a arguments=()
    flags[$1]=$2
    for flag in "${!flags[@]}"; do arguments+=("--$flag" "${flags[$flag]}"); done
    check_exit 2 "init with --$1 '$2' is wrong usage" "$QUOTA_BIN/quotad" init "${arguments[@]}"
    check_contains "… and names --$1" "--$1: expected" "$("$QUOTA_BIN/quotad" init "${arguments[@]}" 2>&1 || true)"
}
init id "US BIS"
init name ""
init role king
init country usa
init origin "two words"
init peer 127.0.0.1
init api 127.0.0.1:99999
check "a wrong flag leaves no keys behind" test ! -e "$d/node/node.seed"
refuses 2 --id quotad init --home "$d/node"

# A second key agrees to the card that brings it: nobody brings the key of another.
second() { "$QUOTA_BIN/quotactl" "$@" --home "$d/second" --member atlas --origin quota.example/x; }
card() {
    "$QUOTA_BIN/quotactl" member card --home "$d/atlas" --member atlas --name Atlas --role exporter --country US \
        --origin quota.example/x "$@"
}
"$QUOTA_BIN/quotactl" key new --home "$d/atlas" >/dev/null
"$QUOTA_BIN/quotactl" key new --home "$d/second" >/dev/null
co_key=$("$QUOTA_BIN/quotactl" key show --home "$d/second" | awk '$1 == "public" { print $2 }')
check_exit 2 "a second key that does not agree makes no card" card --co-key "$co_key"
check "its holder gets a draft" card --co-key "$co_key" --draft "$d/card.draft"
check "… approves it as the member, with that key" second approve "$d/card.draft" --out "$d/card.approval"
check "… and the member signs the card" "$QUOTA_BIN/quotactl" sign "$d/card.draft" --home "$d/atlas" --member atlas \
    --origin quota.example/x --approval "$d/card.approval" --out "$d/card.cose"
check "both keys at hand make a card at once" card --co-seed "$d/second/statement.seed" --out "$d/both.cose"

"$QUOTA_BIN/quotad" init --home "$d/node" --id us-bis --name Bureau --role government --country US \
    --origin quota.example/x --peer 127.0.0.1:7101 --api 127.0.0.1:8101 >/dev/null
check_equal "seeds are for their owner alone" "600 600" \
    "$(stat -c %a "$d/node/node.seed" "$d/node/statement.seed" | paste -sd' ')"
refuses 1 node.seed quotad init --home "$d/node" --id us-bis --name Bureau --role government --country US \
    --origin quota.example/x --peer 127.0.0.1:7101 --api 127.0.0.1:8101

# The node's home.
refuses 3 quotad.yaml quotad run --home "$d/none"
refuses 3 genesis.cose quotad run --home "$d/node"
refuses 3 "quota.example/compute-2025" quotad run --home "$d/node" --genesis "$example/genesis.cose"
check "and another ledger's genesis is not kept" test ! -e "$d/node/genesis.cose"
cp "$d/node/quotad.yaml" "$d/right.yaml"
setting() {
    sed "s#^$1:.*#$2#" "$d/right.yaml" >"$d/node/quotad.yaml"
    refuses 3 "$1" quotad run --home "$d/node" --genesis "$example/genesis.cose"
}
setting peer "peer: nowhere"
setting api "api: 127.0.0.1:0"
setting pool-statements "pool-statements: many"
setting view-timeout-ms "view-timeout-ms: 1"
setting log-level "log-level: loud"
setting member ""
printf 'colour: red\n' | cat "$d/right.yaml" - >"$d/node/quotad.yaml"
refuses 3 colour quotad run --home "$d/node"
printf 'member: [a\n' >"$d/node/quotad.yaml"
refuses 3 YAML quotad run --home "$d/node"
cp "$d/right.yaml" "$d/node/quotad.yaml"

# Genesis.
draft() { refuses 1 "$1" quotad genesis draft --origin quota.example/x "${@:2}" --out "$d/draft"; }
policy=Node/policies/us-ai-diffusion-2025.json
catalogue=Node/catalogues/chips-2026.json
draft none.json --policy "$d/none.json" --catalogue $catalogue --card "$d/node/card.cose"
sed 's/"790000000"/"79000000x"/' $policy >"$d/policy.json"
draft cap --policy "$d/policy.json" --catalogue $catalogue --card "$d/node/card.cose"
sed 's/"metric"/"meter"/' $policy >"$d/policy.json"
draft metric --policy "$d/policy.json" --catalogue $catalogue --card "$d/node/card.cose"
head -c 2000 $policy >"$d/policy.json"
draft policy.json --policy "$d/policy.json" --catalogue $catalogue --card "$d/node/card.cose"
draft trust-policy --policy $policy --catalogue $catalogue --card "$example/trust-policy"
head -c 900 "$example/genesis.cose" >"$d/short.cose"
refuses 1 "short.cose" quotad genesis show "$d/short.cose"
refuses 1 card.cose quotad trust-policy --genesis "$d/node/card.cose"

# Members' files.
refuses 3 127.0.0.1:1 quotad status --url http://127.0.0.1:1
refuses 2 "--node" quotactl room --country KE --home "$d/none"
refuses 3 127.0.0.1:1 quotactl room --country KE --node http://127.0.0.1:1
refuses 2 statement.seed quotactl key show --home "$d/none"
chmod 644 "$d/node/statement.seed" "$d/node/node.seed"
refuses 2 "chmod 600" quotactl key show --home "$d/node"
chmod 600 "$d/node/statement.seed"
printf '{"colour": 1}' >"$d/node/profile.json"
refuses 2 colour quotactl profile --home "$d/node"

# Proofs and policies.
refuses 2 "<file>" quota-verify total
refuses 2 "ftp://x" quota-verify audit --url ftp://x --policy "$example/trust-policy"
refuses 3 none quota-verify total "$d/none" --policy "$example/trust-policy"
refuses 3 "line 2" quota-verify total "$example/malaysia.tlog-proof" --policy "$d/right.yaml"
refuses 1 "DISPROVEN" quota-verify total "$example/us-bis.card.cose" --policy "$example/trust-policy"
refuses 1 "DISPROVEN" quota-verify receipt "$example/us-bis.card.cose" --policy "$example/trust-policy"
refuses 3 "127.0.0.1:1" quota-verify audit --url http://127.0.0.1:1 --policy "$example/trust-policy"
finish
