import ArgumentParser
import Ledger
import LogReader
import QuotaCrypto
import Verifier

/// What the commands that check an issuer's own signature take.
struct IssuerOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The ledger's genesis statement: its founders' keys check the issuer's own signature.",
            valueName: "file"
        )
    )
    var genesis: String?

    /// The founders' statement keys, by the genesis statement that was given by itself or with the steps between
    /// epochs; none without one.
    ///
    /// - Throws: `Unreadable` if a file cannot be read or is no genesis statement; `VerificationFailure` if the steps
    ///   do not hold.
    func keys(_ epochs: HandOffOptions) throws -> [Ed25519.PublicKey] {
        guard let genesis else {
            return try epochs.verified()?.genesis.members.map(\.card.statementKey) ?? []
        }
        let bytes = try InputFile.read(genesis, limit: Statement.maximumBytes)
        do throws(LedgerError) {
            return try LedgerState.genesis(bytes).state.members.map(\.card.statementKey)
        } catch {
            throw Unreadable(genesis, error.description)
        }
    }
}

extension VerifiedTransparentStatement {
    /// What is proven of the issuer's own signature.
    var issuerProven: [String] {
        isIssuerChecked
            ? ["The issuer's own signature holds, by its key in the genesis statement."] : []
    }

    /// What is not.
    var issuerNotProven: [String] {
        isIssuerChecked
            ? []
            : [
                "that \(statement.identity.issuer) signed it, except by the word of the log keys "
                    + "(give --genesis to check);"
            ]
    }
}
