import CBOR
import Ledger
import MerkleLog
import QuotaCrypto

/// The text of a certificate: HTML that needs no other file, no script, and prints on two sheets of A4.
struct CertificatePage {
    static let start = "<!DOCTYPE html>\n<!-- quota-ledger/certificate@v1 -->\n"
    static let timeMark = "<time id=\"made\" data-seconds=\""
    static let proofMark =
        "<a id=\"proof\" download=\"proof\" href=\"data:application/octet-stream;base64,"

    private let statement: Statement
    private let receipts: [Receipt]
    private let openings: [Opening]
    private let attachment: [UInt8]
    private let madeAt: UInt64

    init(
        _ file: UnverifiedTransparentStatement,
        _ openings: [Opening],
        _ attachment: [UInt8],
        madeAt: UInt64
    ) throws(VerificationFailure) {
        statement = file.statement
        var receipts: [Receipt] = []
        for bytes in file.receipts {
            do {
                receipts.append(try Receipt.decode(bytes))
            } catch {
                throw VerificationFailure(.malformed, "a receipt: \(error.path): \(error.problem)")
            }
        }
        guard !receipts.isEmpty else {
            throw VerificationFailure(.malformed, "a certificate needs receipts")
        }
        self.receipts = receipts
        self.openings = openings
        self.attachment = attachment
        self.madeAt = madeAt
    }

    var bytes: [UInt8] {
        let identity = statement.identity
        let title =
            "\(identity.kind.rawValue.capitalizedWord) \(identity.subject) by \(identity.issuer)"
        return Array(
            """
            \(Self.start)<html lang="en"><head><meta charset="utf-8"><title>Certificate: \
            \(Self.escape(title))</title><style>\(Self.style)</style></head><body>
            <h1>Certificate of entry</h1>
            <p class="lead">\(Self.escape(title)) is an entry of the ledger \
            <b>\(Self.escape(statement.audience))</b>.</p>
            <p>Made \(Self.timeMark)\(madeAt)">\(Self.time(madeAt))</time> by whoever hands it over. Nothing \
            on this page is to be believed before it is checked; how is said below.</p>
            <h2>What the entry says</h2>
            \(facts)
            <h2>Who says that it is in the ledger</h2>
            \(signers)
            <h2>Proof</h2>
            <div class="proof"><div>\(qr)</div><div>\(reference)
            <p>\(Self.proofMark)\(Base64.encode(attachment))">The proof as a file</a> \
            (\(attachment.count) bytes) is attached to this page.</p></div></div>
            <h2>How to check it</h2>
            <ol><li>Get the ledger's trust policy from somebody you trust, not from whoever gave you this \
            page.</li>
            <li>With the file: <code>quota-verify certificate FILE.html --policy trust-policy</code> checks \
            the proof and that every word on this page follows from it. The attached file alone is checked \
            by <code>quota-verify \(openings.isEmpty ? "receipt" : "disclosure")</code>, and by any tool \
            for SCITT receipts.</li>
            <li>With paper only: the code holds the hash of the entry and of the tree. Ask any node for \
            <code>/entries/</code> and that hash, and check the answer in the same way.</li></ol>
            <h2>What it does not prove</h2>
            <ul><li>That what the entry says is true, or that everything that happened was reported.</li>
            <li>That the entry still counts: a later one may cancel or change it.</li>
            <li>That its issuer signed it, except by the word of those named above.</li></ul>
            </body></html>

            """.utf8
        )
    }

    // MARK: Parts

    private var facts: String {
        let digests = SaltedDigests(statement)
        var rows = [
            ("kind", statement.identity.kind.rawValue), ("issuer", statement.identity.issuer),
            ("subject", statement.identity.subject), ("made", Self.time(statement.issuedAt)),
        ]
        rows += StatementFacts(statement).facts.map { ($0.path, $0.value) }
        rows += openings.map { ("\($0.field) (opened)", $0.value) }
        rows += digests.list.filter { entry in !openings.contains { $0.field == entry.name } }
            .map { ("\($0.name) (closed)", "salted digest \($0.digest)") }
        return Self.table(rows)
    }

