import CBOR
import Foundation
import QuotaRules
import TestSupport

/// The policy files and catalogues of the package, and policies that tests write as JSON.
enum RuleFiles {
    /// The policy files of the package.
    static let names = [
        "us-ai-diffusion-2025", "us-china-case-by-case-2026", "us-draft-licensing-2026",
        "us-uae-deal-2025", "example-refrigerants",
    ]

    static func document(_ name: String) throws -> CBORValue {
        try JSONText.file("Node/policies/\(name).json")
    }

    static func catalogue(for policy: String) throws -> ChipCatalogue {
        try (policy == "example-refrigerants" ? gases : chips).get()
    }

    static func catalogue(named name: String) throws -> ChipCatalogue {
        try ChipCatalogue.decode(JSONText.file("Node/catalogues/\(name).json"))
    }

    /// A policy with its catalogue and its cases.
    struct Unseen {
        let policy: CBORValue
        let catalogue: String
        let cases: [RuleCase]
    }

    /// The files of `Tests/policies`: `{catalogue, policy, cases: [{title, claim, standing, line}]}`.
    static func unseen() throws -> [Unseen] {
        let folder = VectorFolder.packageRoot.appending(path: "Tests/policies")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        return try names.filter { $0.hasSuffix(".json") }.map { name in
            let file = try JSONText.file("Tests/policies/\(name)")
            func text(_ item: CBORValue, _ key: String) throws -> String {
                guard let text = item[.text(key)]?.textValue else {
                    throw RuleCase.Unreadable(text: "\(name): \(key)")
                }
                return text
            }
            return Unseen(
                policy: file["policy"] ?? .null,
                catalogue: try text(file, "catalogue"),
                cases: try (file["cases"]?.arrayValue ?? []).map { item in
                    RuleCase(
                        try text(item, "title"),
                        name,
                        try text(item, "claim"),
                        (item["standing"]?.arrayValue ?? []).compactMap(\.textValue),
                        try text(item, "line")
                    )
                }
            )
        }
    }

    private static let chips = Result {
        try catalogue(named: "chips-2026")
    }
    private static let gases = Result {
        try catalogue(named: "example-refrigerants")
    }

    /// A policy of the package by its name, or around the limits that a test writes.
    static func policy(_ text: String) throws -> Policy {
        if names.contains(text) { return try Policy.decode(document(text)) }
        return try Policy.decode(
            JSONText.cbor(json(text, extra: text.contains("\"decision\"") ? decisions : ""))
        )
    }

    private static let decisions = """
        "decisions": [
          {"id": "cluster", "title": "Cluster", "citation": "a"},
          {"id": "large", "title": "Large", "citation": "a", "threshold": {"allBut": 1}}],
        """

    /// A whole policy around the limits that a test writes, each of which a claim on route `R`
    /// touches; `extra` stands at the top level.
    static func json(_ limits: String, extra: String = "") throws -> String {
        let entries = try JSONText.cbor("[\(limits)]").arrayValue ?? []
        let ids = entries.compactMap { $0["id"]?.textValue }.map { "\"\($0)\"" }
        return """
            {"format": 1, "id": "unseen", "version": 1, "title": "Unseen", "citation": "art. 0",
             "status": "in_force", "validity": {"from": "2025-01-01", "through": "2028-12-31"},
             "roles": ["consignee", "operator"], \(extra)
             "groups": [
               {"id": "home", "title": "Home", "citation": "list", "members": [
                 {"countries": ["US"], "from": "2025-01-01"},
                 {"countries": ["KH"], "from": "2026-02-03"}]},
               {"id": "abroad", "title": "Abroad", "citation": "list", "complementOf": ["home"]}],
             "items": [
               {"id": "chips", "title": "a chip", "citation": "list", "any": [{"tpp": {"atLeast": "1"}}]},
               {"id": "band", "title": "one of the band", "citation": "list", "any": [
                 {"tpp": {"atLeast": "14000", "below": "17500"},
                  "memoryBandwidth": {"atLeast": "4500", "below": "5000"}},
                 {"tpp": {"atLeast": "20800", "below": "21100"},
                  "memoryBandwidth": {"atLeast": "5800", "below": "6200"}}]},
               {"id": "amd", "title": "by a designer", "citation": "list",
                "any": [{"designers": ["AMD"]}]}],
             "regulatedItems": "chips",
             "limits": [\(limits)],
             "routes": [{"id": "R", "title": "Route", "citation": "art. 3",
               "requiredRoles": ["consignee"],
               "rules": [{"id": "all", "then": {"outcome": "admit", "text": "All.", "citation": "art. 3"},
                          "limits": [\(ids.joined(separator: ", "))]}]}]}
            """
    }
}
