extension Evaluation {
    /// Why a cap does not let the claim pass, with the arithmetic.
    func reason(_ touched: Touched, _ cap: UInt64, _ level: LimitIndex.Level) -> Reason {
        let limit = touched.addition.limit
        let use = touched.use
        let title = touched.part.map { limit.parts[$0].title } ?? limit.limit.title
        let who = use.subject.isEmpty ? "" : " of \(use.subject.joined(separator: ", "))"
        var text = "\(title)\(who), \(use.period): \(use.unit.text(of: use.before)) + "
        text += "\(use.unit.text(of: use.amount)) = \(use.unit.text(of: use.after)), "
        text += excess(touched, cap, level.stated) + ". " + level.exceeded.text
        let room = cap > use.before ? cap - use.before : 0
        let last = touched.addition.perUnit.lastIndex { $0 > 0 }
        if touched.base == nil { text += " Room: \(use.unit.description(of: room))" }
        if let last, let largest = largest(of: touched, cap, level.stated, line: last) {
            text += touched.base == nil ? ", which is at most " : " At most "
            text += "\(largest) of '\(facts.lines[last].sku)'"
        }
        return Reason(
            .limitExceeded,
            text.hasSuffix(".") ? text : text + ".",
            citation: level.exceeded.citation,
            source: limit.limit.id
        )
    }

    /// By how much a cap is passed.
    private func excess(_ touched: Touched, _ cap: UInt64, _ stated: UInt64?) -> String {
        let use = touched.use
        guard let base = touched.base, let stated else {
            return "\(use.unit.description(of: use.after - cap)) above the cap of "
                + use.unit.text(of: cap)
        }
        let sum = policy.index.limits.first { $0.limit.id == base.account.limit }
        return "\(Proportion.percent(use.after, of: base.after)) of "
            + "\(use.unit.description(of: base.after)) (\(sum?.limit.title ?? ""): "
            + "\(use.unit.text(of: base.before)) + \(use.unit.text(of: base.amount))), above the "
            + "cap of \(Proportion.percent(cap: stated))"
    }

    private func largest(
        of touched: Touched,
        _ cap: UInt64,
        _ stated: UInt64?,
        line: Int
    ) -> UInt64? {
        largest(
            line: line,
            touched.addition,
            touched.use.before,
            Bound(cap: cap, relative: touched.base == nil ? nil : stated),
            touched.base
        )
    }
}
