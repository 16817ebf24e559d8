import CBOR
public import Ledger
public import QuotaCrypto
import Transparency

/// The keys of a validator as a block header names them.
public struct ValidatorKeys: Hashable, Sendable {
    /// The member id.
    public let id: String
    /// The member's role.
    public let role: String
    /// The vote key.
    public let vote: Ed25519.PublicKey
    /// The log key.
    public let log: Ed25519.PublicKey
    /// The cosigner key.
    public let cosigner: Ed25519.PublicKey

    /// The keys on a validator's card.
    public init(_ validator: Validator) {
        id = validator.id
        role = validator.role.rawValue
        vote = validator.node.vote
        log = validator.node.log
        cosigner = validator.node.cosigner
    }

    /// What a header names: SHA-256 of the deterministic CBOR array of
    /// `[id, role, vote key, log key, cosigner key]`, ascending by id.
    public static func digest(of keys: [ValidatorKeys]) -> Digest {
        SHA256.hash(cbor(of: keys).encoded())
    }

    /// The trust policy that follows: any of the log keys, and cosignatures of n - f.
    ///
    /// - Throws: `VerificationFailure` if an id cannot name a key.
    static func trustPolicy(
        of keys: [ValidatorKeys],
        origin: String
    ) throws(VerificationFailure) -> TrustPolicy {
        do {
            return try TrustPolicy(
                logs: keys.map {
                    TrustPolicy.Log(
                        key: try NoteKey(name: origin, type: .ed25519, publicKey: $0.log)
                    )
                },
                witnesses: keys.map {
                    let name = NodeCard.cosignerName(member: $0.id, origin: origin)
                    return TrustPolicy.Witness(
                        name: $0.id,
                        key: try NoteKey(name: name, type: .cosignature, publicKey: $0.cosigner)
                    )
                },
                groups: [
                    TrustPolicy.Group(
                        name: "validators",
                        threshold: .count(Validator.threshold(of: keys.count)),
                        members: keys.map(\.id)
                    )
                ],
                quorum: "validators"
            )
        } catch {
            throw VerificationFailure(.malformed, "a set of validators: \(error)")
        }
    }

    static func cbor(of keys: [ValidatorKeys]) -> CBORValue {
        .array(
            keys.sorted { $0.id < $1.id }.map { keys in
                .array([
                    .text(keys.id), .text(keys.role), .bytes(keys.vote.bytes),
                    .bytes(keys.log.bytes), .bytes(keys.cosigner.bytes),
                ])
            }
        )
    }

    init(_ item: CBORItem) throws(CBORFieldError) {
        let items = try item.array(count: 5)
        id = try items[0].text(maxLength: 63)
        role = try items[1].text(maxLength: 16)
        vote = try Self.key(items[2])
        log = try Self.key(items[3])
        cosigner = try Self.key(items[4])
    }

    private static func key(_ item: CBORItem) throws(CBORFieldError) -> Ed25519.PublicKey {
        do {
            return try Ed25519.PublicKey(try item.bytes(count: 32))
        } catch {
            throw item.error("expected an Ed25519 public key")
        }
    }

    /// The keys of a set as bytes, as a file holds them.
    public static func encode(_ keys: [ValidatorKeys]) -> [UInt8] { cbor(of: keys).encoded() }

    /// Reads the keys of a set.
    ///
    /// - Throws: `VerificationFailure` of kind `malformed`.
    public static func decode(_ bytes: [UInt8]) throws(VerificationFailure) -> [ValidatorKeys] {
        do {
            return try list(CBORItem(try CBORValue.decode(bytes)))
        } catch {
            throw VerificationFailure(.malformed, "\(error)")
        }
    }

    static func list(_ item: CBORItem) throws(CBORFieldError) -> [ValidatorKeys] {
        var keys: [ValidatorKeys] = []
        for item in try item.array(maxCount: 256) { keys.append(try ValidatorKeys(item)) }
        return keys
    }
}
