public import CBOR
public import QuotaCrypto

/// That a node which is to vote from the next epoch on holds the ledger: the body of a ready
/// statement, signed by the **log key** of the node's new card.
///
/// Layout: `{epoch, node: bstr32, size}`. The statement's subject is the epoch and the first eight
/// bytes of the card's digest in hexadecimal, `2.0011223344556677` for example, so that another card
/// asks for another statement.
public struct ReadyBody: Hashable, Sendable {
    /// The number of the epoch that the node is ready for.
    public let epoch: UInt64
    /// ``NodeCard/digest`` of the node's card in that epoch.
    public let node: Digest
    /// The size of the log that the node has verified and stored.
    public let size: UInt64

    /// A body with the given contents.
    public init(epoch: UInt64, node: Digest, size: UInt64) {
        self.epoch = epoch
        self.node = node
        self.size = size
    }

    /// Reads a body.
    ///
    /// - Throws: ``CBORFieldError`` that names the offending field.
    public init(_ value: CBORValue, path: String = "$") throws(CBORFieldError) {
        var fields = try CBORFields(value, path: path)
        epoch = try fields.unsigned("epoch")
        node = try fields.digest("node")
        size = try fields.unsigned("size")
        try fields.finish()
    }

    /// The body as CBOR.
    public var cbor: CBORValue {
        .object([
            ("epoch", .unsigned(epoch)), ("node", .bytes(node.bytes)), ("size", .unsigned(size)),
        ])
    }

    /// The subject of the statement.
    public var subject: String { "\(epoch).\(node.description.prefix(16))" }
}
