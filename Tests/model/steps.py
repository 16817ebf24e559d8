"""The steps of the transition system: what an honest member, a Byzantine one, and bad luck can do."""

from protocol import MEMBER, PROPOSAL, QUORUM, VIEW, Frame
from z3 import And, BoolVal, Const, Consts, ForAll, Function, If, Implies, Not, Or


class Step:
    """One step: `condition` and what becomes of each relation; all others stay as they are.

    `lemma` follows from the condition and the promises; it is proven by itself, since it takes the solver some thought.
    """

    def __init__(self, name, condition, lemma=None, **changes):
        self.name = name
        self.condition = condition
        self.lemma = lemma
        self.changes = changes

    def formula(self, old, new):
        """The relation between the state before and the one after."""
        parts = [self.condition]
        for name, relation in vars(old).items():
            places = [Const(f"{name}_{i}", relation.domain(i)) for i in range(relation.arity())]
            follows = self.changes.get(name, lambda *arguments, relation=relation: relation(*arguments))
            parts.append(ForAll(places, getattr(new, name)(*places) == follows(*places)))
        return And(parts)


def steps(old, rules):
    """Every kind of step from the state `old` when members follow `rules`."""
    m, a = Consts("m_step a_step", MEMBER)
    v, x = Consts("v_step x_step", VIEW)
    p = Const("p_step", PROPOSAL)
    q = Const("q_step", QUORUM)
    yield from _votes(old, rules, m, v, x, p, q)
    yield from _byzantine(old, m, v, p)
    yield from _certificates(old, v, p, q)
    yield from _log(old, rules, m, v, p)
    yield from _recovery(old, rules, m, a, v, x, q)


def _votes(old, rules, m, v, x, p, q):
    """An honest member votes: from its log, not from what it once sent, does it know what it may do."""

    def may_vote():
        conditions = [Frame.honest(m)]
        if "recovering-is-mute" in rules:
            conditions.append(Not(old.recovering(m)))
        if "abstains-up-to" in rules:
            conditions.append(Frame.less(old.floor(m), v))
        if "views-are-entered-by-certificate" in rules:
            certificate = And(Frame.at_most(Frame.before(v), x), Frame.every(q, lambda s: old.voted(s, x)))
            conditions.append(Or(Frame.before(v) == Frame.first, certificate))
        return And(conditions)

    is_logged = BoolVal("durable-before-sent" in rules)
    # The certificate that leads into a view is noted with the first vote there.
    entered = old.voted(m, v)
    entry = {
        "voted": lambda n, u: Or(old.voted(n, u), And(n == m, u == v)),
        "log_voted": lambda n, u: Or(old.log_voted(n, u), And(n == m, u == v, is_logged)),
        "entry_quorum": lambda n, u: If(And(n == m, u == v, Not(entered)), q, old.entry_quorum(n, u)),
        "entry_view": lambda n, u: If(And(n == m, u == v, Not(entered)), x, old.entry_view(n, u)),
    }

    r = Const("r_step", PROPOSAL)
    conditions = [may_vote(), Frame.view_of(p) == v, old.is_justified(p, rules)]
    if "one-notarize-per-view" in rules:
        conditions.append(ForAll([r], Not(old.log_notarized(m, v, r))))
    yield Step(
        "notarize", And(conditions),
        notarized=lambda n, u, s: Or(old.notarized(n, u, s), And(n == m, u == v, s == p)),
        log_notarized=lambda n, u, s: Or(old.log_notarized(n, u, s), And(n == m, u == v, s == p, is_logged)), **entry)

    conditions = [may_vote()]
    if "no-nullify-after-finalize" in rules:
        conditions.append(ForAll([r], Not(old.log_finalized(m, v, r))))
    yield Step(
        "nullify", And(conditions),
        nullified=lambda n, u: Or(old.nullified(n, u), And(n == m, u == v)),
        log_nullified=lambda n, u: Or(old.log_nullified(n, u), And(n == m, u == v, is_logged)), **entry)

    conditions = [may_vote(), Frame.view_of(p) == v, old.is_certified(p)]
    if "finalize-own-notarization" in rules:
        conditions.append(old.log_notarized(m, v, p))
    if "no-finalize-after-nullify" in rules:
        conditions.append(Not(old.log_nullified(m, v)))
    yield Step(
        "finalize", And(conditions),
        finalized=lambda n, u, s: Or(old.finalized(n, u, s), And(n == m, u == v, s == p)),
        log_finalized=lambda n, u, s: Or(old.log_finalized(n, u, s), And(n == m, u == v, s == p, is_logged)), **entry)


