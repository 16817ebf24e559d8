import Foundation
import Ledger

/// Who the member is and which nodes it asks: `profile.json`, completed by the member card.
package struct Profile: Hashable, Sendable {
    /// The member id that signs.
    package var member: String?
    /// The ledger's origin.
    package var origin: String?
    /// The nodes, the preferred one first.
    package var nodes: [LedgerURL]
    /// The path of the trust policy that receipts are verified by.
    package var policy: String?

    /// Makes a profile.
    package init(
        member: String? = nil,
        origin: String? = nil,
        nodes: [LedgerURL] = [],
        policy: String? = nil
    ) {
        self.member = member
        self.origin = origin
        self.nodes = nodes
        self.policy = policy
    }

    /// The form of the file, which refuses unknown names.
    private struct File: Codable {
        var member: String?
        var origin: String?
        var nodes: [String]?
        var policy: String?

        static let names: Set<String> = ["member", "origin", "nodes", "policy"]
    }

    /// What the home says: the profile file first, then the card.
    package static func load(from home: MemberHome) throws -> Profile {
        var profile = try file(home)
        if let (card, statement) = try home.card() {
            profile.member = profile.member ?? card.id
            profile.origin = profile.origin ?? statement.audience
            if profile.nodes.isEmpty, let url = (card.node?.api).flatMap(LedgerURL.init) {
                profile.nodes = [url]
            }
        }
        if profile.policy == nil, HomeFile.exists(home.trustPolicyFile) {
            profile.policy = home.trustPolicyFile
        }
        return profile
    }

    /// What `profile.json` alone says; empty if there is none.
    package static func file(_ home: MemberHome) throws -> Profile {
        let path = home.profileFile
        guard HomeFile.exists(path) else { return Profile() }
        let data = Data(try HomeFile.read(path))
        let parsed: File
        do {
            let object = try JSONSerialization.jsonObject(with: data) as? [String: Any]
            if let unknown = object?.keys.filter({ !File.names.contains($0) }).min() {
                throw HomeFile.Failure(path: path, problem: "\(unknown): unknown name")
            }
            parsed = try JSONDecoder().decode(File.self, from: data)
        } catch let failure as HomeFile.Failure {
            throw failure
        } catch {
            throw HomeFile.Failure(
                path: path,
                problem: "expected {\"member\", \"origin\", \"nodes\": [...], \"policy\"}"
            )
        }
        let nodes = try (parsed.nodes ?? []).map { text in
            guard let url = LedgerURL(text) else {
                throw HomeFile.Failure(path: path, problem: "nodes: \(text) is no address")
            }
            return url
        }
        return Profile(
            member: parsed.member,
            origin: parsed.origin,
            nodes: nodes,
            policy: parsed.policy
        )
    }

    /// Writes `profile.json`.
    package func save(to home: MemberHome) throws {
        let file = File(
            member: member,
            origin: origin,
            nodes: nodes.isEmpty ? nil : nodes.map(\.description),
            policy: policy
        )
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let bytes = Array(try encoder.encode(file)) + [0x0A]
        try HomeFile.write(bytes, to: home.profileFile, replacing: true)
    }
}
