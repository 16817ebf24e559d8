import QuotaCrypto
import StateMap

/// A published ICS-23 vector: hexadecimal text.
struct ICS23Vector: Decodable {
    let key: String
    let proof: String
    let root: String
    let value: String
}

/// The parts of an ICS-23 `CommitmentProof` (protocol buffers) that a sparse tree uses.
struct ICS23Message {
    /// A proof of presence as the message has it.
    struct Existence {
        let mapProof: MapProof
    }

    enum Malformed: Error {
        case message
    }

    let key: [UInt8]
    let value: [UInt8]
    let root: Digest
    /// One proof of presence, or the neighbours of an absent key.
    let existence: [Existence]

    init(_ vector: ICS23Vector) throws {
        guard let key = Hex.decode(vector.key), let value = Hex.decode(vector.value),
            let proof = Hex.decode(vector.proof), let root = Digest(hex: vector.root)
        else { throw Malformed.message }
        self.key = key
        self.value = value
        self.root = root
        let fields = try Self.fields(proof[...])
        if let present = fields[1]?.first {
            existence = [try Self.existence(present)]
        } else {
            guard let absent = fields[2]?.first else { throw Malformed.message }
            let neighbours = try Self.fields(absent)
            existence = try [2, 3].compactMap { neighbours[$0]?.first }.map(Self.existence)
        }
    }

    /// Message ExistenceProof: 1 key, 2 value, 3 leaf operation, 4 inner operations.
    private static func existence(_ bytes: ArraySlice<UInt8>) throws -> Existence {
        let fields = try fields(bytes)
        guard let key = fields[1]?.first, let value = fields[2]?.first else {
            throw Malformed.message
        }
        let path = SHA256.hash(Array(key))
        let steps = fields[4] ?? []
        let siblings = try steps.enumerated().map { index, step in
            try sibling(step, isRight: path.bit(steps.count - 1 - index))
        }
        return Existence(
            mapProof: MapProof(
                key: Array(key),
                value: Array(value),
                terminal: nil,
                siblings: siblings
            )
        )
    }

    /// Message InnerOp: 2 prefix (0x01, then the left sibling if any), 3 suffix (the right sibling).
    private static func sibling(_ bytes: ArraySlice<UInt8>, isRight: Bool) throws -> Digest? {
        let fields = try fields(bytes)
        guard let prefix = fields[2]?.first, prefix.first == 1,
            let hash = Digest(isRight ? prefix.dropFirst() : fields[3]?.first ?? []),
            isRight == (fields[3]?.first == nil)
        else { throw Malformed.message }
        return hash == .zero ? nil : hash
    }

    /// The length-delimited fields of a message by number; numbers (varints) are passed over.
    private static func fields(
        _ bytes: ArraySlice<UInt8>
    ) throws -> [UInt64: [ArraySlice<UInt8>]] {
        var rest = bytes
        func varint() throws -> UInt64 {
            var value: UInt64 = 0
            for shift in stride(from: UInt64(0), to: 63, by: 7) {
                guard let byte = rest.popFirst() else { throw Malformed.message }
                value |= UInt64(byte & 0x7f) << shift
                if byte < 0x80 { return value }
            }
            throw Malformed.message
        }
        var fields: [UInt64: [ArraySlice<UInt8>]] = [:]
        while !rest.isEmpty {
            let head = try varint()
            let number = try varint()
            guard head & 7 == 2 else { continue }
            guard number <= rest.count else { throw Malformed.message }
            fields[head >> 3, default: []].append(rest.prefix(Int(number)))
            rest = rest.dropFirst(Int(number))
        }
        return fields
    }
}
