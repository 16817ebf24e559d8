"""The voting rules of consensus as a transition system in first-order logic.

Members, views, proposals and quorums are bare sorts: what is proven holds for any number of each. Votes are signatures, so the set of
votes that exist only grows; what a member remembers of its own (its log) can be lost. A Byzantine member has no log and casts any vote.
A rule that `Rule` in `Sources/Consensus` names has the same name here.
"""

from z3 import (And, BoolSort, Const, Consts, DeclareSort, Exists, ForAll, Function, Implies, Not, Or)

MEMBER, QUORUM, VIEW, PROPOSAL, BLOCK = (DeclareSort(name) for name in ("Member", "Quorum", "View", "Proposal", "Block"))

RULES = {
    "one-notarize-per-view": "I1: a member notarizes one proposal a view",
    "no-finalize-after-nullify": "I2: no finalize vote in a view that the member nullified",
    "no-nullify-after-finalize": "I2: no nullify vote in a view that the member finalized",
    "finalize-own-notarization": "I3: a member finalizes only what it notarized",
    "skip-proofs": "I5: every view between a proposal and its parent is nullified",
    "parent-is-certified": "I5: the parent of a proposal is notarized, or the root",
    "echo-after-seal": "on a sealing block that is not final, only echoes are valid",
    "durable-before-sent": "a vote is in the log before it leaves",
    "open-votes-survive-commit": "the log forgets votes of final views only",
    "recovering-is-mute": "a member that recovers casts no vote, nullify included",
    "abstains-up-to": "after recovery a member votes only beyond the proven view",
    "recovery-skips-view": "the first vote is two views above the highest proven one",
    "recovery-asks-quorum": "a quorum answers before anything is concluded",
    "recovery-asks-others": "the own answer does not count",
    "recovery-answers-are-fresh": "answers to an earlier question do not count",
    "answers-reach-own-votes": "nobody answers from below its own highest vote",
    "abstainers-do-not-answer": "nobody answers while it abstains itself",
    "recoverers-do-not-answer": "nobody answers while it recovers",
    "views-are-entered-by-certificate": "a member votes in a view only with a certificate of the view before, or of a later one",
}


class Frame:
    """What does not change: who is Byzantine, which quorums there are, the order of views, the tree of proposals."""

    byzantine = Function("byzantine", MEMBER, BoolSort())
    within = Function("within", MEMBER, QUORUM, BoolSort())
    below_or_at = Function("below_or_at", VIEW, VIEW, BoolSort())
    before = Function("before", VIEW, VIEW)
    after = Function("after", VIEW, VIEW)
    first = Const("first", VIEW)
    view_of = Function("view_of", PROPOSAL, VIEW)
    parent = Function("parent", PROPOSAL, PROPOSAL)
    extends = Function("extends", PROPOSAL, PROPOSAL, BoolSort())
    block = Function("block", PROPOSAL, BLOCK)
    seals = Function("seals", BLOCK, BoolSort())
    root = Const("root", PROPOSAL)

    @classmethod
    def at_most(cls, u, v):
        return cls.below_or_at(u, v)

    @classmethod
    def less(cls, u, v):
        return And(cls.below_or_at(u, v), u != v)

    @classmethod
    def honest(cls, m):
        return Not(cls.byzantine(m))

    @classmethod
    def every(cls, q, condition):
        m = Const("m_every", MEMBER)
        return ForAll([m], Implies(cls.within(m, q), condition(m)))

    @classmethod
    def axioms(cls, *groups, shared=None):
        """The axioms of these groups: a proof needs few, and fewer make the solver faster.

        `shared` says what two quorums have in common; without it, an honest member: n > 3f, quorums of n - f.
        """
        shared = cls.honest if shared is None else shared
        u, v, w = Consts("u v w", VIEW)
        p, r, s = Consts("p r s", PROPOSAL)
        q1, q2 = Consts("q1 q2", QUORUM)
        m = Const("m_shared", MEMBER)
        order = [
            ForAll([u], cls.at_most(u, u)),
            ForAll([u, v, w], Implies(And(cls.at_most(u, v), cls.at_most(v, w)), cls.at_most(u, w))),
            ForAll([u, v], Implies(And(cls.at_most(u, v), cls.at_most(v, u)), u == v)),
            ForAll([u, v], Or(cls.at_most(u, v), cls.at_most(v, u))),
            ForAll([u], cls.at_most(cls.first, u)),
        ]
        # Nothing stands between a view and its neighbours; the first and the last are their own.
        neighbours = [
            cls.before(cls.first) == cls.first,
            ForAll([v], Implies(v != cls.first, cls.less(cls.before(v), v))),
            ForAll([u, v], Implies(cls.less(u, v), cls.at_most(u, cls.before(v)))),
            ForAll([u], cls.at_most(u, cls.after(u))),
            ForAll([u, v], Implies(cls.less(u, v), And(cls.after(u) != u, cls.at_most(cls.after(u), v)))),
        ]
        quorums = [ForAll([q1, q2], Exists([m], And(cls.within(m, q1), cls.within(m, q2), shared(m))))]
        # A proposal names its parent by hash, so the tree is given; views grow along it.
        tree = [
            cls.parent(cls.root) == cls.root,
            cls.view_of(cls.root) == cls.first,
            ForAll([p], Implies(p != cls.root, cls.less(cls.view_of(cls.parent(p)), cls.view_of(p)))),
            ForAll([p], cls.extends(p, p)),
            ForAll([p], cls.extends(p, cls.parent(p))),
            ForAll([p, r, s], Implies(And(cls.extends(p, r), cls.extends(r, s)), cls.extends(p, s))),
            ForAll([p, r], Implies(And(cls.extends(p, r), p != r), cls.extends(cls.parent(p), r))),
            ForAll([p, r], Implies(cls.extends(p, r), cls.at_most(cls.view_of(r), cls.view_of(p)))),
        ]
        by_name = {"order": order, "neighbours": neighbours, "quorums": quorums, "tree": tree}
        return [axiom for group in groups or by_name for axiom in by_name[group]]


