internal import CBOR
internal import QuotaCrypto
internal import Votes

extension CBORValue {
    /// A digest as a byte string.
    static func digest(_ digest: Digest) -> CBORValue { .bytes(digest.bytes) }

    /// A value, or null for none.
    static func optional(_ value: CBORValue?) -> CBORValue { value ?? .null }

    /// A position or count, never negative.
    static func count(_ number: Int) -> CBORValue { .unsigned(UInt64(number)) }
}

extension CBORItem {
    /// The items of an array, each turned into a value.
    func map<Value>(
        maxCount: Int,
        _ transform: (CBORItem) throws(CBORFieldError) -> Value
    ) throws(CBORFieldError) -> [Value] {
        var values: [Value] = []
        for item in try array(maxCount: maxCount) { values.append(try transform(item)) }
        return values
    }

    /// A value, or nil for null.
    func optional<Value>(
        _ transform: (CBORItem) throws(CBORFieldError) -> Value
    ) throws(CBORFieldError) -> Value? {
        isNull ? nil : try transform(self)
    }
}

extension Certificate {
    /// [epoch, kind, view, proposal (null for nullify), bitmap, signatures].
    ///
    /// Bit i mod 8 of byte i / 8 of the bitmap stands for member i, and its last byte is not zero.
    /// The signatures, 64 bytes each, follow one another in one byte string in the members' order.
    var cbor: CBORValue {
        var bitmap: [UInt8] = []
        var joined: [UInt8] = []
        joined.reserveCapacity(signatures.count * Ed25519.signatureByteCount)
        for signature in signatures {
            while bitmap.count <= signature.member / 8 { bitmap.append(0) }
            bitmap[signature.member / 8] |= 1 << UInt8(signature.member % 8)
            joined.append(contentsOf: signature.bytes)
        }
        return .array([
            .unsigned(epoch), .unsigned(UInt64(kind.rawValue)), .unsigned(view),
            kind == .nullify ? .null : .digest(proposal), .bytes(bitmap), .bytes(joined),
        ])
    }

    init(_ item: CBORItem) throws(CBORFieldError) {
        let items = try item.array(count: 6)
        let kind = try items[1].voteKind()
        let bitmap = try items[4].bytes(maxCount: Limits.memberMax / 8)
        guard bitmap.last != 0 else { throw items[4].error("ends with a zero byte") }
        let members = (0..<bitmap.count * 8).filter { bitmap[$0 / 8] >> UInt8($0 % 8) & 1 == 1 }
        let size = Ed25519.signatureByteCount
        let joined = try items[5].bytes(count: members.count * size)
        self.init(
            epoch: try items[0].unsigned(),
            kind: kind,
            view: try items[2].view(),
            proposal: try items[3].proposal(for: kind),
            signatures: members.enumerated().map { offset, member in
                Signature(
                    member: member,
                    bytes: Array(joined[offset * size..<(offset + 1) * size])
                )
            }
        )
    }
}

extension Proposal {
    /// [chainID, epoch, view, parentView, parent, block].
    var cbor: CBORValue {
        .array([
            .digest(chainID), .unsigned(epoch), .unsigned(view), .unsigned(parentView),
            .digest(parent), .digest(block),
        ])
    }

    init(_ item: CBORItem) throws(CBORFieldError) {
        let items = try item.array(count: 6)
        self.init(
            chainID: try items[0].digest(),
            epoch: try items[1].unsigned(),
            view: try items[2].view(),
            parentView: try items[3].unsigned(),
            parent: try items[4].digest(),
            block: try items[5].digest()
        )
    }
}

extension Justification {
    /// [parent certificate or null, [nullification …]].
    var cbor: CBORValue {
        .array([.optional(parent?.cbor), .array(nullifications.map(\.cbor))])
    }

    init(_ item: CBORItem) throws(CBORFieldError) {
        let items = try item.array(count: 2)
        self.init(
            parent: try items[0].optional(Certificate.init),
            nullifications: try items[1].map(maxCount: 16_384, Certificate.init)
        )
    }
}

extension ProposalEntry {
    /// [proposal, justification, payload or null, finalization or null].
    var cbor: CBORValue {
        .array([
            proposal.cbor, justification.cbor, .optional(payload.map { .bytes($0) }),
            .optional(finalization?.cbor),
        ])
    }

    init(_ item: CBORItem, limits: Limits) throws(CBORFieldError) {
        let items = try item.array(count: 4)
        self.init(
            proposal: try Proposal(items[0]),
            justification: try Justification(items[1]),
            payload: try items[2].optional { (item) throws(CBORFieldError) in
                try item.bytes(maxCount: limits.blockBytesMax)
            },
            finalization: try items[3].optional(Certificate.init)
        )
    }
}

extension Bundle {
    /// The two items of the message: [certificate …], [vote …].
    var items: [CBORValue] {
        [.array(certificates.map(\.cbor)), .array(votes.map(\.cbor))]
    }

    init(_ certificates: CBORItem, _ votes: CBORItem) throws(CBORFieldError) {
        self.init(
            certificates: try certificates.map(maxCount: 4_096, Certificate.init),
            votes: try votes.map(maxCount: 4_096, Vote.init)
        )
    }
}

extension Status {
    /// The five items of the message.
    var items: [CBORValue] {
        [
            .unsigned(epoch), .unsigned(view), .unsigned(finalizedView), .unsigned(height),
            .unsigned(abstainUpTo),
        ]
    }

    /// Reads the items of the message, of which the first is its kind.
    init(_ items: [CBORItem]) throws(CBORFieldError) {
        self.init(
            epoch: try items[1].unsigned(),
            view: try items[2].unsigned(),
            finalizedView: try items[3].unsigned(),
            height: try items[4].unsigned(),
            abstainUpTo: try items[5].unsigned(max: Limits.viewMax)
        )
    }
}

extension Standing {
    /// The four items of the message: epoch, number, view, certificate or null.
    var items: [CBORValue] {
        [
            .unsigned(epoch), .unsigned(nonce), .unsigned(view), .optional(certificate?.cbor),
        ]
    }

    /// Reads the items of the message, of which the first is its kind.
    init(_ items: [CBORItem]) throws(CBORFieldError) {
        self.init(
            epoch: try items[1].unsigned(),
            nonce: try items[2].unsigned(),
            view: try items[3].view(),
            certificate: try items[4].optional(Certificate.init)
        )
    }
}

extension FetchKey {
    /// A byte string for one proposal, epoch and view for the final proposals after it, an integer for
    /// the seal of an epoch.
    var cbor: CBORValue {
        switch self {
        case .proposal(let id): .digest(id)
        case .finalized(let epoch, let view): .array([.unsigned(epoch), .unsigned(view)])
        case .seal(let epoch): .unsigned(epoch)
        }
    }

    init(_ item: CBORItem) throws(CBORFieldError) {
        switch item.value {
        case .unsigned(let epoch): self = .seal(epoch: epoch)
        case .array:
            let items = try item.array(count: 2)
            self = .finalized(epoch: try items[0].unsigned(), after: try items[1].unsigned())
        default: self = .proposal(try item.digest())
        }
    }
}
