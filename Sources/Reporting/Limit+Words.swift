import QuotaRules

extension Limit {
    /// The cap that it states, for people; of caps that change by step, the last one.
    var capCell: ReportCell {
        if case .steps(let steps, _, _) = window {
            return steps.last.map { .amount($0.cap, metric.unit) } ?? .none
        }
        guard let cap else { return .none }
        switch metric {
        case .tpp, .units, .dollars: return .amount(cap, metric.unit)
        case .equivalents(let sku): return .text("\(QuotaUnit.units.text(of: cap)) x \(sku)")
        case .share, .ratio: return .share(cap)
        }
    }
}
