import Foundation
import LedgerVectors
import QuotaCrypto
import TestSupport
import Testing

/// The files of `Tests/vectors` as they are published.
enum PublishedVectors {
    static let folder = VectorFolder.packageRoot.appending(path: "Tests/vectors")

    /// The paths of all files inside the folder, sorted, without the page for people.
    static func names() throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { name in
            var isFolder: ObjCBool = false
            let path = folder.appending(path: name).path
            return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
                && !isFolder.boolValue && name != "README.md"
        }.sorted()
    }

    static func data(_ name: String) throws -> Data {
        try Data(contentsOf: folder.appending(path: name))
    }

    /// The rows of a file that is a list.
    static func rows(_ name: String) throws -> [VectorRow] {
        guard case .list(let items) = try VectorValue(file: try data("\(name).json")) else {
            throw MissingField(name: name)
        }
        return try items.map { try VectorRow($0) }
    }

    /// The members of a file that is one object.
    static func object(_ name: String) throws -> VectorRow {
        try VectorRow(try VectorValue(file: try data("\(name).json")))
    }
}

/// A field that a vector should have.
struct MissingField: Error {
    let name: String
}

/// One vector: named values.
struct VectorRow {
    private let members: [String: VectorValue]

    init(_ value: VectorValue) throws {
        guard case .object(let members) = value else { throw MissingField(name: "object") }
        self.members = members
    }

    func text(_ name: String) throws -> String {
        guard case .text(let text)? = members[name] else { throw MissingField(name: name) }
        return text
    }

    func number(_ name: String) throws -> UInt64 {
        guard case .number(let number)? = members[name] else { throw MissingField(name: name) }
        return number
    }

    func boolean(_ name: String) throws -> Bool {
        guard case .boolean(let value)? = members[name] else { throw MissingField(name: name) }
        return value
    }

    func bytes(_ name: String) throws -> [UInt8] {
        try #require(Hex.decode(try text(name)), "\(name) is hexadecimal")
    }

    /// The bytes, or nil where the vector has null.
    func bytesOrNil(_ name: String) throws -> [UInt8]? {
        members[name] == .null ? nil : try bytes(name)
    }

    func digest(_ name: String) throws -> Digest {
        try #require(Digest(try bytes(name)), "\(name) has 32 bytes")
    }

    func key(_ name: String) throws -> Ed25519.PublicKey {
        try Ed25519.PublicKey(try bytes(name))
    }

    func list(_ name: String) throws -> [VectorValue] {
        guard case .list(let items)? = members[name] else { throw MissingField(name: name) }
        return items
    }

    func rows(_ name: String) throws -> [VectorRow] {
        try list(name).map { try VectorRow($0) }
    }

    func row(_ name: String) throws -> VectorRow {
        guard let member = members[name] else { throw MissingField(name: name) }
        return try VectorRow(member)
    }

    func texts(_ name: String) throws -> [String] {
        try list(name).map { item in
            guard case .text(let text) = item else { throw MissingField(name: name) }
            return text
        }
    }

    func path(_ name: String) throws -> [Digest] {
        try texts(name).map { text in
            try #require(Hex.decode(text).flatMap { Digest($0) }, "\(name) has hashes")
        }
    }
}
