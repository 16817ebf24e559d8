import APIModel
import CBOR
import COSE
import HTTPTypes
import Hummingbird
import QuotaCrypto

/// `/v1/statements/{leaf hash or index}`: any leaf of the log, as JSON or as its own bytes.
struct StatementRoutes: Sendable {
    let backend: any NodeBackend

    func add(to router: Router<APIContext>) {
        router.get("v1/statements/:id") { request, context in
            try QueryReader(request).finish()
            let record = try await leaf(context.parameter("id"))
            if MediaRange.names(request, type: Reply.cose) || MediaRange.namesCBOR(request) {
                let isStatement = Self.isStatement(record.bytes)
                return Reply.bytes(
                    record.bytes,
                    type: isStatement ? Reply.cose : Reply.cbor,
                    freshness: .immutable
                )
            }
            return try Reply.json(try Self.document(record))
        }
        router.get("v1/statements/:id/transparent") { request, context in
            try QueryReader(request).finish()
            let record = try await leaf(context.parameter("id"))
            guard let bytes = try await backend.transparentStatement(record.entry) else {
                throw APIProblem.notFound(
                    "no-transparent-statement",
                    field: "id",
                    "only statements have receipts; this leaf is a block header"
                )
            }
            return Reply.bytes(bytes, type: Reply.statement, freshness: .none)
        }
    }

    private func leaf(_ id: String) async throws -> LeafRecord {
        guard let record = try await backend.leaf(try Locator.leaf(id)) else {
            throw APIProblem.notFound(
                "no-such-statement",
                field: "id",
                "the log has no such leaf; a statement that was refused is not kept"
            )
        }
        return record
    }

    /// Tag 18 in its one encoding.
    private static func isStatement(_ bytes: [UInt8]) -> Bool { bytes.first == 0xD2 }

    private static func document(_ record: LeafRecord) throws -> StatementDocument {
        var document = StatementDocument(
            entry: record.entry.description,
            index: record.index,
            height: record.height,
            time: Timestamp(seconds: record.time),
            kind: "header",
            payload: .null,
            state: record.state,
            decision: record.decision,
            bytes: record.bytes.count
        )
        guard isStatement(record.bytes) else {
            document.payload = JSONValue(try CBORValue.decode(record.bytes))
            return document
        }
        let statement = try COSESign1.decode(record.bytes)
        let header = statement.protected
        let claims = header[.integer(Int64(COSEHeader.cwtClaims))]
        document.kind = kind(of: header[.integer(Int64(COSEHeader.contentType))]?.textValue)
        document.issuer = claims?[1]?.textValue
        document.subject = claims?[2]?.textValue
        document.issuedAt = claims?[6]?.unsignedValue.map { Timestamp(seconds: $0) }
        document.key = header[.integer(Int64(COSEHeader.kid))]?.bytesValue.map(Hex.encode)
        if let payload = statement.payload {
            document.payload = JSONValue(try CBORValue.decode(payload))
        }
        return document
    }

    /// The kind within `application/vnd.quota-ledger.<kind>+cbor`.
    private static func kind(of contentType: String?) -> String {
        let prefix = "application/vnd.quota-ledger."
        let suffix = "+cbor"
        guard let contentType, contentType.hasPrefix(prefix), contentType.hasSuffix(suffix) else {
            return "unknown"
        }
        return String(contentType.dropFirst(prefix.count).dropLast(suffix.count))
    }
}