class State:
    """What changes. `tag` tells the state before a step from the one after it."""

    def __init__(self, tag):
        def relation(name, *sorts):
            return Function(name + tag, *sorts)

        truth = BoolSort()
        self.notarized = relation("notarized", MEMBER, VIEW, PROPOSAL, truth)
        self.nullified = relation("nullified", MEMBER, VIEW, truth)
        self.finalized = relation("finalized", MEMBER, VIEW, PROPOSAL, truth)
        self.log_notarized = relation("log_notarized", MEMBER, VIEW, PROPOSAL, truth)
        self.log_nullified = relation("log_nullified", MEMBER, VIEW, truth)
        self.log_finalized = relation("log_finalized", MEMBER, VIEW, PROPOSAL, truth)
        self.log_voted = relation("log_voted", MEMBER, VIEW, truth)
        # No vote at or below the floor: it is final there, or the member abstains.
        self.floor = relation("floor", MEMBER, VIEW)
        self.recovering = relation("recovering", MEMBER, truth)
        # answer(r, a, v): r holds a's answer to its open question: a has proven to be in view v.
        self.answer = relation("answer", MEMBER, MEMBER, VIEW, truth)
        # Votes of any kind: a member voted in a view.
        self.voted = relation("voted", MEMBER, VIEW, truth)
        # Certificates that somebody put together, and whose votes are in them. They are never lost: any holder can show them.
        self.notarization = relation("notarization", PROPOSAL, truth)
        self.nullification = relation("nullification", VIEW, truth)
        self.finalization = relation("finalization", PROPOSAL, truth)
        self.notarizers = relation("notarizers", PROPOSAL, QUORUM)
        self.nullifiers = relation("nullifiers", VIEW, QUORUM)
        self.finalizers = relation("finalizers", PROPOSAL, QUORUM)
        # How a member came into the view of its vote: the quorum of the certificate and the certificate's view.
        self.entry_quorum = relation("entry_quorum", MEMBER, VIEW, QUORUM)
        self.entry_view = relation("entry_view", MEMBER, VIEW, VIEW)

    def is_certified(self, p):
        return Or(p == Frame.root, self.notarization(p))

    def is_justified(self, p, rules):
        """I5: what a proposal carries to show that its parent is the right one, and that it may stand on a sealing block."""
        u = Const("u_skipped", VIEW)
        parent = Frame.parent(p)
        conditions = [p != Frame.root]
        if "parent-is-certified" in rules:
            conditions.append(self.is_certified(parent))
        if "skip-proofs" in rules:
            between = And(Frame.less(Frame.view_of(parent), u), Frame.less(u, Frame.view_of(p)))
            conditions.append(ForAll([u], Implies(between, self.nullification(u))))
        if "echo-after-seal" in rules:
            conditions.append(Implies(Frame.seals(Frame.block(parent)), Frame.block(p) == Frame.block(parent)))
        return And(conditions)

    # --- What always holds

    def promises(self, rules):
        """The inductive invariant: a name and a formula each."""
        m, a = Consts("m_inv a_inv", MEMBER)
        v, x = Consts("v_inv x_inv", VIEW)
        p, r = Consts("p_inv r_inv", PROPOSAL)
        honest = Frame.honest
        yield "I1 one notarize vote a view", ForAll(
            [m, v, p, r], Implies(And(honest(m), self.notarized(m, v, p), self.notarized(m, v, r)), p == r))
        yield "I2 never both nullify and finalize", ForAll(
            [m, v, p], Implies(honest(m), Not(And(self.nullified(m, v), self.finalized(m, v, p)))))
        yield "I3 finalizes only what it notarized", ForAll(
            [m, v, p], Implies(And(honest(m), self.finalized(m, v, p)), And(self.notarized(m, v, p), self.is_certified(p))))
        yield "I5 notarizes only what is justified", ForAll(
            [m, v, p],
            Implies(And(honest(m), self.notarized(m, v, p)), And(Frame.view_of(p) == v, self.is_justified(p, rules))))
        yield "a certificate's votes were cast", And(
            ForAll([m, p], Implies(And(self.notarization(p), Frame.within(m, self.notarizers(p))), self.notarized(m, Frame.view_of(p), p))),
            ForAll([m, v], Implies(And(self.nullification(v), Frame.within(m, self.nullifiers(v))), self.nullified(m, v))),
            ForAll([m, p], Implies(And(self.finalization(p), Frame.within(m, self.finalizers(p))), self.finalized(m, Frame.view_of(p), p))))
        yield "a vote is a vote", And(
            ForAll([m, v, p], Implies(Or(self.notarized(m, v, p), self.nullified(m, v), self.finalized(m, v, p)), self.voted(m, v))),
            ForAll([m, v, p], Implies(And(honest(m), self.log_notarized(m, v, p)), self.notarized(m, v, p))))
        # Lost, or as good as: nothing is voted there again.
        lost = Or(self.recovering(m), Frame.at_most(v, self.floor(m)))
        for kind, names, vote, record in (
            ("notarize", [m, v, p], self.notarized(m, v, p), self.log_notarized(m, v, p)),
            ("nullify", [m, v], self.nullified(m, v), self.log_nullified(m, v)),
            ("finalize", [m, v, p], self.finalized(m, v, p), self.log_finalized(m, v, p)),
            ("any", [m, v], self.voted(m, v), self.log_voted(m, v)),
        ):
            yield f"P11 every {kind} vote above the floor is in the log", ForAll(
                names, Implies(And(honest(m), vote), Or(lost, record)))
        quorum, entry = self.entry_quorum(m, v), self.entry_view(m, v)
        yield "a vote's view was entered by a certificate", ForAll(
            [m, v],
            Implies(
                And(honest(m), self.voted(m, v), Frame.before(v) != Frame.first),
                And(Frame.at_most(Frame.before(v), entry), Frame.every(quorum, lambda s: self.voted(s, entry)))))
        yield "an answer reaches the view that led to a lost vote", ForAll(
            [m, a, v, x],
            Implies(
                And(honest(m), honest(a), self.recovering(m), self.answer(m, a, x), self.voted(m, v), Frame.before(v) != Frame.first,
                    Frame.within(a, quorum)),
                And(a != m, Frame.at_most(entry, x))))
