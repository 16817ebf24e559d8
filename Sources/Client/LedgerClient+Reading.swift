package import APIModel
import CBOR
import Foundation
package import QuotaCrypto

extension LedgerClient {
    /// A JSON document.
    package func json<Document: Decodable>(
        _ path: String,
        as type: Document.Type = Document.self
    ) async throws(ClientError) -> Document {
        let answer = try await fetch(path, accept: "application/json")
        return try Self.decode(answer.body, path: path)
    }

    /// Bytes of one media type.
    package func bytes(_ path: String, accept: String) async throws(ClientError) -> [UInt8] {
        try await fetch(path, accept: accept).body
    }

    static func decode<Document: Decodable>(
        _ body: [UInt8],
        path: String
    ) throws(ClientError) -> Document {
        do {
            return try JSONDecoder().decode(Document.self, from: Data(body))
        } catch {
            throw .badAnswer(path: path, problem: "\(error)")
        }
    }

    /// A path with query parameters, those that are nil left out.
    package static func path(_ path: String, _ query: [(String, String?)]) -> String {
        var allowed = CharacterSet.alphanumerics
        allowed.insert(charactersIn: "-._~")
        let pairs = query.compactMap { name, value -> String? in
            guard let value else { return nil }
            return "\(name)=\(value.addingPercentEncoding(withAllowedCharacters: allowed) ?? "")"
        }
        return pairs.isEmpty ? path : path + "?" + pairs.joined(separator: "&")
    }

    /// A path component with everything escaped that could end it.
    package static func component(_ text: String) -> String {
        var allowed = CharacterSet.alphanumerics
        allowed.insert(charactersIn: "-._~")
        return text.addingPercentEncoding(withAllowedCharacters: allowed) ?? ""
    }

    /// Whether the ledger is alive and where it stands.
    package func status() async throws(ClientError) -> StatusDocument {
        try await json("/v1/status")
    }

    /// The members.
    package func members() async throws(ClientError) -> MembersDocument {
        try await json("/v1/members")
    }

    /// All organisations.
    package func organisations() async throws(ClientError) -> OrganisationsDocument {
        try await json("/v1/organisations")
    }

    /// The chip catalogue in force.
    package func catalogue() async throws(ClientError) -> CatalogueDocument {
        try await json("/v1/catalogue")
    }

    /// The policy in force.
    package func policy() async throws(ClientError) -> AdoptedDocument {
        try await json("/v1/policy")
    }

    /// Everything that was proposed.
    package func proposals() async throws(ClientError) -> ProposalsDocument {
        try await json("/v1/proposals")
    }

    /// One proposal with its votes.
    package func proposal(
        issuer: String,
        id: String
    ) async throws(ClientError) -> ProposalDocument {
        try await json("/v1/proposals/\(Self.component(issuer))/\(Self.component(id))")
    }

    /// The registered facilities.
    package func facilities() async throws(ClientError) -> FacilitiesDocument {
        try await json("/v1/facilities")
    }

    /// The country accounts, or every account that belongs to one country.
    package func accounts(country: String?) async throws(ClientError) -> AccountsDocument {
        try await json(country.map { "/v1/accounts/" + Self.component($0) } ?? "/v1/accounts")
    }

    /// What is left.
    package func room(_ query: RoomQuery) async throws(ClientError) -> RoomDocument {
        try await json(
            Self.path(
                "/v1/room",
                [
                    ("country", query.country), ("authority", query.authority),
                    ("organisation", query.organisation), ("sku", query.sku),
                    ("exporter", query.exporter), ("date", query.date),
                ]
            )
        )
    }

    /// One page of claims.
    package func claims(_ filter: ClaimFilter) async throws(ClientError) -> ClaimsDocument {
        try await json(
            Self.path(
                "/v1/claims",
                [
                    ("issuer", filter.issuer), ("state", filter.state),
                    ("country", filter.country), ("authority", filter.authority),
                    ("after", filter.after.map(String.init)), ("limit", String(filter.limit)),
                ]
            )
        )
    }

    /// All claims that a filter selects, page by page.
    package func allClaims(_ filter: ClaimFilter) async throws(ClientError) -> [ClaimDocument] {
        var filter = filter
        filter.limit = ClaimFilter.limitMax
        var claims: [ClaimDocument] = []
        while true {
            let page = try await self.claims(filter)
            claims += page.claims
            guard let next = page.next, next > filter.after ?? 0 || filter.after == nil else {
                return claims
            }
            filter.after = next
        }
    }

    /// One leaf by hash or index.
    package func statement(_ id: String) async throws(ClientError) -> StatementDocument {
        try await json("/v1/statements/" + Self.component(id))
    }

    /// The bytes of one leaf.
    package func statementBytes(_ id: String) async throws(ClientError) -> [UInt8] {
        try await bytes("/v1/statements/" + Self.component(id), accept: "application/cose")
    }

    /// The statement with the receipts of all validators.
    package func transparentStatement(_ id: String) async throws(ClientError) -> [UInt8] {
        let path = "/v1/statements/" + Self.component(id) + "/transparent"
        return try await bytes(path, accept: "application/scitt-statement+cose")
    }

    /// A `.tlog-proof` of one account.
    package func totalProof(_ query: TotalQuery) async throws(ClientError) -> [UInt8] {
        let path = Self.path(
            "/v1/proof/total",
            [("country", query.country), ("limit", query.limit), ("period", query.period)]
        )
        return try await bytes(path, accept: "text/plain")
    }

    /// A `.tlog-proof` of what the state map holds, or does not hold, under a key made of texts.
    package func stateProof(_ key: [String]) async throws(ClientError) -> [UInt8] {
        let encoded = CBORValue.array(key.map { .text($0) }).encoded()
        let path = Self.path("/v1/proof/state", [("key", Hex.encode(encoded))])
        return try await bytes(path, accept: "text/plain")
    }

    /// RFC 9162 consistency path between two published sizes.
    package func consistencyPath(
        old: UInt64,
        new: UInt64
    ) async throws(ClientError) -> [Digest] {
        let path = "/v1/proof/consistency?old=\(old)&new=\(new)"
        let document: ConsistencyDocument = try await json(path)
        var digests: [Digest] = []
        for text in document.path {
            guard let bytes = Base64.decode(text), let digest = Digest(bytes) else {
                throw .badAnswer(path: path, problem: "expected base64 of 32 bytes")
            }
            digests.append(digest)
        }
        return digests
    }

    /// The newest checkpoint as a signed note.
    package func checkpoint() async throws(ClientError) -> [UInt8] {
        try await bytes("/checkpoint", accept: "text/plain")
    }

    /// A tile or an entry bundle by its path without a leading slash.
    package func tile(_ path: String) async throws(ClientError) -> [UInt8] {
        try await bytes("/" + path, accept: "application/octet-stream")
    }

    /// The genesis statement.
    package func genesis() async throws(ClientError) -> [UInt8] {
        try await bytes("/v1/genesis", accept: "application/cose")
    }

    /// The steps from the founders to the present validators, to be checked by what is trusted.
    package func handOffs() async throws(ClientError) -> [UInt8] {
        try await bytes("/v1/handoffs", accept: "application/cbor")
    }

    /// The trust policy that the node states for its ledger; take it from elsewhere to trust it.
    package func trustPolicy() async throws(ClientError) -> String {
        String(decoding: try await bytes("/v1/trust-policy", accept: "text/plain"), as: UTF8.self)
    }
}
