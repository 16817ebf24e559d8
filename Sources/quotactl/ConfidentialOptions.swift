import ArgumentParser
import Client
import Ledger

/// Facts of a claim that stay with the exporter: the claim carries a salted digest of each.
struct ConfidentialOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The consignee's full name and address.", valueName: "text"))
    var consigneeName: String?

    @Option(help: ArgumentHelp("The site where the goods are put up.", valueName: "text"))
    var site: String?

    @Option(help: ArgumentHelp("A file with the serial numbers, one a line.", valueName: "file"))
    var serials: String?

    @Option(help: ArgumentHelp("The licence number.", valueName: "text"))
    var licence: String?

    /// The digests; salts and values are in the book before they are returned.
    func details(id: String, book: DisclosureBook) throws -> [ClaimBody.Detail] {
        let serials = try self.serials.map { try Self.lines(of: $0) }
        let fields = [
            ("consignee", consigneeName), ("site", site), ("serials", serials),
            ("licence", licence),
        ]
        let requests = try fields.compactMap { field, value in
            try value.map {
                guard $0.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
                    throw UsageError("\(field): control characters could never be opened again")
                }
                return DisclosureBook.Request(
                    kind: StatementKind.claim.rawValue,
                    subject: id,
                    field: field,
                    value: $0
                )
            }
        }
        return try book.secrets(requests)
            .map { ClaimBody.Detail(field: $0.field, digest: $0.digest) }
    }

    /// The lines of a file without empty ones, so that its ending does not change the digest.
    private static func lines(of path: String) throws -> String {
        let text = String(decoding: try HomeFile.read(path), as: UTF8.self)
        let lines = text.split(whereSeparator: \.isNewline).filter { !$0.isEmpty }
        guard !lines.isEmpty else { throw UsageError("--serials: \(path) has no line") }
        return lines.joined(separator: ", ")
    }
}
