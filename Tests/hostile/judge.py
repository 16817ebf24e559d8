"""Whether a history can be that of one honest ledger."""

import json

from statements import request

def judge(world, history, checks, audit):
    """The promises to users, each against everything that was ever asked and answered."""
    final = {}
    contradictions, twice = [], []
    refused = {}
    for record in history.submissions:
        if record["status"] == 201:
            index = record["index"]
            known = final.setdefault(record["entry"], index)
            if known != index:
                contradictions.append((record["claim"], known, index))
        elif record["status"] == 400:
            refused.setdefault(record["entry"], record.get("code"))
    places = {}
    for entry, index in final.items():
        if places.setdefault(index, entry) != entry:
            twice.append((index, entry, places[index]))
    checks.expect(final, f"claims became final: {len(final)}; refused: {len(refused)}")
    checks.expect(not contradictions, "a claim has one place, whichever node is asked", contradictions[:3])
    checks.expect(not twice, "a place holds one claim", twice[:3])
    _judge_views(history, checks)
    _judge_kept(world, final, checks)
    for node in world.nodes:
        problem = audit(node)
        checks.expect(problem is None, f"quota-verify audit passes against {node.name}", problem)


def _judge_views(history, checks):
    roots, totals, forks, differences, exceeded, shrunk = {}, {}, [], [], [], []
    newest = {}
    for view in history.views:
        size, root = view["size"], view["root"]
        if roots.setdefault(size, root) != root:
            forks.append((size, roots[size], root, view["node"]))
        life = view["node"], view["life"]
        if size < newest.get(life, 0):
            shrunk.append((life, newest[life], size))
        newest[life] = size
        for account, (consumed, cap) in view["accounts"].items():
            if totals.setdefault((size, account), consumed) != consumed:
                differences.append((size, account, totals[(size, account)], consumed, view["node"]))
            if cap is not None and consumed > cap:
                exceeded.append((size, account, consumed, cap))
    checks.expect(roots, f"heads were read: {len(history.views)} looks at {len(roots)} sizes")
    checks.expect(not forks, "no two roots of one size", forks[:2])
    checks.expect(not shrunk, "no node ever went back, but to recover", shrunk[:3])
    checks.expect(not differences, "one total for one account and size, whichever node is asked", differences[:2])
    checks.expect(not exceeded, "no limit was exceeded at any head that was seen", exceeded[:2])


def _judge_kept(world, final, checks):
    """Every acknowledged claim is on every node, at the place that the client was told."""
    for node in world.nodes:
        lost = []
        for entry, index in final.items():
            answer = request(f"{node.url}/v1/statements/{entry}")
            if answer.status != 200 or json.loads(answer.body)["index"] != index:
                lost.append((entry, index, answer.status))
        checks.expect(not lost, f"all {len(final)} acknowledged claims are on {node.name}", lost[:3])
