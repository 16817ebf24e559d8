internal import CBOR
internal import QuotaCrypto
internal import Votes

/// Why bytes are not a message.
public struct MessageError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Where: `$` is the whole message, `$[1]` its second item.
    public let path: String
    /// What was expected there.
    public let problem: String

    /// A problem at a place.
    public init(path: String, problem: String) {
        self.path = path
        self.problem = problem
    }

    /// The path and the problem.
    public var description: String { "\(path): \(problem)" }

    init(_ error: CBORFieldError) {
        self.init(path: error.path, problem: error.problem)
    }

    init(_ error: CBORError) {
        self.init(path: "$", problem: error.description)
    }
}

extension Message {
    private enum Tag: UInt64 {
        case propose = 1
        case vote = 2
        case certificate = 3
        case bundle = 4
        case status = 5
        case fetch = 6
        case fetchFinalized = 7
        case proposals = 8
        case recover = 9
        case standing = 10
    }

    /// The wire form: a deterministic CBOR array whose first item is the kind of message.
    public func encoded() -> [UInt8] {
        let (tag, items): (Tag, [CBORValue]) =
            switch self {
            case .propose(let entry, let vote): (.propose, [entry.cbor, vote.cbor])
            case .vote(let vote): (.vote, [vote.cbor])
            case .certificate(let certificate): (.certificate, [certificate.cbor])
            case .bundle(let bundle): (.bundle, bundle.items)
            case .status(let status): (.status, status.items)
            case .fetch(let id): (.fetch, [.digest(id)])
            case .fetchFinalized(let epoch, let view):
                (.fetchFinalized, [.unsigned(epoch), .unsigned(view)])
            case .proposals(let key, let entries):
                (.proposals, [key.cbor, .array(entries.map(\.cbor))])
            case .recover(let nonce): (.recover, [.unsigned(nonce)])
            case .standing(let standing): (.standing, standing.items)
            }
        return CBORValue.array([.unsigned(tag.rawValue)] + items).encoded()
    }

    /// Reads a message that fills `bytes`.
    ///
    /// Checks form and size only: who signed what is the replica's business.
    public static func decode(
        _ bytes: [UInt8],
        limits: Limits = Limits()
    ) throws(MessageError) -> Message {
        do {
            let wire = CBORLimits(
                byteCountMax: limits.messageBytesMax,
                depthMax: 8,
                itemCountMax: 262_144
            )
            return try Message(CBORItem(try CBORValue.decode(bytes, limits: wire)), limits: limits)
        } catch let error as CBORFieldError {
            throw MessageError(error)
        } catch let error as CBORError {
            throw MessageError(error)
        } catch {
            throw MessageError(path: "$", problem: "not a message")
        }
    }

    private init(_ item: CBORItem, limits: Limits) throws(CBORFieldError) {
        let items = try item.array(maxCount: 6)
        guard let first = items.first else { throw item.error("expected a kind of message") }
        guard let tag = Tag(rawValue: try first.unsigned()) else {
            throw first.error("unknown kind of message")
        }
        func fields(_ count: Int) throws(CBORFieldError) -> ArraySlice<CBORItem> {
            guard items.count == count + 1 else { throw item.error("expected \(count + 1) items") }
            return items.dropFirst()
        }
        switch tag {
        case .propose:
            _ = try fields(2)
            self = .propose(try ProposalEntry(items[1], limits: limits), try Vote(items[2]))
        case .vote:
            _ = try fields(1)
            self = .vote(try Vote(items[1]))
        case .certificate:
            _ = try fields(1)
            self = .certificate(try Certificate(items[1]))
        case .bundle:
            _ = try fields(2)
            self = .bundle(try Bundle(items[1], items[2]))
        case .status:
            _ = try fields(5)
            self = .status(try Status(items))
        case .fetch:
            _ = try fields(1)
            self = .fetch(try items[1].digest())
        case .fetchFinalized:
            _ = try fields(2)
            self = .fetchFinalized(
                epoch: try items[1].unsigned(),
                after: try items[2].unsigned()
            )
        case .proposals:
            _ = try fields(2)
            self = .proposals(
                try FetchKey(items[1]),
                try items[2].map(maxCount: 4_096) { (item) throws(CBORFieldError) in
                    try ProposalEntry(item, limits: limits)
                }
            )
        case .recover:
            _ = try fields(1)
            self = .recover(nonce: try items[1].unsigned())
        case .standing:
            _ = try fields(4)
            self = .standing(try Standing(items))
        }
    }
}
