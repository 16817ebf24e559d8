import CBOR
import Ledger
public import QuotaCrypto

/// What leads from the genesis statement to the root of a state map: the epochs' hand-offs, and the
/// finalization of the block that the state stands behind.
///
/// Bytes: the deterministic CBOR array `["QLEDGER-SNAPSHOT-V1", hand-offs: bstr, root: bstr32,
/// header: bstr, [* bstr32], proposal: bstr / null, [+ [* bstr32]]]`: a `.handoffs` file; the root of
/// the log that the header closes; the header, its inclusion path; the final proposal with its
/// finalization, null if the block sealed the last epoch; the hashes of the last hash tile of each level.
public struct SnapshotHead: Hashable, Sendable {
    /// The steps from the founders to the validators of the block's epoch.
    public let handOffs: [UInt8]
    /// The root of the log whose last leaf the header is.
    public let root: Digest
    /// The header leaf.
    public let header: [UInt8]
    /// The inclusion path of the header.
    public let path: [Digest]
    /// The proposal that made the block final, as it is stored; nil if the block sealed an epoch.
    public let proposal: [UInt8]?
    /// The hashes that the last hash tile of each level holds, from the leaves upward.
    public let edge: [[Digest]]

    /// A head from its parts; nothing is checked until `verify`.
    public init(
        handOffs: [UInt8],
        root: Digest,
        header: [UInt8],
        path: [Digest],
        proposal: [UInt8]?,
        edge: [[Digest]]
    ) {
        self.handOffs = handOffs
        self.root = root
        self.header = header
        self.path = path
        self.proposal = proposal
        self.edge = edge
    }

    private static let mark = "QLEDGER-SNAPSHOT-V1"
    /// The most bytes of an encoded head.
    public static let byteCountMax = 4 << 20
    private static let limits = CBORLimits(
        byteCountMax: byteCountMax,
        depthMax: 4,
        itemCountMax: 8_192
    )

    /// The one encoding of the head.
    public func encoded() -> [UInt8] {
        func list(_ hashes: [Digest]) -> CBORValue { .array(hashes.map { .bytes($0.bytes) }) }
        return CBORValue.array([
            .text(Self.mark), .bytes(handOffs), .bytes(root.bytes), .bytes(header), list(path),
            proposal.map(CBORValue.bytes) ?? .null, .array(edge.map(list)),
        ]).encoded()
    }

    /// A head from its one encoding.
    ///
    /// - Throws: `SnapshotError` that names the field.
    public static func decode(_ bytes: [UInt8]) throws(SnapshotError) -> SnapshotHead {
        do {
            let value = try CBORValue.decode(bytes, limits: limits)
            let items = try CBORItem(value).array(count: 7)
            guard try items[0].text(maxLength: 64) == mark else {
                throw items[0].error("expected '\(mark)'")
            }
            var edge: [[Digest]] = []
            for level in try items[6].array(maxCount: 8) {
                edge.append(try level.digests(maxCount: 255))
            }
            return SnapshotHead(
                handOffs: try items[1].bytes(maxCount: byteCountMax),
                root: try items[2].digest(),
                header: try items[3].bytes(maxCount: BlockLimits.headerBytesMax),
                path: try items[4].digests(maxCount: 64),
                proposal: items[5].isNull ? nil : try items[5].bytes(maxCount: byteCountMax),
                edge: edge
            )
        } catch {
            throw SnapshotError("head", "\(error)")
        }
    }
}

/// Why a part of a snapshot was refused.
public struct SnapshotError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The part.
    public let part: String
    /// What is wrong with it.
    public let problem: String

    /// A problem with a part.
    public init(_ part: String, _ problem: String) {
        self.part = part
        self.problem = problem
    }

    /// Part and problem.
    public var description: String { "snapshot, \(part): \(problem)" }
}

extension CBORItem {
    /// A byte string of 32 bytes.
    func digest() throws(CBORFieldError) -> Digest {
        guard let digest = Digest(try bytes(count: Digest.byteCount)) else {
            throw error("expected a digest")
        }
        return digest
    }

    /// At most `maxCount` byte strings of 32 bytes.
    func digests(maxCount: Int) throws(CBORFieldError) -> [Digest] {
        var digests: [Digest] = []
        for item in try array(maxCount: maxCount) { digests.append(try item.digest()) }
        return digests
    }
}
