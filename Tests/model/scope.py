"""Formulas over a small universe, without quantifiers: for examples, which the solver does not find among all universes."""

from itertools import product

from z3 import And, BoolVal, Distinct, Or, Solver, Z3_OP_UNINTERPRETED, is_app, is_quantifier, substitute_vars


def ground(formula, universe):
    """The formula with every quantifier written out over `universe`, the constants of each sort by its name."""
    if is_quantifier(formula):
        sorts = [formula.var_sort(i).name() for i in range(formula.num_vars())]
        # Variables are counted from the innermost one.
        cases = [
            ground(substitute_vars(formula.body(), *reversed(constants)), universe)
            for constants in product(*(universe[name] for name in sorts))
        ]
        return And(cases) if formula.is_forall() else Or(cases)
    if is_app(formula) and formula.num_args() > 0:
        return formula.decl()(*(ground(part, universe) for part in formula.children()))
    return formula


def _symbols(formula, found, seen):
    if formula.get_id() in seen:
        return
    seen.add(formula.get_id())
    if is_app(formula):
        if formula.decl().kind() == Z3_OP_UNINTERPRETED:
            found[formula.decl().name()] = formula.decl()
        for part in formula.children():
            _symbols(part, found, seen)


def solver_within(facts, universe):
    """A solver for the facts where every function stays within the universe."""
    solver = Solver()
    names = {str(constant) for constants in universe.values() for constant in constants}
    grounded = [ground(fact, universe) for fact in facts]
    symbols, seen = {}, set()
    for fact in grounded:
        _symbols(fact, symbols, seen)
    for constants in universe.values():
        solver.add(Distinct(*constants) if len(constants) > 1 else BoolVal(True))
    for name, symbol in symbols.items():
        if name in names or symbol.range().name() not in universe:
            continue
        values = universe[symbol.range().name()]
        for arguments in product(*(universe[symbol.domain(i).name()] for i in range(symbol.arity()))):
            solver.add(Or([symbol(*arguments) == value for value in values]))
    solver.add(*grounded)
    return solver