    private var signers: String {
        Self.table(
            receipts.map { receipt in
                (
                    receipt.issuer,
                    "leaf \(receipt.proof.index) of \(receipt.proof.size), "
                        + "\(Self.time(receipt.issuedAt)), key \(receipt.kid)"
                )
            }
        )
    }

    /// What identifies entry and tree, on paper and in the code.
    private var identification: [(String, String)] {
        let receipt = receipts[0]
        let root = try? receipt.proof.root(leaf: statement.leafHash)
        return [
            ("origin", statement.audience), ("entry", statement.leafHash.description),
            ("leaf", "\(receipt.proof.index)"), ("size", "\(receipt.proof.size)"),
            ("root", root?.description ?? "none"),
            ("proof", SHA256.hash(attachment).description),
        ]
    }

    private var reference: String { Self.table(identification) }

    /// The code as a drawing: one square a dark module, four light modules around.
    private var qr: String {
        let text =
            (["quota-ledger/certificate@v1"] + identification.map { "\($0) \($1)" })
            .map { $0 + "\n" }.joined()
        guard let code = QRCode(text) else { return "" }
        let side = code.side + 8
        var path = ""
        for (row, line) in code.modules.enumerated() {
            for (column, isDark) in line.enumerated() where isDark {
                path += "M\(column + 4) \(row + 4)h1v1h-1z"
            }
        }
        return
            "<svg role=\"img\" aria-label=\"QR code with the hashes beside it\" viewBox=\"0 0 \(side) "
            + "\(side)\" shape-rendering=\"crispEdges\"><rect width=\"\(side)\" height=\"\(side)\" "
            + "fill=\"#fff\"/><path d=\"\(path)\" fill=\"#000\"/></svg>"
    }

    // MARK: Writing

    private static let style = """
        body{font:11pt/1.45 system-ui,sans-serif;max-width:46em;margin:2em auto;padding:0 1em;color:#111;\
        background:#fff}h1{font-size:1.7em;margin:0}h2{font-size:1.1em;margin:1.4em 0 .4em}\
        .lead{font-size:1.15em}table{border-collapse:collapse;width:100%}th,td{text-align:left;\
        vertical-align:top;padding:.2em .8em .2em 0;border-bottom:1px solid #ccc;overflow-wrap:anywhere;\
        white-space:pre-wrap}th{font-weight:600;width:12em}code{overflow-wrap:anywhere}\
        .proof{display:flex;gap:1.5em;flex-wrap:wrap}.proof>div:first-child{flex:0 0 6.5cm}\
        .proof>div:last-child{flex:1 1 18em}svg{width:6.5cm;height:6.5cm}a{color:#0b4fa8}\
        @media print{body{margin:0;max-width:none}h2{break-after:avoid}tr{break-inside:avoid}}
        """

    private static func table(_ rows: [(String, String)]) -> String {
        "<table>"
            + rows.map { "<tr><th scope=\"row\">\(escape($0))</th><td>\(escape($1))</td></tr>\n" }
            .joined() + "</table>"
    }

    /// A time in UTC.
    private static func time(_ seconds: UInt64) -> String {
        guard seconds < 253_402_300_800 else { return "\(seconds) s after 1970" }
        // Days since 1 March 0000, so that the leap day ends a year (proleptic Gregorian calendar).
        let days = seconds / 86_400 + 719_468
        let era = days / 146_097
        let dayOfEra = days % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shifted + 2) / 5 + 1
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        func two(_ value: UInt64) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let clock = seconds % 86_400
        return "\(year)-\(two(month))-\(two(day)) \(two(clock / 3_600)):\(two(clock / 60 % 60)):"
            + "\(two(clock % 60)) UTC"
    }

    private static func escape(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}

extension String {
    /// The text with its first letter in upper case.
    fileprivate var capitalizedWord: String { prefix(1).uppercased() + dropFirst() }
}
