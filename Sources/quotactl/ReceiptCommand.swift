import ArgumentParser
import Client
import Ledger
import QuotaCrypto
import Verifier

/// `quotactl receipt`: a claim with the receipts of the validators, as a file.
struct ReceiptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "receipt",
        abstract: "Downloads a claim with the receipts of all validators (.scitt).",
        discussion: """
            The file proves, without any network, that the claim is in the ledger: check it with \
            'quota-verify receipt FILE --policy trust-policy'. With a trust policy it is checked \
            here before it is written.

            Examples:
              quotactl receipt A-2026-004
              quotactl receipt A-2026-004 --out exhibits/A-2026-004.scitt
            """
    )

    @Argument(help: "The claim's id, or the hash of an entry of any kind.")
    var claim: String

    @OptionGroup(title: "Common options") var common: CommonOptions

    @Option(help: ArgumentHelp("The member that made it. Default: the profile.", valueName: "id"))
    var issuer: String?

    @Option(help: ArgumentHelp("Where to write it. Default: CLAIM.scitt.", valueName: "file"))
    var out: String?

    func run() async throws {
        let issuer = try self.issuer ?? common.profile().member
        let file = out ?? "\(claim.map { $0 == "/" ? "_" : $0 }.map(String.init).joined()).scitt"
        let check = try common.receiptCheck()
        let report = try await common.withClient { client in
            let entry = try await ClaimLookup.entry(claim, issuer: issuer, through: client)
            let statement = try Statement.decode(try await client.statementBytes(entry))
            guard statement.leafHash.description == entry else {
                throw ClientError.badAnswer(path: entry, problem: "the bytes have another hash")
            }
            guard let check else {
                let bytes = try await client.transparentStatement(entry)
                let count = try TransparentStatement.decode(bytes).receipts.count
                return Report(
                    file: file,
                    entry: entry,
                    bytes: bytes,
                    receipts: count,
                    isProven: false
                )
            }
            let proven = try await client.provenReceipts(of: statement, by: check)
            return Report(
                file: file,
                entry: entry,
                bytes: proven.transparent,
                receipts: proven.proof.signers.count,
                isProven: true
            )
        }
        try HomeFile.write(report.bytes, to: file, replacing: true)
        report.show(asJSON: common.json)
    }

    private struct Report: Encodable, Sendable {
        let file: String
        let entry: String
        let bytes: [UInt8]
        let receipts: Int
        let isProven: Bool

        enum CodingKeys: String, CodingKey {
            case file
            case entry
            case receipts
            case isProven = "isVerified"
        }

        func show(asJSON: Bool) {
            guard !asJSON else { return Terminal.writeJSON(self) }
            let state =
                isProven
                ? "verified: a quorum of the trusted keys signed"
                : "unverified: give --policy FILE to verify"
            Terminal.write("written    \(file) (\(bytes.count) bytes, \(receipts) receipts)\n")
            Terminal.write("  entry    \(entry)\n  receipts \(state)\n")
        }
    }
}
