#!/usr/bin/env python3
"""Proves that the voting rules of consensus keep their promises, for any number of members, views and proposals.

    prove.py                 the proof, then the rules one by one: without any of them there must be a counter-example
    prove.py --without RULE  shows what breaks without a rule
    prove.py --rules         the rules

Exit code: 0 proven and every rule needed, 1 not, 2 the solver is missing.
"""

import argparse
import sys
import time

try:
    from z3 import And, BoolSort, Const, Consts, Exists, ForAll, Function, Implies, Not, Or, Solver, sat, unsat
except ImportError:
    print("  skip  the proof of the voting rules: the Python package z3-solver is not installed")
    sys.exit(2)

from scope import solver_within
from protocol import BLOCK, MEMBER, PROPOSAL, QUORUM, RULES, VIEW, Frame, State
from steps import steps

# The solver's own measure of work, the same on every machine. The hardest proof takes a fifth of the first.
WORK_MAX = 100_000_000
WORK_QUICK = 2_000_000


def proves(facts, work):
    """`unsat` if the facts contradict each other, which is the proof; else `sat` or, after so much work, `unknown`."""
    solver = Solver()
    solver.set("rlimit", work)
    solver.add(*facts)
    return solver.check()


# --- Obligations ------------------------------------------------------------------------------


def initial(rules):
    """At the start nobody voted; every promise holds."""
    state = State("")
    m, a = Consts("m0 a0", MEMBER)
    v = Const("v0", VIEW)
    p = Const("p0", PROPOSAL)
    start = [
        ForAll([m, v, p], Not(Or(state.notarized(m, v, p), state.finalized(m, v, p)))),
        ForAll([m, v], Not(state.nullified(m, v))),
        ForAll([m, v], Not(state.voted(m, v))),
        ForAll([m, v, p], Not(state.log_notarized(m, v, p))),
        ForAll([v, p], Not(Or(state.notarization(p), state.nullification(v), state.finalization(p)))),
        ForAll([m], Not(state.recovering(m))),
        ForAll([m, a, v], Not(state.answer(m, a, v))),
    ]
    for name, promise in state.promises(rules):
        yield f"at the start: {name}", [*Frame.axioms("order"), *start, Not(promise)]


# What a promise rests on, beside itself, when a step is to keep it.
SUPPORT = {
    "I1": ("P11 every notarize",),
    "I2": ("P11 every nullify", "P11 every finalize"),
    "I3": ("a vote is a vote",),
    "P11": ("a vote is a vote",),
    "an answer": ("P11 every any", "a vote's view", "a vote is a vote"),
}


def chosen(promises, *beginnings):
    """The promises whose names begin so. Fewer assumptions help the solver, and a proof from fewer is one from all."""
    return [formula for name, formula in promises.items() if name.startswith(beginnings)]


def induction(rules):
    """Each step keeps each promise."""
    old, new = State(""), State("'")
    before = dict(old.promises(rules))
    for step in steps(old, rules):
        lemma = []
        if step.lemma is not None:
            known = chosen(before, "an answer", "a vote's view")
            yield f"{step.name}: the answers reach every lost vote", [
                *Frame.axioms("order", "quorums", "neighbours"), *known, step.condition, Not(step.lemma)]
            lemma = [step.lemma]
        for name, promise in new.promises(rules):
            support = [needed for start, needs in SUPPORT.items() if name.startswith(start) for needed in needs]
            known = chosen(before, name, *support)
            yield f"{step.name} keeps: {name}", [
                *Frame.axioms("order", "quorums"), *known, *lemma, step.formula(old, new), Not(promise)]


def agrees(state, b):
    """What is final is in the chain of every later certified proposal b."""
    a = Const("a_agrees", PROPOSAL)
    earlier = And(state.finalization(a), Frame.at_most(Frame.view_of(a), Frame.view_of(b)))
    return ForAll([a], Implies(And(earlier, state.is_certified(b)), Frame.extends(b, a)))


def seals_last(state, b):
    """No block of this epoch follows a final sealing block: what comes later echoes it."""
    a = Const("a_seals", PROPOSAL)
    sealed = And(state.finalization(a), Frame.seals(Frame.block(a)), Frame.at_most(Frame.view_of(a), Frame.view_of(b)))
    return ForAll([a], Implies(And(sealed, state.is_certified(b)), Frame.block(b) == Frame.block(a)))


def first_exception(claim):
    """Views are well-ordered, so a claim that fails for some proposal fails for one of the lowest view: all below keep it."""
    b, c = Consts("b_first c_lower", PROPOSAL)
    return And(ForAll([c], Implies(Frame.less(Frame.view_of(c), Frame.view_of(b)), claim(c))), Not(claim(b)))


def guilty(state, m):
    """E1 to E4: two votes of one view that no honest member signs both; anyone can check the pair."""
    v = Const("v_guilty", VIEW)
    p, r = Consts("p_guilty r_guilty", PROPOSAL)
    pairs = Or(
        And(state.notarized(m, v, p), state.notarized(m, v, r), p != r),
        And(state.nullified(m, v), state.finalized(m, v, p)),
        And(state.finalized(m, v, p), state.finalized(m, v, r), p != r),
        And(state.notarized(m, v, p), state.finalized(m, v, r), p != r),
    )
    return Exists([v, p, r], pairs)


