#!/usr/bin/env bash
# What a watcher of live nodes tells a webhook and the readers of a feed: a part of a cap passed, a claim beyond it, another
# policy, another member, a node that falls silent; and what becomes of an event that nobody took before a restart.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=Tests/lib/e2e.sh
. Tests/lib/e2e.sh
# shellcheck disable=SC2034  # Node/lib/cluster.sh reads it.
cluster_policy=$e2e_root/Node/story-data/founding.json
watch_pids=()
watch_end() {
    local status=$? pid
    for pid in "${watch_pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    # e2e_end keeps the logs of a script that failed, by the status it finds.
    if (exit "$status"); then e2e_end; else e2e_end; fi
}
e2e_begin watch-events
trap watch_end EXIT
today=$(date -u +%F)
told=$e2e_dir/told
touch "$told"

# as MEMBER COMMAND… : quotactl as this member.
as() {
    local member=$1
    shift
    "$QUOTA_BIN/quotactl" "$@" --home "$e2e_dir/$member"
}
for name in us-bis nl-cdiu jp-meti atlas; do
    "$QUOTA_BIN/quotactl" profile --home "$e2e_dir/$name" --member "$name" --origin "$CLUSTER_ORIGIN" \
        --node "$(node_url us-bis)" >/dev/null
done
take_port
hook=$free_port
python3 Tests/lib/webhook.py "$hook" "$told" &
watch_pids+=($!)

# The watcher that runs, apart from the webhook.
watcher=
watch_start() {
    "$QUOTA_BIN/quota-verify" watch --policy "$e2e_dir/trust-policy" --state "$e2e_dir/state" --period 1 --silence 4 \
        --url "$(node_url us-bis)" --url "$(node_url nl-cdiu)" --url "$(node_url atlas)" \
        --webhook "http://127.0.0.1:$hook/" --feed "$e2e_dir/feed.atom" >>"$e2e_dir/events" 2>&1 &
    watcher=$!
    watch_pids+=("$watcher")
}
watch_stop() { kill "$watcher" 2>/dev/null && wait "$watcher" 2>/dev/null || true; }
was_told() { grep -F "\"kind\":\"$1\"" "$told" | grep -qF -- "$2"; }
caught_up() { grep -q '"isCaughtUp" : true' "$e2e_dir/state/watch.json"; }

# tells KIND WORDS : the webhook hears of it, once, and the feed has it.
tells() {
    check "the webhook hears: $1, $2" wait_until 30 was_told "$1" "$2"
    check_equal "once" 1 "$(grep -F "\"kind\":\"$1\"" "$told" | grep -cF -- "$2")"
    check_contains "and the feed has it" "<category term=\"$1\"/>" "$(cat "$e2e_dir/feed.atom")"
}

e2e_organisation penang-cloud MY
watch_start
check "the watcher replays the ledger" wait_until 30 caught_up
check_equal "and says nothing of it" "" "$(cat "$told")"

check "a policy is proposed" as us-bis propose policy Node/story-data/memorandum-2026.json --effective "$today" --id P-1
check "and voted in" as nl-cdiu vote approve proposal us-bis/P-1
tells policy "Policy 'memorandum-2026' is in force"

# Malaysia has 100,000,000 TPP, a piece is 15,832.
claim() {
    as atlas claim new "$1" --authority LICENSE --destination MY --consignee penang-cloud --line "h100-sxm=$2" \
        --exported "$today" "${@:3}"
}
check "a claim takes nine tenths of a country's cap" claim A-1 6000
tells threshold "country MY 2026-2028: 94,992,000 TPP of 100,000,000 TPP are used, 94 %; 90 % are passed."

check "a claim beyond the cap is drafted" claim A-2 1000 --out "$e2e_dir/A-2.cose"
check "the members give leave" as us-bis propose override "$e2e_dir/A-2.cose" --grounds "a hospital" --id O-1
check "by two of three" as nl-cdiu vote approve proposal us-bis/O-1
check "and it passes" as atlas submit "$e2e_dir/A-2.cose"
tells override "country MY 2026-2028: 1 claim entered beyond the cap by an override."

cluster_member lab "Penang Standards Laboratory" inspector MY >/dev/null
check "a member is proposed" as us-bis propose member "$e2e_dir/lab/card.cose" --id M-1
touch "$told.refuse"
check "and voted in" as nl-cdiu vote approve proposal us-bis/M-1
waits() { grep -q 'is a member now' "$e2e_dir/events"; }
check "the watcher tells it while the webhook refuses" wait_until 30 waits
watch_stop
check_equal "so that the webhook has nothing" 0 "$(grep -c '"kind":"members"' "$told" || true)"
rm "$told.refuse"
watch_start
tells members "lab (inspector, MY) is a member now."

node_stop atlas
tells silence "$(node_url atlas) has not answered since"
node_start atlas
tells back "$(node_url atlas) answers again."
watch_stop
check_equal "over both runs the feed has what the webhook got" "$(wc -l <"$told")" "$(grep -c '<entry>' "$e2e_dir/feed.atom")"
check "and is XML" python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' "$e2e_dir/feed.atom"
finish
