import CBOR
import Foundation
import QuotaFiles
import QuotaRules

/// The policy and the catalogue that the package ships.
enum NodeFiles {
    /// The package's root, from the place of this file.
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The document of a policy file.
    static func policyDocument(_ id: String = "us-ai-diffusion-2025") throws -> CBORValue {
        try JSONDocument.read(root.appending(path: "Node/policies/\(id).json").path())
    }

    /// The document of the catalogue.
    static func catalogueDocument() throws -> CBORValue {
        try JSONDocument.read(root.appending(path: "Node/catalogues/chips-2026.json").path())
    }

    private static let loadedPolicy = Result { try Policy.decode(policyDocument()) }
    private static let loadedCatalogue = Result {
        try ChipCatalogue.decode(catalogueDocument())
    }

    /// The policy.
    static func policy() throws -> Policy { try loadedPolicy.get() }

    /// The catalogue.
    static func catalogue() throws -> ChipCatalogue { try loadedCatalogue.get() }
}

extension CBORValue {
    /// The value with the one at `path` replaced; names lead into maps, numbers into arrays.
    func replacing(_ path: [PathStep], with value: CBORValue?) -> CBORValue {
        guard let step = path.first else { return value ?? self }
        let rest = Array(path.dropFirst())
        switch (self, step) {
        case (.map(let entries), .name(let name)):
            var pairs = entries.map { ($0.key.textValue ?? "", Optional($0.value)) }
            if let index = pairs.firstIndex(where: { $0.0 == name }) {
                pairs[index].1 =
                    rest.isEmpty ? value : pairs[index].1?.replacing(rest, with: value)
            } else if rest.isEmpty {
                pairs.append((name, value))
            }
            return .object(pairs)
        case (.array(var items), .index(let index)):
            if index == items.count, rest.isEmpty, let value {
                items.append(value)
            } else if rest.isEmpty, value == nil {
                items.remove(at: index)
            } else {
                items[index] = items[index].replacing(rest, with: value)
            }
            return .array(items)
        default: return self
        }
    }
}

/// One step into a document.
enum PathStep: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    case name(String)
    case index(Int)

    init(stringLiteral value: String) { self = .name(value) }
    init(integerLiteral value: Int) { self = .index(value) }
}
