import ArgumentParser
import Client
import Foundation
import Ledger
import Verifier

/// `quotactl certificate`: a page for print that carries its own proof.
struct CertificateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "certificate",
        abstract: "Makes a printable page about a claim, with the proof attached.",
        discussion: """
            The page shows what the claim says and who says that it is in the ledger, holds the proof as \
            an attached file and its hashes as a QR code, and says how to check both. Print it from any \
            browser, or keep the file: 'quota-verify certificate' checks the proof and every word.

            Examples:
              quotactl certificate A-2026-004 --out A-2026-004.html
              quotactl certificate A-2026-004 --open site --out for-the-court.html
            """
    )

    @Argument(help: "The claim's id, or the hash of an entry of any kind.")
    var claim: String

    @OptionGroup(title: "Common options") var common: CommonOptions

    @Option(help: ArgumentHelp("The member that made it. Default: the profile.", valueName: "id"))
    var issuer: String?

    @Option(
        name: .customLong("open"),
        help: ArgumentHelp(
            "A private value that the page shall show; may be repeated.",
            valueName: "field"
        )
    )
    var fields: [String] = []

    @Option(help: ArgumentHelp("Where to write it.", valueName: "file"))
    var out: String

    func run() async throws {
        guard let check = try common.receiptCheck() else {
            throw UsageError("give --policy FILE: what is certified is proven before it is written")
        }
        let issuer = try self.issuer ?? common.profile().member
        let certificate = try await common.withClient { client in
            let entry = try await ClaimLookup.entry(claim, issuer: issuer, through: client)
            let statement = try Statement.decode(try await client.statementBytes(entry))
            let proven = try await client.provenReceipts(of: statement, by: check)
            return try UnverifiedCertificate(
                transparent: proven.transparent,
                openings: try DisclosureBook(home: common.memberHome)
                    .openings(of: statement, fields: fields),
                madeAt: UInt64(max(0, Date().timeIntervalSince1970))
            )
        }
        _ = try certificate.verify(check.policy)
        try HomeFile.write(
            certificate.bytes,
            to: out,
            isSecret: !fields.isEmpty,
            replacing: true
        )
        let report = Report(file: out, bytes: certificate.bytes.count, opened: fields)
        guard !common.json else { return Terminal.writeJSON(report) }
        Terminal.write("written    \(out) (\(certificate.bytes.count) bytes)\n")
        Terminal.write(
            "  proof    verified, attached; check it with: quota-verify certificate \(out)\n"
        )
    }

    private struct Report: Encodable {
        let file: String
        let bytes: Int
        let opened: [String]
    }
}
