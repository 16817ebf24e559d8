import APIModel
import ArgumentParser
import Client

/// `quotactl claim`: claims against the quotas.
struct ClaimCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "claim",
        abstract: "Makes claims, and follows them to delivery, return or expiry.",
        subcommands: [
            ClaimNewCommand.self, ClaimImportCommand.self, ClaimStatusCommand.self,
            ClaimListCommand.self, ClaimCancelCommand.self, ClaimAmendCommand.self,
            ClaimConsentCommand.self, ClaimLicenceCommand.self, ClaimTestCommand.self,
            ClaimShipCommand.self, ClaimAcceptCommand.self, ClaimPresenceCommand.self,
            ClaimTransferCommand.self, ClaimReturnCommand.self, ClaimLostCommand.self,
            ClaimFoundCommand.self, ClaimRetireCommand.self, ClaimDisputeCommand.self,
            ClaimDisclosedCommand.self, ClaimAsSeenByCommand.self,
        ]
    )
}

/// Finds a statement by what people call it.
enum ClaimLookup {
    /// The entry that `name` means: a leaf hash, or the id of a claim by `issuer`.
    static func entry(
        _ name: String,
        issuer: String?,
        through client: LedgerClient
    ) async throws -> String {
        if name.utf8.count == 64, name.allSatisfy({ $0.isHexDigit && !$0.isUppercase }) {
            return name
        }
        guard let issuer else {
            throw UsageError("whose claim is '\(name)'? Give --issuer, or the entry's hash")
        }
        let claims = try await client.allClaims(ClaimFilter(issuer: issuer))
        guard let claim = claims.first(where: { $0.claim == name }) else {
            throw ClientError.problem(
                .notFound(
                    "no-such-claim",
                    field: "claim",
                    "no claim '\(name)' by \(issuer) is on the ledger; a refused one is not kept"
                )
            )
        }
        return claim.entry
    }
}
