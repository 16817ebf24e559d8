import Ledger
import QuotaCrypto
import QuotaRules

/// A claim as it stands in a book: what it says, and what that meant when it was admitted.
struct BookedClaim: Sendable {
    /// One line with the figures of the catalogue that was in force.
    struct Line: Sendable {
        let sku: String
        let quantity: UInt64
        /// Tenths of a TPP of one unit.
        let tpp: UInt64
        /// Integrated circuits of one unit.
        let circuits: UInt64
    }

    let index: UInt64
    let issuer: String
    let id: String
    let body: ClaimBody
    let lines: [Line]
    /// The parties as they were registered when the claim was admitted: a later change of parent
    /// restates nothing.
    let parties: [PartyFacts]
    /// The time of its block, POSIX seconds.
    let time: UInt64

    init(_ body: ClaimBody, _ statement: Statement, index: UInt64, in state: LedgerState) {
        self.index = index
        issuer = statement.identity.issuer
        id = statement.identity.subject
        self.body = body
        time = state.blockTime
        let catalogue = state.catalogue.document
        lines = body.lines.map { line in
            let item = catalogue.item(line.sku)
            return Line(
                sku: line.sku,
                quantity: line.quantity,
                tpp: item?.tpp.tenths ?? 0,
                circuits: item?.circuits ?? 1
            )
        }
        parties = body.parties.compactMap { party in
            state.organisation(party.organisation)?.facts(role: party.role)
        }
    }

    /// Who receives: the party in the earliest of the policy's roles.
    func recipient(roles: [String]) -> PartyFacts? {
        for role in roles {
            if let party = parties.first(where: { $0.role == role }) { return party }
        }
        return parties.first
    }
}

/// Sums of what claims move, in the two measures that every report names.
struct Volume: Hashable, Sendable {
    /// Units of catalogue items.
    var units: UInt64 = 0
    /// Integrated circuits.
    var circuits: UInt64 = 0
    /// Tenths of a TPP.
    var tpp: UInt64 = 0
    /// Claims.
    var claims: UInt64 = 0

    /// Adds `quantity` units of a line; sums stop at the largest number there is.
    mutating func add(_ line: BookedClaim.Line, quantity: UInt64) {
        units = units.clamped(plus: quantity)
        circuits = circuits.clamped(plus: quantity.clamped(times: line.circuits))
        tpp = tpp.clamped(plus: quantity.clamped(times: line.tpp))
    }

    /// Adds another volume.
    mutating func add(_ other: Volume) {
        units = units.clamped(plus: other.units)
        circuits = circuits.clamped(plus: other.circuits)
        tpp = tpp.clamped(plus: other.tpp)
        claims = claims.clamped(plus: other.claims)
    }
}

extension UInt64 {
    /// The sum, or the largest number there is: a report never traps.
    func clamped(plus other: UInt64) -> UInt64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }

    /// The product, or the largest number there is.
    func clamped(times other: UInt64) -> UInt64 {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? .max : product
    }

    /// The difference, or 0.
    func clamped(minus other: UInt64) -> UInt64 { self > other ? self - other : 0 }
}
