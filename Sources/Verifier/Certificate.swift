import Ledger
import MerkleLog
public import QuotaCrypto
public import Transparency

/// A page for print that carries its own proof, as received.
///
/// The page is a function of what is attached to it: a Transparent Statement, opened values, and the
/// time at which it was made. A checker reads the attachment, verifies it, makes the page again, and
/// compares every byte, so that no word on it can be changed. The attachment is the one
/// `<a id="proof" href="data:...;base64,...">`; it is a `.disclosure` if values are opened and a `.scitt`
/// if not. File extension `.html`.
public struct UnverifiedCertificate: Hashable, Sendable {
    /// The most bytes of a page.
    public static let byteCountMax = 8 << 20

    /// The statement and its receipts.
    public let statement: UnverifiedTransparentStatement
    /// The opened values.
    public let openings: [Opening]
    /// The attached file.
    public let attachment: [UInt8]
    /// When the page was made, as its maker says: POSIX seconds.
    public let madeAt: UInt64
    private let page: [UInt8]

    /// A certificate to be written.
    ///
    /// - Parameters:
    ///   - transparent: The Transparent Statement's bytes.
    ///   - openings: Values that the page shows.
    ///   - madeAt: When it is made, POSIX seconds.
    /// - Throws: `VerificationFailure` of kind `malformed`.
    public init(
        transparent: [UInt8],
        openings: [Opening] = [],
        madeAt: UInt64
    ) throws(VerificationFailure) {
        let attachment =
            openings.isEmpty
            ? transparent : UnverifiedDisclosure.encode(transparent, openings: openings)
        try self.init(attachment: attachment, madeAt: madeAt, page: nil)
    }

    /// Takes a page apart.
    ///
    /// - Throws: `VerificationFailure` of kind `malformed` if it is no certificate.
    public init(_ bytes: [UInt8]) throws(VerificationFailure) {
        guard bytes.count <= Self.byteCountMax,
            let text = String(validating: bytes, as: UTF8.self),
            text.hasPrefix(CertificatePage.start)
        else {
            throw VerificationFailure(.malformed, "the file is no certificate of this form")
        }
        guard
            let time = Self.part(of: text, after: CertificatePage.timeMark).flatMap({ UInt64($0) }),
            let data = Self.part(of: text, after: CertificatePage.proofMark),
            let attachment = Base64.decode(data)
        else {
            throw VerificationFailure(
                .malformed,
                "the certificate lacks its time or its attachment"
            )
        }
        try self.init(attachment: attachment, madeAt: time, page: bytes)
    }

    private init(
        attachment: [UInt8],
        madeAt: UInt64,
        page: [UInt8]?
    ) throws(VerificationFailure) {
        if let disclosure = try? UnverifiedDisclosure(attachment) {
            statement = disclosure.statement
            openings = disclosure.openings
        } else {
            statement = try UnverifiedTransparentStatement(attachment)
            openings = []
        }
        self.attachment = attachment
        self.madeAt = madeAt
        let again = try CertificatePage(statement, openings, attachment, madeAt: madeAt).bytes
        self.page = page ?? again
    }

    /// The page.
    public var bytes: [UInt8] { page }

    /// Checks the attached proof, then that every byte of the page follows from it.
    ///
    /// - Parameters:
    ///   - policy: Which keys count and how many of them it takes.
    ///   - issuerKeys: Statement keys that the caller trusts, for the issuer's own signature.
    /// - Returns: The statement with its signers, and the values that the page shows.
    /// - Throws: `VerificationFailure` with every reason; `claimsDiffer` if the page says anything else.
    public func verify(
        _ policy: TrustPolicy,
        issuerKeys: [Ed25519.PublicKey] = []
    ) throws(VerificationFailure) -> VerifiedDisclosure {
        var reasons: [VerificationFailure.Reason] = []
        var verified: VerifiedDisclosure?
        do throws(VerificationFailure) {
            verified = try proof(policy, issuerKeys)
        } catch {
            reasons += error.reasons
        }
        let again = try CertificatePage(statement, openings, attachment, madeAt: madeAt).bytes
        if again != page {
            reasons.append(
                .init(
                    .claimsDiffer,
                    "the page says something else than what follows from its proof"
                )
            )
        }
        guard reasons.isEmpty, let verified else { throw VerificationFailure(reasons) }
        return verified
    }

    private func proof(
        _ policy: TrustPolicy,
        _ issuerKeys: [Ed25519.PublicKey]
    ) throws(VerificationFailure) -> VerifiedDisclosure {
        guard openings.isEmpty else {
            return try UnverifiedDisclosure(attachment).verify(policy, issuerKeys: issuerKeys)
        }
        return VerifiedDisclosure(
            statement: try statement.verify(policy, issuerKeys: issuerKeys),
            openings: [],
            closed: SaltedDigests(statement.statement).names
        )
    }

    /// What stands between a mark and the next quotation mark.
    private static func part(of text: String, after mark: String) -> String? {
        let (text, mark) = (Array(text.utf8), Array(mark.utf8))
        var place = 0
        while place + mark.count <= text.count {
            if text[place] == mark[0], text[place..<(place + mark.count)].elementsEqual(mark) {
                let rest = text[(place + mark.count)...]
                guard let end = rest.firstIndex(of: UInt8(ascii: "\"")) else { return nil }
                return String(validating: rest[..<end], as: UTF8.self)
            }
            place += 1
        }
        return nil
    }
}
