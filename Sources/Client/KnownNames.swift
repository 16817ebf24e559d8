import APIModel
import CBOR
import QuotaRules

/// The names that the ledger knows, so that a spelling mistake is found before anything is sent.
package struct KnownNames: Hashable, Sendable {
    /// The SKUs of the catalogue.
    package var skus: [String]
    /// The registered organisations.
    package var organisations: [String]
    /// The routes of the policy.
    package var authorities: [String]
    /// The kinds of evidence that some route of the policy asks for.
    package var evidence: [String]

    /// Makes a list of names.
    package init(
        skus: [String],
        organisations: [String],
        authorities: [String],
        evidence: [String]
    ) {
        self.skus = skus
        self.organisations = organisations
        self.authorities = authorities
        self.evidence = evidence
    }

    /// Asks a node.
    package static func fetch(from client: LedgerClient) async throws(ClientError) -> KnownNames {
        let path = "/v1/policy"
        let policy: Policy
        do {
            let bytes = try await client.bytes(path, accept: "application/cbor")
            policy = try Policy.decode(try CBORValue.decode(bytes, limits: .message))
        } catch let error as ClientError {
            throw error
        } catch {
            throw .badAnswer(path: path, problem: "\(error)")
        }
        let catalogue = try await client.catalogue()
        let organisations = try await client.organisations()
        return KnownNames(
            skus: catalogue.chips.map(\.sku),
            organisations: organisations.organisations.map(\.id),
            authorities: policy.routes.map(\.id),
            evidence: policy.routes.flatMap { $0.evidence.map(\.type) }
        )
    }
}
