internal import CBOR
internal import QuotaCrypto
public import Votes

// Forms that a driver stores, in the same encoding as on the wire.

extension ProposalEntry {
    /// The stored form.
    public func encoded() -> [UInt8] { cbor.encoded() }

    /// Reads the stored form.
    public static func decode(
        _ bytes: [UInt8],
        limits: Limits = Limits()
    ) throws(MessageError) -> ProposalEntry {
        try decodeStored(bytes) { (item) throws(CBORFieldError) in
            try ProposalEntry(item, limits: limits)
        }
    }
}

extension Certificate {
    /// The stored form.
    public func encoded() -> [UInt8] { cbor.encoded() }

    /// Reads the stored form.
    public static func decode(_ bytes: [UInt8]) throws(MessageError) -> Certificate {
        try decodeStored(bytes, Certificate.init)
    }
}

extension Vote {
    /// The stored form.
    public func encoded() -> [UInt8] { cbor.encoded() }

    /// Reads the stored form.
    public static func decode(_ bytes: [UInt8]) throws(MessageError) -> Vote {
        try decodeStored(bytes, Vote.init)
    }
}

extension EvidencePair {
    /// The stored form: [first vote, second vote].
    public func encoded() -> [UInt8] {
        cbor.encoded()
    }

    /// Reads the stored form; refuses two votes that do not contradict each other.
    public static func decode(_ bytes: [UInt8]) throws(MessageError) -> EvidencePair {
        try decodeStored(bytes, EvidencePair.init)
    }
}

extension FinalizedTip {
    /// The stored form: [view, proposal, height, block digest, certificate or null].
    public func encoded() -> [UInt8] {
        CBORValue.array([
            .unsigned(view), .digest(proposal), .unsigned(block.height), .digest(block.digest),
            .optional(certificate?.cbor),
        ]).encoded()
    }

    /// Reads the stored form.
    public static func decode(_ bytes: [UInt8]) throws(MessageError) -> FinalizedTip {
        try decodeStored(bytes) { (item) throws(CBORFieldError) in
            let items = try item.array(count: 5)
            return FinalizedTip(
                view: try items[0].unsigned(),
                proposal: try items[1].digest(),
                block: BlockID(height: try items[2].unsigned(), digest: try items[3].digest()),
                certificate: try items[4].optional(Certificate.init)
            )
        }
    }
}

extension Alarm {
    /// The stored form, for those who investigate: [1, certificate or null, certificate] or
    /// [2, view, proposal, height, block digest].
    public func encoded() -> [UInt8] {
        let items: [CBORValue] =
            switch self {
            case .conflictingFinality(let held, let found):
                [.unsigned(1), .optional(held?.cbor), found.cbor]
            case .divergentExecution(let view, let proposal, let block):
                [
                    .unsigned(2), .unsigned(view), .digest(proposal), .unsigned(block.height),
                    .digest(block.digest),
                ]
            }
        return CBORValue.array(items).encoded()
    }

    /// Reads the stored form.
    public static func decode(_ bytes: [UInt8]) throws(MessageError) -> Alarm {
        try decodeStored(bytes) { (item) throws(CBORFieldError) in
            let items = try item.array(maxCount: 5)
            switch (try items.first?.unsigned(), items.count) {
            case (1, 3):
                return .conflictingFinality(
                    held: try items[1].optional(Certificate.init),
                    found: try Certificate(items[2])
                )
            case (2, 5):
                return .divergentExecution(
                    view: try items[1].unsigned(),
                    proposal: try items[2].digest(),
                    block: BlockID(
                        height: try items[3].unsigned(),
                        digest: try items[4].digest()
                    )
                )
            default: throw item.error("is no alarm")
            }
        }
    }
}

/// Decodes one item of the stored form, bounded as a message is.
func decodeStored<Value>(
    _ bytes: [UInt8],
    _ read: (CBORItem) throws(CBORFieldError) -> Value
) throws(MessageError) -> Value {
    do {
        return try read(CBORItem(try CBORValue.decode(bytes, limits: .message)))
    } catch let error as CBORFieldError {
        throw MessageError(error)
    } catch let error as CBORError {
        throw MessageError(error)
    } catch {
        throw MessageError(path: "$", problem: "cannot be read")
    }
}