def _byzantine(old, m, v, p):
    """A Byzantine member signs whatever it likes. What it answers is anything, so `answer` takes it as it comes."""
    signed = {"voted": lambda n, u: Or(old.voted(n, u), And(n == m, u == v))}
    for kind in ("notarized", "finalized"):
        relation = getattr(old, kind)
        yield Step(
            f"Byzantine vote: {kind}", Frame.byzantine(m),
            **{kind: lambda n, u, s, relation=relation: Or(relation(n, u, s), And(n == m, u == v, s == p))}, **signed)
    yield Step(
        "Byzantine vote: nullified", Frame.byzantine(m),
        nullified=lambda n, u: Or(old.nullified(n, u), And(n == m, u == v)), **signed)


def _certificates(old, v, p, q):
    """Anybody puts a quorum's votes together."""
    yield Step(
        "notarization", Frame.every(q, lambda s: old.notarized(s, Frame.view_of(p), p)),
        notarization=lambda r: Or(old.notarization(r), r == p),
        notarizers=lambda r: If(r == p, q, old.notarizers(r)))
    yield Step(
        "nullification", Frame.every(q, lambda s: old.nullified(s, v)),
        nullification=lambda u: Or(old.nullification(u), u == v),
        nullifiers=lambda u: If(u == v, q, old.nullifiers(u)))
    yield Step(
        "finalization", Frame.every(q, lambda s: old.finalized(s, Frame.view_of(p), p)),
        finalization=lambda r: Or(old.finalization(r), r == p),
        finalizers=lambda r: If(r == p, q, old.finalizers(r)))


def _log(old, rules, m, v, p):
    """What a member forgets: votes of final views on purpose, everything when it loses its disk or gets an old copy back."""
    final = And(Frame.view_of(p) == v, old.finalization(p), Frame.less(old.floor(m), v), Not(old.recovering(m)))
    forgotten = (lambda u: Frame.at_most(u, v)) if "open-votes-survive-commit" in rules else (lambda u: BoolVal(True))
    yield Step(
        "commit", And(Frame.honest(m), final),
        floor=lambda n: If(n == m, v, old.floor(n)),
        log_voted=lambda n, u: And(old.log_voted(n, u), Not(And(n == m, forgotten(u)))),
        log_notarized=lambda n, u, s: And(old.log_notarized(n, u, s), Not(And(n == m, forgotten(u)))),
        log_nullified=lambda n, u: And(old.log_nullified(n, u), Not(And(n == m, forgotten(u)))),
        log_finalized=lambda n, u, s: And(old.log_finalized(n, u, s), Not(And(n == m, forgotten(u)))))
    keeps_answers = BoolVal("recovery-answers-are-fresh" not in rules)
    yield Step(
        "lose the log and ask", Frame.honest(m),
        floor=lambda n: If(n == m, Frame.first, old.floor(n)),
        log_voted=lambda n, u: And(old.log_voted(n, u), n != m),
        log_notarized=lambda n, u, s: And(old.log_notarized(n, u, s), n != m),
        log_nullified=lambda n, u: And(old.log_nullified(n, u), n != m),
        log_finalized=lambda n, u, s: And(old.log_finalized(n, u, s), n != m),
        recovering=lambda n: Or(old.recovering(n), n == m),
        answer=lambda n, b, u: And(old.answer(n, b, u), Or(n != m, keeps_answers)))


def _recovery(old, rules, m, a, v, x, q):
    """2.9: m has asked, a answers with the view that it has proven to be in; from a quorum of answers m concludes."""
    honest_answer = []
    if "answers-reach-own-votes" in rules:
        u = Const("u_answer", VIEW)
        honest_answer.append(ForAll([u], Implies(old.log_voted(a, u), Frame.at_most(u, x))))
    if "abstainers-do-not-answer" in rules:
        honest_answer.append(Frame.less(old.floor(a), x))
    if "recoverers-do-not-answer" in rules:
        honest_answer.append(Not(old.recovering(a)))
    # Who counts its own answer too knows nothing new from it: its log is gone.
    is_own = a == m
    others = [Not(is_own)] if "recovery-asks-others" in rules else []
    # With the rule of fresh answers m must have asked; without it an answer to an old question arrives.
    asked = [old.recovering(m)] if "recovery-answers-are-fresh" in rules else []
    yield Step(
        "answer", And(*others, *asked, Or(Frame.byzantine(a), is_own, And(honest_answer))),
        answer=lambda n, b, u: Or(old.answer(n, b, u), And(n == m, b == a, u == x)))

    s = Const("s_answer", MEMBER)
    told = Function("told", MEMBER, VIEW)
    counted = ForAll([s], Implies(Frame.within(s, q), And(old.answer(m, s, told(s)), Frame.at_most(told(s), x))))
    enough = [counted] if "recovery-asks-quorum" in rules else []
    target = Frame.after(x) if "recovery-skips-view" in rules else x
    yield Step(
        "conclude", And(Frame.honest(m), old.recovering(m), *enough),
        lemma=ForAll([u], Implies(old.voted(m, u), Frame.at_most(u, target))),
        recovering=lambda n: And(old.recovering(n), n != m),
        floor=lambda n: If(And(n == m, Frame.less(old.floor(m), target)), target, old.floor(n)))
