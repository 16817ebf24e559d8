import CBOR
public import Ledger
import StateMap

/// Whose account a total is about.
///
/// Map key: `["account", limit, subject..., period]`, deterministic CBOR.
public struct TotalAccount: Hashable, Sendable {
    /// The id of the limit in the policy.
    public let limit: String
    /// Who is limited, such as `["KE"]`.
    public let subject: [String]
    /// The period, such as `2025-2027`.
    public let period: String

    /// Reads the key of an account.
    ///
    /// - Throws: `CBORFieldError` that names the offending part.
    init(key: [UInt8]) throws(CBORFieldError) {
        let value: CBORValue
        do {
            value = try CBORValue.decode(key)
        } catch {
            throw CBORFieldError(path: "$.key", problem: error.description)
        }
        let key = CBORItem(value, path: "$.key")
        let items = try key.array(maxCount: 32)
        guard items.count >= 3, items[0].value == "account" else {
            throw key.error("expected [\"account\", limit, subject..., period]")
        }
        var texts: [String] = []
        for item in items.dropFirst() { texts.append(try item.text(minLength: 0, maxLength: 512)) }
        period = texts.removeLast()
        limit = texts.removeFirst()
        subject = texts
    }

    /// Refuses an account that is not the one asked for; what is nil was not asked for.
    ///
    /// - Throws: `VerificationFailure` of kind `otherAccount`.
    public func check(
        country: String?,
        limit: String?,
        period: String?
    ) throws(VerificationFailure) {
        let asked = [
            ("country", country, subject.joined(separator: ", ")), ("limit", limit, self.limit),
            ("period", period, self.period),
        ]
        let reasons = asked.compactMap { name, wanted, found -> VerificationFailure.Reason? in
            guard let wanted, !wanted.utf8.elementsEqual(found.utf8) else { return nil }
            return .init(.otherAccount, "the proof is of \(name) '\(found)', not '\(wanted)'")
        }
        guard reasons.isEmpty else { throw VerificationFailure(reasons) }
    }

    /// The one country that the account is about, if it is one.
    public var country: String? {
        guard subject.count == 1, subject[0].utf8.count == 2,
            subject[0].utf8.allSatisfy({ (0x41...0x5A).contains($0) })
        else { return nil }
        return subject[0]
    }
}

/// What an account holds.
///
/// Map value: the layout of `AccountTotal`.
public struct TotalAmount: Hashable, Sendable {
    /// Everything that the ledger keeps of the account: buckets in amounts and in chips.
    public let total: AccountTotal

    /// How much is used, in the smallest unit: tenths of a TPP, or pieces.
    public var consumed: UInt64 { total.consumed }
    /// How much may be used; nil where nothing limits the account.
    public var cap: UInt64? { total.cap }
    /// What the cap leaves; nil where nothing limits the account.
    public var room: UInt64? { total.room }
    /// `tpp` (then amounts count tenths) or `units`.
    public var unit: String { total.unitName }
    /// The index of the last statement that changed the account.
    public var asOf: UInt64 { total.asOf }

    init(_ bytes: [UInt8]) throws(CBORFieldError) {
        do throws(CBORFieldError) {
            total = try AccountTotal.decode(bytes)
        } catch {
            throw CBORFieldError(path: "$.value\(error.path.dropFirst())", problem: error.problem)
        }
    }
}

/// A total as received: a `.tlog-proof` whose entry is a block header and whose `extra` is the
/// deterministic CBOR `[header: bstr, map proof: bstr]`.
public struct UnverifiedTotal: Hashable, Sendable {
    let entry: UnverifiedStateEntry
    let account: TotalAccount

    /// The header leaf's bytes.
    public var headerBytes: [UInt8] { entry.headerBytes }
    /// What the header says.
    public var header: BlockHeader { entry.header }

    /// Takes a proof file apart.
    ///
    /// - Throws: `VerificationFailure` of kind `malformed` that names the offending part.
    public init(_ bytes: [UInt8]) throws(VerificationFailure) {
        entry = try UnverifiedStateEntry(bytes)
        do {
            account = try TotalAccount(key: entry.mapProof.key)
        } catch {
            throw VerificationFailure(.malformed, "the proof's extra data: \(error)")
        }
    }
}

/// What an account held at a checkpoint that a trust policy accepts.
///
/// It does not follow that nothing was consumed since, nor that every export was reported.
public struct VerifiedTotal: Hashable, Sendable {
    /// Whose account.
    public let account: TotalAccount
    /// What it held; nil if it is proven that nothing was ever booked on it.
    public let amount: TotalAmount?
    /// The block header that names the state.
    public let header: BlockHeader
    /// The checkpoint whose last leaf the header is, with its signers.
    public let checkpoint: VerifiedCheckpoint
}
