import ArgumentParser
import Client
import Ledger
import QuotaCrypto

/// A statement by its issuer and the id that the issuer gave it: `atlas/A-2026-004`.
struct StatementName: ExpressibleByArgument {
    let issuer: String
    let id: String

    init?(argument: String) {
        let parts = argument.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
        issuer = String(parts[0])
        id = String(parts[1])
    }

    /// The claim of this name.
    var claim: ClaimReference { ClaimReference(issuer: issuer, id: id) }
}

/// A reason that stays private.
enum PrivateReason {
    /// The salted digest of a reason, nil if there is none; the opening stays in the member's folder.
    static func digest(
        _ reason: String?,
        of kind: StatementKind,
        _ subject: String,
        _ common: CommonOptions
    ) throws -> Digest? {
        try reason.map {
            try DisclosureBook(home: common.memberHome).secret(
                kind: kind.rawValue,
                subject: subject,
                field: "reason",
                value: $0
            ).digest
        }
    }
}
