/// Whether an item belongs to a set of items.
enum ItemMatch: Hashable, Sendable {
    case yes
    case no
    /// A figure that decides is not in the catalogue.
    case unknown(String)
}

extension ItemFilter {
    /// Whether an item belongs to the set.
    ///
    /// Assemblies are what their circuits are.
    func match(_ item: ChipItem) -> ItemMatch {
        var result = ItemMatch.no
        for alternative in alternatives {
            switch alternative.match(item) {
            case .yes: return .yes
            case .unknown(let figure): result = .unknown(figure)
            case .no: continue
            }
        }
        return result
    }
}

extension ItemFilter.Alternative {
    /// Whether an item meets every condition.
    func match(_ item: ChipItem) -> ItemMatch {
        if let tpp, !tpp.contains(item.circuitTpp.tenths) { return .no }
        if let isDatacentre, isDatacentre != item.isDatacentre { return .no }
        if !skus.isEmpty, !skus.contains(item.sku) { return .no }
        if !designers.isEmpty, !designers.contains(item.designer) { return .no }
        var result = ItemMatch.yes
        if let density {
            if let area = item.dieArea {
                if !density.contains(tpp: item.circuitTpp.tenths, area: area) { return .no }
            } else {
                result = .unknown("dieArea")
            }
        }
        if let memoryBandwidth {
            if let bandwidth = item.memoryBandwidth {
                if !memoryBandwidth.contains(bandwidth) { return .no }
            } else {
                result = .unknown("memoryBandwidth")
            }
        }
        if !eccn.isEmpty {
            if let number = item.eccn {
                if !eccn.contains(where: { number == $0 || number.hasPrefix($0 + ".") }) {
                    return .no
                }
            } else {
                result = .unknown("eccn")
            }
        }
        return result
    }
}

extension ItemFilter.Band {
    fileprivate func contains(_ value: UInt64) -> Bool {
        atLeast.map { $0 <= value } ?? true && below.map { value < $0 } ?? true
    }

    /// Whether TPP (tenths) over area (tenths of mm²) lies in a band of hundredths.
    ///
    /// By cross multiplication: TPP is below 2^40, areas below 2^24, bounds below 2^40: no product overflows.
    fileprivate func contains(tpp: UInt64, area: UInt64) -> Bool {
        let scaled = tpp * 100
        return atLeast.map { $0 * area <= scaled } ?? true
            && below.map { scaled < $0 * area } ?? true
    }
}