def theorems(rules):
    """What follows from the promises."""
    state = State("")
    m = Const("m_theorem", MEMBER)
    b = Const("b_theorem", PROPOSAL)
    promises = dict(state.promises(rules))
    axioms = Frame.axioms("order", "quorums", "tree")
    votes = chosen(promises, "I1", "I2", "I3", "I5", "a certificate's")
    yield "P1 agreement: no two final proposals off one chain", [
        *axioms, *votes, first_exception(lambda c: agrees(state, c))]
    yield "after a final sealing block only echoes of it are certified", [
        *axioms, *votes, ForAll([b], agrees(state, b)), first_exception(lambda c: seals_last(state, c))]
    yield "P10 no honest member can be accused", [*axioms, *votes, Frame.honest(m), guilty(state, m)]
    # However many are Byzantine: if every two quorums share a member that is not provably guilty, two justified chains agree.
    # So where they do not agree, two quorums share guilty members only: f + 1 of n = 3f + 1.
    innocent = Function("innocent", MEMBER, BoolSort())
    unproven = ForAll([m], Implies(innocent(m), Not(guilty(state, m))))
    chains = ForAll([b], Implies(And(b != Frame.root, Or(state.is_certified(b), state.finalization(b))), state.is_justified(b, rules)))
    known = [*Frame.axioms("order", "quorums", "tree", shared=innocent), *chosen(promises, "a certificate's"), unproven, chains]
    yield "P10 a fork of a final and a certified proposal convicts what two quorums share", [
        *known, first_exception(lambda c: agrees(state, c))]
    a = Const("a_theorem", PROPOSAL)
    fork = And(state.finalization(a), state.finalization(b), Frame.at_most(Frame.view_of(a), Frame.view_of(b)), Not(Frame.extends(b, a)))
    c = Const("c_theorem", PROPOSAL)
    yield "P10 a fork of two final proposals convicts what two quorums share", [
        *known, ForAll([c], agrees(state, c)), fork]


def obligations(rules):
    yield from initial(rules)
    yield from induction(rules)
    yield from theorems(rules)


# --- An example --------------------------------------------------------------------------------


def small_universe():
    """Four members, their quorums of three, three views, the root and three proposals."""
    counts = ((MEMBER, 4), (QUORUM, 4), (VIEW, 3), (PROPOSAL, 4), (BLOCK, 2))
    return {sort.name(): [Const(f"{sort.name()}{i}", sort) for i in range(count)] for sort, count in counts}


def example(rules):
    """Assumptions that contradict each other prove everything. These do not: with four members, one of them Byzantine, a proposal
    above the root is final, while another member has lost its log."""
    state = State("")
    p, r = Consts("p_example r_example", PROPOSAL)
    liar, loser = Consts("liar loser", MEMBER)
    facts = [
        *Frame.axioms(), *(promise for _, promise in state.promises(rules)),
        p != Frame.root, state.finalization(p), Frame.byzantine(liar), state.notarized(liar, Frame.view_of(p), r), r != p,
        Frame.honest(loser), state.recovering(loser), state.voted(loser, Frame.view_of(p)),
    ]
    return solver_within(facts, small_universe()).check() == sat


# --- Commands ---------------------------------------------------------------------------------


def weak_points(rules):
    """The obligations that the solver does not prove at once, each with whether a small universe breaks it."""
    for name, facts in obligations(rules):
        if proves(facts, WORK_QUICK) != unsat:
            whole = [*Frame.axioms("order", "neighbours", "tree"), *facts]
            yield name, solver_within(whole, small_universe()).check() == sat


def expect(is_right, description):
    print(f"  {'pass' if is_right else 'FAIL'}  {description}", flush=True)
    return is_right


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--without", metavar="RULE", choices=sorted(RULES))
    parser.add_argument("--rules", action="store_true", help="list the rules")
    options = parser.parse_args()
    if options.rules:
        for rule, meaning in RULES.items():
            print(f"{rule:34} {meaning}")
        return 0
    if options.without:
        for name, is_broken in weak_points(set(RULES) - {options.without}):
            print(f"  {'broken' if is_broken else 'no quick answer'}: {name}", flush=True)
        return 0
    began = time.monotonic()
    right = expect(example(set(RULES)), "an example: a proposal is final beside a liar and a lost log, and no promise is broken")
    count = 0
    for name, facts in obligations(set(RULES)):
        count += 1
        answer = proves(facts, WORK_MAX)
        right &= answer == unsat or expect(False, f"{name} ({answer})")
    right = expect(right, f"{count} obligations proven for any number of members and views, in {time.monotonic() - began:.0f} s")
    for rule in RULES:
        broken = next((name for name, is_broken in weak_points(set(RULES) - {rule}) if is_broken), None)
        right &= expect(broken is not None, f"without {rule} there is a counter-example" + (f": {broken}" if broken else ""))
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
