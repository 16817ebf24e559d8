import CBOR
import Consensus
import QuotaCrypto
import StateMap

/// A snapshot whose map is on its way: which parts are there, and where each slot has come to.
struct SnapshotWork<Proof: SnapshotProof>: Sendable {
    let snapshot: Proof
    /// The map is divided into 2^bits slots by the first bits of the paths.
    let bits: Int
    /// Where the next chunk of each slot begins; nil once the slot is there.
    private(set) var cursors: [Digest?]
    /// The slots that a request is under way for.
    var busy: Set<Int> = []
    private(set) var entries: [MapChunk.Entry] = []
    private var keys: Set<[UInt8]> = []
    private(set) var progress = SnapshotFetch<Proof>.Progress()

    /// Where the head is kept; chunks are kept under their paths.
    static var headPlace: [UInt8] { Array("head".utf8) }

    init(snapshot: Proof, bits: Int) {
        self.snapshot = snapshot
        self.bits = bits
        cursors = (0..<1 << bits).map { Self.start(of: $0, bits: bits) }
        progress.height = snapshot.block.height
        progress.total = cursors.count
    }

    /// What was kept by an earlier run, each part verified again; nil without a head.
    init?(
        kept: [(place: [UInt8], bytes: [UInt8])],
        verify: ([UInt8]) throws(SnapshotError) -> Proof
    ) {
        let parts = Dictionary(kept.map { ($0.place, $0.bytes) }) { first, _ in first }
        guard let stored = parts[Self.headPlace],
            let items = (try? CBORValue.decode(stored, limits: Self.limits))?.arrayValue,
            items.count == 2, let bits = items[0].unsignedValue,
            bits <= UInt64(SnapshotOffer.bitsMax), let bytes = items[1].bytesValue,
            let snapshot = try? verify(bytes)
        else { return nil }
        self.init(snapshot: snapshot, bits: Int(bits))
        for slot in cursors.indices {
            while let path = cursors[slot], let chunk = parts[path.bytes] {
                guard (try? take(chunk, slot)) != nil else { break }
            }
        }
    }

    private static var limits: CBORLimits {
        CBORLimits(byteCountMax: SnapshotHead.byteCountMax + 64, depthMax: 2, itemCountMax: 4)
    }

    /// The head as it is kept.
    var keptHead: [UInt8] {
        CBORValue.array([.unsigned(UInt64(bits)), .bytes(snapshot.headBytes)]).encoded()
    }

    var isComplete: Bool { progress.done == cursors.count }

    /// The first slot that nobody was asked for.
    var nextSlot: Int? { cursors.indices.first { cursors[$0] != nil && !busy.contains($0) } }

    /// Takes the next chunk of a slot.
    ///
    /// - Throws: `MapProofError` if it is no part of the map at that place.
    mutating func take(_ bytes: [UInt8], _ slot: Int) throws(MapProofError) {
        guard let path = cursors[slot] else { return }
        let chunk = try MapChunk.decode(bytes)
        let end = try snapshot.verify(chunk, at: path)
        // A sparse map may show the same entry in more than one slot.
        for entry in chunk.entries where keys.insert(entry.key).inserted { entries.append(entry) }
        progress.chunks += 1
        progress.bytes += bytes.count
        cursors[slot] = end.flatMap { Self.slot(of: $0, bits: bits) == slot ? $0 : nil }
        if cursors[slot] == nil { progress.done += 1 }
    }

    private static func slot(of path: Digest, bits: Int) -> Int {
        (0..<bits).reduce(0) { $0 << 1 | (path.bit($1) ? 1 : 0) }
    }

    private static func start(of slot: Int, bits: Int) -> Digest? {
        var bytes = [UInt8](repeating: 0, count: Digest.byteCount)
        for bit in 0..<bits where slot >> (bits - 1 - bit) & 1 == 1 {
            bytes[bit / 8] |= 0x80 >> UInt8(bit % 8)
        }
        return Digest(bytes)
    }
}
