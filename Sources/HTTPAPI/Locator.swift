import APIModel
import QuotaCrypto

/// How paths name leaves.
enum Locator {
    /// An entry id: the leaf hash in lower-case hex.
    static func entry(_ text: String) throws -> Digest {
        guard let digest = hash(text) else {
            throw APIProblem(
                status: 400,
                title: "Invalid locator",
                refusal: RefusalDocument(
                    code: "invalid-locator",
                    message: "expected the entry's leaf hash as 64 lower-case hexadecimal digits",
                    field: "id"
                )
            )
        }
        return digest
    }

    /// A leaf hash or a leaf index.
    static func leaf(_ text: String) throws -> LeafLocator {
        if let digest = hash(text) { return .entry(digest) }
        if let index = QueryReader.decimal(text) { return .index(index) }
        throw APIProblem(
            status: 400,
            title: "Invalid locator",
            refusal: RefusalDocument(
                code: "invalid-locator",
                message: "expected a leaf hash as 64 lower-case hexadecimal digits, or an index",
                field: "id"
            )
        )
    }

    private static func hash(_ text: String) -> Digest? {
        guard text.utf8.count == 2 * Digest.byteCount, text == text.lowercased() else { return nil }
        return Digest(hex: text)
    }
}
