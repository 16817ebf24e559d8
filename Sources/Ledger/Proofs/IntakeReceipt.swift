import CBOR
public import COSE
import MerkleLog
public import QuotaCrypto

/// A node's signed word that it took a statement, and how far it knew the ledger to be then.
///
/// It promises nothing. Beside a later checkpoint it shows how long the statement lay (consensus.md 2.11).
///
/// Tagged COSE_Sign1 by the node's log key, unprotected header empty. Protected `{1: -8, 3:
/// "application/vnd.quota-ledger.intake+cbor", 4: thumbprint of the log key, 15: {1: member id of the
/// node, 2: the statement's sub, 3: origin, 6: the node's clock, POSIX seconds}}`; payload deterministic
/// CBOR `{kind, issuer, entry: bstr32, chain: bstr32, size, root: bstr32, height, epoch, view}`. The
/// content type is that of no statement, and neither a note nor a vote begins as COSE signs, so that
/// these bytes are none of them.
public struct IntakeReceipt: Hashable, Sendable {
    /// The content type (COSE header 3).
    public static let contentType = "application/vnd.quota-ledger.intake+cbor"
    /// The most bytes: names of full length and all integers in nine bytes take fewer.
    public static let maximumBytes = 1_024

    /// The newest final block that the node held.
    public struct Head: Hashable, Sendable {
        /// SHA-256 of the genesis statement.
        public let chainID: Digest
        /// The size of the log.
        public let size: UInt64
        /// Its root.
        public let root: Digest
        /// The number of the block.
        public let height: UInt64

        /// The head of a state.
        public init(_ state: LedgerState) {
            self.init(
                chainID: state.chainID,
                size: state.size,
                root: state.tree.root,
                height: state.height
            )
        }

        init(chainID: Digest, size: UInt64, root: Digest, height: UInt64) {
            self.chainID = chainID
            self.size = size
            self.root = root
            self.height = height
        }
    }

    /// What the statement calls itself.
    public let statement: StatementIdentity
    /// Its leaf hash.
    public let entry: Digest
    /// The member that runs the node.
    public let node: String
    /// The thumbprint of the log key that signed.
    public let kid: Digest
    /// The origin of the log.
    public let origin: String
    /// When the node took the statement, by its own clock, POSIX seconds.
    public let time: UInt64
    /// The newest final block that it held.
    public let head: Head
    /// The epoch whose log key signed.
    public let epoch: UInt64
    /// The consensus view that the node was in.
    public let view: UInt64
    private let message: COSESign1

    /// The receipt as it travels.
    public var bytes: [UInt8] { message.encoded() }

    /// Signs that a node took a statement.
    ///
    /// - Parameters:
    ///   - statement: The statement.
    ///   - head: The newest final block that the node holds.
    ///   - epoch: The epoch that the key belongs to.
    ///   - view: The view that the node is in.
    ///   - node: The member that runs the node.
    ///   - time: The node's clock, POSIX seconds.
    ///   - key: The node's log key.
    public init(
        of statement: Statement,
        head: Head,
        epoch: UInt64,
        view: UInt64,
        by node: String,
        at time: UInt64,
        with key: Ed25519.PrivateKey
    ) {
        let header = StatementHeader(
            contentType: Self.contentType,
            kid: COSEKey.thumbprint(key.publicKey),
            issuer: node,
            subject: statement.identity.subject,
            audience: statement.audience,
            issuedAt: time
        )
        let payload = CBORValue.object([
            ("kind", .text(statement.identity.kind.rawValue)),
            ("issuer", .text(statement.identity.issuer)),
            ("entry", .bytes(statement.leafHash.bytes)), ("chain", .bytes(head.chainID.bytes)),
            ("size", .unsigned(head.size)), ("root", .bytes(head.root.bytes)),
            ("height", .unsigned(head.height)), ("epoch", .unsigned(epoch)),
            ("view", .unsigned(view)),
        ])
        message = COSESign1.sign(
            protected: header.cbor,
            payload: payload.encoded(),
            with: key
        )
        self.statement = statement.identity
        entry = statement.leafHash
        self.node = node
        kid = header.kid
        origin = header.audience
        self.time = time
        self.head = head
        self.epoch = epoch
        self.view = view
    }

    /// Reads a receipt; its signature is not checked.
    ///
    /// - Throws: ``StatementError`` that names the offending field.
    public init(_ bytes: [UInt8]) throws(StatementError) {
        guard bytes.count <= Self.maximumBytes else {
            throw StatementError(
                "$",
                "an intake receipt has at most \(Self.maximumBytes) bytes",
                code: .tooLarge
            )
        }
        do throws(COSEError) {
            message = try COSESign1.decode(bytes)
        } catch {
            throw StatementError(error)
        }
        guard message.unprotected.isEmpty else {
            throw StatementError("$.unprotected", "must be empty")
        }
        let header = try StatementHeader(message.protected)
        guard header.contentType == Self.contentType else {
            throw StatementError("$.protected.3", "expected \(Self.contentType)")
        }
        guard let payload = message.payload else {
            throw StatementError("$.payload", "missing", code: .payloadMissing)
        }
        (node, kid, origin, time) = (header.issuer, header.kid, header.audience, header.issuedAt)
        do throws(CBORFieldError) {
            var fields = try CBORFields(try CBORValue.mapValue(payload), path: "$.payload")
            let kind = try fields.item("kind")
            guard let known = StatementKind(rawValue: try kind.text(maxLength: 16)) else {
                throw kind.error("not a kind of statement")
            }
            statement = StatementIdentity(
                kind: known,
                issuer: try fields.text("issuer", .member),
                subject: header.subject
            )
            entry = try fields.digest("entry")
            head = try Head(&fields)
            epoch = try fields.unsigned("epoch", max: Self.numberMax)
            view = try fields.unsigned("view", max: Self.numberMax)
            try fields.finish()
        } catch {
            throw StatementError(error)
        }
    }

    /// Checks the signature.
    ///
    /// - Parameter key: The node's log key in ``epoch``, as the ledger names it.
    /// - Throws: ``COSEError`` if it does not hold.
    public func verify(with key: Ed25519.PublicKey) throws(COSEError) {
        try message.verify(with: key)
    }

    /// Numbers stay below it, so that sums of them cannot overflow.
    fileprivate static let numberMax: UInt64 = 1 << 62
}

extension IntakeReceipt.Head {
    fileprivate init(_ fields: inout CBORFields) throws(CBORFieldError) {
        let size = try fields.item("size")
        self.init(
            chainID: try fields.digest("chain"),
            size: try size.unsigned(max: IntakeReceipt.numberMax),
            root: try fields.digest("root"),
            height: try fields.unsigned("height", max: IntakeReceipt.numberMax)
        )
        // Each block has a statement and a header.
        guard self.size / 2 > height else {
            throw size.error("a log of \(height) blocks after the first has more leaves")
        }
    }
}
