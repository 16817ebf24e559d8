import CBOR
package import Ledger
package import QuotaCrypto
package import Transparency
import Verifier

/// A disclosure that only one member can open.
///
/// Bytes, deterministic CBOR: `["quota-ledger/sealed-disclosure@v1", member: text, box: bstr]`, where the
/// box is ``SealedBox`` of a `.disclosure` file to the member's statement key. File extension `.sealed`.
package struct SealedDisclosure: Hashable, Sendable {
    /// The first item of the array.
    package static let mark = "quota-ledger/sealed-disclosure@v1"

    /// Whom it is for.
    package let member: String
    /// The sealed box.
    package let box: [UInt8]

    /// Why a disclosure could not be sealed or opened.
    package struct Failure: Error, CustomStringConvertible {
        /// The sentence.
        package let description: String
    }

    /// Seals a disclosure to a member.
    package init(_ disclosure: [UInt8], to card: MemberCard) throws(Failure) {
        guard let box = SealedBox.seal(disclosure, to: card.statementKey) else {
            throw Failure(
                description: "the statement key of \(card.id) cannot receive sealed boxes"
            )
        }
        member = card.id
        self.box = box
    }

    /// Reads a sealed disclosure.
    package init(_ bytes: [UInt8]) throws(Failure) {
        let limits = CBORLimits(
            byteCountMax: UnverifiedDisclosure.byteCountMax + 1_024,
            depthMax: 2,
            itemCountMax: 8
        )
        do {
            let parts = try CBORItem(CBORValue.decode(bytes, limits: limits)).array(count: 3)
            guard parts[0].value == .text(Self.mark) else {
                throw parts[0].error("expected '\(Self.mark)'")
            }
            member = try parts[1].text(maxLength: 64)
            box = try parts[2].bytes(maxCount: UnverifiedDisclosure.byteCountMax)
        } catch {
            throw Failure(description: "this is no sealed disclosure: \(error)")
        }
    }

    /// The file.
    package var bytes: [UInt8] {
        CBORValue.array([.text(Self.mark), .text(member), .bytes(box)]).encoded()
    }

    /// The disclosure inside.
    package func opened(with key: Ed25519.PrivateKey) throws(Failure) -> [UInt8] {
        guard let bytes = SealedBox.open(box, with: key) else {
            throw Failure(description: "it is sealed to \(member) under another key, or damaged")
        }
        return bytes
    }
}

extension LedgerClient {
    /// The card of a member, proven by the ledger's state: no node can put its own key in between.
    ///
    /// - Throws: ``ClientError`` if no node answers, `VerificationFailure` if the proof does not hold or
    ///   shows that there is no such member.
    package func provenMember(_ id: String, by policy: TrustPolicy) async throws -> MemberCard {
        let bytes = try await stateProof([StatementKind.member.rawValue, id])
        let entry = try UnverifiedStateEntry(bytes).verify(policy)
        guard entry.key.parts == [StatementKind.member.rawValue, id] else {
            throw VerificationFailure(.otherAccount, "the proof is of \(entry.key), not of \(id)")
        }
        guard let value = entry.value, let body = try Registration.decode(value).body else {
            throw VerificationFailure(
                .notIncluded,
                "\(id) is no member at checkpoint \(entry.checkpoint.checkpoint.size)"
            )
        }
        return try MemberCard(CBORValue.decode(body))
    }
}
