import APIModel
import CBOR
import COSE
import HTTPTypes
import Hummingbird
import QuotaCrypto

/// The keys that verify this log's receipts, retired ones included.
struct ReceiptKeyRoutes: Sendable {
    let backend: any NodeBackend

    func add(to router: Router<APIContext>) {
        router.get(".well-known/scitt-keys") { request, _ in
            try QueryReader(request).finish()
            let keys = try await backend.receiptKeys()
            let set = CBORValue.array(keys.map(COSEKey.value(of:)))
            return Reply.bytes(set.encoded(), type: Reply.cbor, freshness: .minutes)
        }
        router.get(".well-known/scitt-keys/:kid") { request, context in
            try QueryReader(request).finish()
            let kid = Base64.urlDecode(context.parameter("kid"))
            let keys = try await backend.receiptKeys()
            guard let key = keys.first(where: { COSEKey.thumbprint($0).bytes == kid }) else {
                throw APIProblem(
                    status: 404,
                    title: "No such key",
                    refusal: RefusalDocument(
                        code: "no-such-key",
                        message: "expected the RFC 9679 thumbprint of a key of this log, base64url"
                            + " without padding",
                        field: "kid"
                    )
                )
            }
            return Reply.bytes(
                COSEKey.encode(key),
                type: Reply.cbor,
                freshness: .minutes
            )
        }
    }
}
