internal import CBOR
public import QuotaCrypto
public import Votes

/// Proof against members, for those who know nothing but the chain and its vote keys (section 2.8).
///
/// Encoded as a deterministic CBOR array: `["QLEDGER-EVIDENCE-V1", chain identifier (32 bytes), epoch,
/// [[vote, vote] …]]`, where a vote is `[epoch, kind, view, proposal or null, member, signature]` as
/// on the wire. Pairs stand in ascending order of member and view.
public struct EvidenceFile: Hashable, Sendable {
    /// SHA-256 of the genesis statement of the chain that the votes name.
    public let chainID: Digest
    /// The epoch whose keys signed.
    public let epoch: UInt64
    /// Contradicting votes, ascending by member and view.
    public let pairs: [EvidencePair]

    /// A file of pairs of one chain and epoch, in whatever order.
    public init(chainID: Digest, epoch: UInt64, pairs: [EvidencePair]) {
        self.chainID = chainID
        self.epoch = epoch
        self.pairs = pairs.filter { $0.first.epoch == epoch }.sorted(by: EvidenceFile.isBefore)
    }

    /// The most pairs in a file.
    public static let pairCountMax = 4_096
    /// The most bytes of a file.
    public static let byteCountMax = 2 << 20
    /// What a file begins with, inside its array.
    public static let format = "QLEDGER-EVIDENCE-V1"

    /// Whether bytes begin as a file of this kind does.
    public static func isMarked(_ bytes: [UInt8]) -> Bool {
        let mark = CBORValue.text(EvidenceFile.format).encoded()
        return bytes.dropFirst().starts(with: mark)
    }

    private static func isBefore(_ left: EvidencePair, _ right: EvidencePair) -> Bool {
        (left.member, left.first.view, left.offence.rawValue)
            < (right.member, right.first.view, right.offence.rawValue)
    }

    /// The bytes of the file.
    public func encoded() -> [UInt8] {
        CBORValue.array([
            .text(EvidenceFile.format), .digest(chainID), .unsigned(epoch),
            .array(pairs.map(\.cbor)),
        ]).encoded()
    }

    /// Reads a file; refuses pairs that do not contradict each other, are of another epoch, or stand
    /// out of order.
    ///
    /// - Throws: `MessageError` with the place and the problem.
    public static func decode(_ bytes: [UInt8]) throws(MessageError) -> EvidenceFile {
        try decodeStored(bytes) { (item) throws(CBORFieldError) in try EvidenceFile(item) }
    }

    private init(_ item: CBORItem) throws(CBORFieldError) {
        let items = try item.array(count: 4)
        guard try items[0].text(maxLength: 64) == EvidenceFile.format else {
            throw items[0].error("expected \(EvidenceFile.format)")
        }
        let epoch = try items[2].unsigned()
        let pairs = try items[3].map(maxCount: EvidenceFile.pairCountMax) {
            (item) throws(CBORFieldError) in
            let pair = try EvidencePair(item)
            guard pair.first.epoch == epoch else { throw item.error("is of another epoch") }
            return pair
        }
        guard zip(pairs, pairs.dropFirst()).allSatisfy(EvidenceFile.isBefore) else {
            throw items[3].error("the pairs are not in ascending order")
        }
        chainID = try items[1].digest()
        self.epoch = epoch
        self.pairs = pairs
    }

    /// A pair that proves nothing, as one of its signatures is not the named member's.
    public struct Unproven: Error, Hashable, Sendable {
        /// The pair's position in the file, from 0.
        public let index: Int
        /// The member it accuses.
        public let member: Int
    }

    /// Checks every pair of the file.
    ///
    /// - Parameter verifier: The vote keys of the epoch's members, from a source that is trusted.
    /// - Returns: The members that the file convicts, ascending.
    /// - Throws: `Unproven` at the first pair that is not signed by whom it accuses: whoever made the
    ///   file is not to be believed then.
    public func convicted(by verifier: any VoteVerifier) throws(Unproven) -> [Int] {
        var members: [Int] = []
        for (index, pair) in pairs.enumerated() {
            guard pair.isValid(chainID: chainID, verifier: verifier) else {
                throw Unproven(index: index, member: pair.member)
            }
            if members.last != pair.member { members.append(pair.member) }
        }
        return members
    }
}
