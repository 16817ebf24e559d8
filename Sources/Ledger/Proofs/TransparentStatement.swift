import CBOR
import COSE

/// A statement together with its receipts (RFC 9943): the statement's COSE_Sign1 with the receipts in
/// the unprotected header 394.
public struct TransparentStatement: Hashable, Sendable {
    /// The statement as the log holds it.
    public let statement: Statement
    /// The receipts, as they travel.
    public let receipts: [[UInt8]]

    /// The most receipts.
    public static let maximumReceipts = 64

    /// A statement with receipts.
    public init(_ statement: Statement, receipts: [[UInt8]]) {
        self.statement = statement
        self.receipts = receipts
    }

    /// The statement with header 394; without receipts, the statement itself.
    public func encoded() -> [UInt8] {
        guard !receipts.isEmpty else { return statement.bytes }
        return statement.message.replacingUnprotected([
            CBORMapEntry(
                .integer(Int64(COSEHeader.receipts)),
                .array(receipts.map { .bytes($0) })
            )
        ]).encoded()
    }

    /// Reads a statement with receipts, and gives the statement back as the log holds it.
    ///
    /// - Throws: ``StatementError`` that names the offending field.
    public static func decode(_ bytes: [UInt8]) throws(StatementError) -> TransparentStatement {
        let message: COSESign1
        do throws(COSEError) {
            message = try COSESign1.decode(
                bytes,
                limits: CBORLimits(byteCountMax: 1 << 19, depthMax: 16, itemCountMax: 16_384)
            )
        } catch {
            throw StatementError(error)
        }
        var receipts: [[UInt8]] = []
        if !message.unprotected.isEmpty {
            guard message.unprotected.count == 1,
                case .array(let items)? = message.unprotectedValue(COSEHeader.receipts),
                items.count <= maximumReceipts
            else {
                throw StatementError("$.unprotected", "expected receipts (394) and nothing else")
            }
            for (position, item) in items.enumerated() {
                guard case .bytes(let receipt) = item else {
                    throw StatementError("$.unprotected.394[\(position)]", "expected bytes")
                }
                receipts.append(receipt)
            }
        }
        let statement = try Statement.decode(message.replacingUnprotected([]).encoded())
        return TransparentStatement(statement, receipts: receipts)
    }
}
