package import CBOR
package import QuotaCrypto

extension Vote {
    /// [epoch, kind, view, proposal (null for nullify), member, signature].
    package var cbor: CBORValue {
        .array([
            .unsigned(epoch), .unsigned(UInt64(kind.rawValue)), .unsigned(view),
            kind == .nullify ? .null : .bytes(proposal.bytes), .unsigned(UInt64(member)),
            .bytes(signature),
        ])
    }

    package init(_ item: CBORItem) throws(CBORFieldError) {
        let items = try item.array(count: 6)
        let kind = try items[1].voteKind()
        self.init(
            epoch: try items[0].unsigned(),
            kind: kind,
            view: try items[2].view(),
            proposal: try items[3].proposal(for: kind),
            member: Int(try items[4].unsigned(max: UInt64(Vote.memberMax - 1))),
            signature: try items[5].bytes(count: Ed25519.signatureByteCount)
        )
    }
}

extension EvidencePair {
    /// [first vote, second vote].
    package var cbor: CBORValue { .array([first.cbor, second.cbor]) }

    /// Reads a pair; refuses two votes that do not contradict each other, or stand in the other order.
    package init(_ item: CBORItem) throws(CBORFieldError) {
        let items = try item.array(count: 2)
        let (first, second) = (try Vote(items[0]), try Vote(items[1]))
        guard let pair = EvidencePair(first, second) else {
            throw item.error("the votes do not contradict each other")
        }
        // One encoding only: the pair puts them in order.
        guard pair.first == first else { throw item.error("the votes are not in order") }
        self = pair
    }
}

extension CBORItem {
    /// A byte string of 32 bytes.
    package func digest() throws(CBORFieldError) -> Digest {
        guard let digest = Digest(try bytes(count: Digest.byteCount)) else {
            throw error("expected a digest")
        }
        return digest
    }

    /// A vote kind.
    package func voteKind() throws(CBORFieldError) -> VoteKind {
        guard let kind = VoteKind(rawValue: UInt8(try unsigned(max: 255))) else {
            throw error("unknown kind of vote")
        }
        return kind
    }

    /// The proposal of a vote or certificate: null exactly for nullify.
    package func proposal(for kind: VoteKind) throws(CBORFieldError) -> Digest {
        guard kind == .nullify else { return try digest() }
        guard isNull else { throw error("a nullify vote names no proposal") }
        return .zero
    }

    /// A view of at least 1.
    package func view() throws(CBORFieldError) -> UInt64 {
        let number = try unsigned(max: Vote.viewMax)
        guard number > 0 else { throw error("expected at least 1") }
        return number
    }
}
