import QuotaCrypto

/// The place of a statement in its block.
///
/// Kinds come in the order of ``StatementKind/rank``. Inside a kind, SHA-256 of the previous header's
/// leaf hash followed by SHA-256 of the statement's state key decides. The leader therefore gains
/// nothing from the order, and neither does an issuer from the choice of an id, since the previous
/// header is not known when a statement is signed; the signature does not count, so a second
/// signature does not give a second draw.
private struct CanonicalPlace: Comparable {
    let rank: Int
    let draw: Digest

    init(_ statement: Statement, after previous: Digest) {
        rank = statement.identity.kind.rank
        draw = SHA256.pair(previous, statement.identityDigest)
    }

    static func < (left: CanonicalPlace, right: CanonicalPlace) -> Bool {
        left.rank != right.rank ? left.rank < right.rank : left.draw < right.draw
    }
}

extension LedgerState {
    /// Statements in the order that the next block must have them in.
    ///
    /// Statements with one identity stay in the order given.
    public func canonicalOrder(of statements: [Statement]) -> [Statement] {
        let places = statements.map { CanonicalPlace($0, after: lastHeaderHash) }
        let order = statements.indices.sorted { left, right in
            places[left] == places[right] ? left < right : places[left] < places[right]
        }
        return order.map { statements[$0] }
    }

    /// Refuses statements that are not in canonical order.
    func checkOrder(of statements: [Statement]) throws(LedgerError) {
        var last: CanonicalPlace?
        for (position, statement) in statements.enumerated() {
            let place = CanonicalPlace(statement, after: lastHeaderHash)
            if let last, place < last { throw .order(position: position) }
            last = place
        }
    }
}

extension SHA256 {
    fileprivate static func pair(_ left: Digest, _ right: Digest) -> Digest {
        node(prefix: [], left, right)
    }
}
