import CBOR
public import Ledger
public import QuotaCrypto
public import Transparency

/// A private value together with the salt that hides it on the ledger.
///
/// The ledger holds SHA-256 of the deterministic CBOR array `[salt: bstr16, field: text, value: text]`.
public struct Opening: Hashable, Sendable {
    /// How many bytes a salt has.
    public static let saltByteCount = 16

    /// The salt.
    public let salt: [UInt8]
    /// What it is, such as `site`.
    public let field: String
    /// The value.
    public let value: String

    /// An opening from its parts.
    public init(salt: [UInt8], field: String, value: String) {
        self.salt = salt
        self.field = field
        self.value = value
    }

    /// The salted digest, as a statement carries it.
    public var digest: Digest {
        SHA256.hash(CBORValue.array([.bytes(salt), .text(field), .text(value)]).encoded())
    }
}

/// A statement with receipts and some of its private values opened, as received.
///
/// Bytes, deterministic CBOR: `["quota-ledger/disclosure@v1", statement: bstr, openings: [[salt: bstr16,
/// field: text, value: text]]]`, where the statement is a Transparent Statement. File extension
/// `.disclosure`.
public struct UnverifiedDisclosure: Hashable, Sendable {
    /// The first item of the array.
    public static let mark = "quota-ledger/disclosure@v1"
    /// The most bytes of a file.
    public static let byteCountMax = 4 << 20
    /// The most openings of one file.
    public static let openingsMax = 256
    /// The most bytes of one value.
    public static let valueByteCountMax = 1 << 20

    /// The statement and its receipts.
    public let statement: UnverifiedTransparentStatement
    /// What is opened.
    public let openings: [Opening]

    /// Takes a file apart.
    ///
    /// - Throws: `VerificationFailure` of kind `malformed` that names the offending part.
    public init(_ bytes: [UInt8]) throws(VerificationFailure) {
        let limits = CBORLimits(byteCountMax: Self.byteCountMax, depthMax: 4, itemCountMax: 2_048)
        let transparent: [UInt8]
        do {
            let parts = try CBORItem(CBORValue.decode(bytes, limits: limits)).array(count: 3)
            guard parts[0].value == .text(Self.mark) else {
                throw parts[0].error("expected '\(Self.mark)'")
            }
            transparent = try parts[1].bytes(maxCount: 1 << 20)
            openings = try Self.openings(parts[2])
        } catch {
            throw VerificationFailure(.malformed, "the disclosure: \(error)")
        }
        statement = try UnverifiedTransparentStatement(transparent)
    }

    private static func openings(_ item: CBORItem) throws(CBORFieldError) -> [Opening] {
        var openings: [Opening] = []
        for item in try item.array(maxCount: openingsMax) {
            let parts = try item.array(count: 3)
            openings.append(
                Opening(
                    salt: try parts[0].bytes(count: Opening.saltByteCount),
                    field: try parts[1].text(maxLength: 128),
                    value: try parts[2].text(minLength: 0, maxLength: valueByteCountMax)
                )
            )
        }
        guard !openings.isEmpty else { throw item.error("expected at least one opening") }
        return openings
    }

    /// The bytes of a file with these parts.
    ///
    /// - Parameters:
    ///   - transparent: The Transparent Statement's bytes.
    ///   - openings: What is opened.
    /// - Returns: The file.
    public static func encode(_ transparent: [UInt8], openings: [Opening]) -> [UInt8] {
        CBORValue.array([
            .text(mark), .bytes(transparent),
            .array(
                openings.map { opening in
                    .array([.bytes(opening.salt), .text(opening.field), .text(opening.value)])
                }
            ),
        ]).encoded()
    }

    /// Checks the statement's receipts, and that each opened value belongs to it.
    ///
    /// - Parameters:
    ///   - policy: Which keys count and how many of them it takes.
    ///   - issuerKeys: Statement keys that the caller trusts, for the issuer's own signature.
    /// - Returns: The statement with its signers, and the values.
    /// - Throws: `VerificationFailure` with every reason; of kind `notDisclosed` for a value that is not
    ///   behind any digest of that name in the statement.
    public func verify(
        _ policy: TrustPolicy,
        issuerKeys: [Ed25519.PublicKey] = []
    ) throws(VerificationFailure) -> VerifiedDisclosure {
        var reasons: [VerificationFailure.Reason] = []
        var verified: VerifiedTransparentStatement?
        do throws(VerificationFailure) {
            verified = try statement.verify(policy, issuerKeys: issuerKeys)
        } catch {
            reasons += error.reasons
        }
        let digests = SaltedDigests(statement.statement)
        for opening in openings where !digests.hold(opening) {
            reasons.append(
                .init(
                    .notDisclosed,
                    digests.names.contains(opening.field)
                        ? "the value given for '\(opening.field)' is not the one in the statement"
                        : "the statement has no salted digest named '\(opening.field)'"
                )
            )
        }
        guard reasons.isEmpty, let verified else { throw VerificationFailure(reasons) }
        return VerifiedDisclosure(
            statement: verified,
            openings: openings,
            closed: digests.names.filter { name in !openings.contains { $0.field == name } }
        )
    }
}

/// Values that a statement in the ledger committed to.
///
/// It does not follow that the values are true, only that the issuer fixed them when it signed.
public struct VerifiedDisclosure: Hashable, Sendable {
    /// The statement, with its signers.
    public let statement: VerifiedTransparentStatement
    /// The opened values.
    public let openings: [Opening]
    /// The names of what stays closed.
    public let closed: [String]
}

/// The salted digests in a statement's body, by the names under which they stand.
public struct SaltedDigests: Hashable, Sendable {
    private let entries: [Entry]

    private struct Entry: Hashable {
        let name: String
        let digest: Digest
    }

    /// The digests of a statement: every 32 bytes in its body that stand under a name.
    public init(_ statement: Statement) {
        var entries: [Entry] = []
        if let body = try? CBORValue.decode(statement.bodyBytes) {
            Self.collect(body, name: nil, into: &entries)
        }
        self.entries = entries
    }

    /// The names, in the order of the body.
    public var names: [String] { entries.map(\.name) }

    /// The digests with their names, in the order of the body.
    public var list: [(name: String, digest: Digest)] { entries.map { ($0.name, $0.digest) } }

    /// Whether an opened value is behind a digest of its name.
    public func hold(_ opening: Opening) -> Bool {
        let digest = opening.digest
        return entries.contains {
            $0.digest == digest && $0.name.utf8.elementsEqual(opening.field.utf8)
        }
    }

    private static func collect(_ value: CBORValue, name: String?, into entries: inout [Entry]) {
        switch value {
        case .bytes(let bytes):
            if let name, let digest = Digest(bytes) {
                entries.append(Entry(name: name, digest: digest))
            }
        case .array(let items):
            for item in items { collect(item, name: name, into: &entries) }
        case .map(let pairs):
            for pair in pairs { collect(pair.value, name: pair.key.textValue, into: &entries) }
        default: return
        }
    }
}
