import GRDB

/// Why the store cannot do what was asked: the file, the cause and the cure.
package enum StoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Another process has the directory open.
    case inUse(file: String, process: String)
    /// There is no ledger here.
    case noLedger(file: String)
    /// The file belongs to another ledger; both chain ids in hex.
    case otherChain(file: String, found: String, expected: String)
    /// The file was written by a newer version of this program.
    case newerFormat(file: String, found: String, supported: String)
    /// The file cannot be trusted.
    case damaged(file: String, detail: String)
    /// No space is left.
    case diskFull(file: String)
    /// The system reported an error.
    case inputOutput(file: String, detail: String)
    /// A batch does not continue what is stored.
    case outOfOrder(field: String, expected: UInt64, found: UInt64)
    /// A number does not fit in a database integer.
    case outOfRange(field: String, value: UInt64)
    /// Signing this would contradict what the same key signed before.
    case signedBefore(signer: String, size: UInt64, root: String, refusedSize: UInt64)
    /// Something that the database refuses, such as a second statement of one identity.
    case refused(file: String, detail: String)

    /// One line for people.
    package var description: String {
        switch self {
        case .inUse(let file, let process):
            "\(file): in use by process \(process); stop it, or choose another directory"
        case .noLedger(let file):
            "\(file): holds no ledger; name the directory of a node, or set one up first"
        case .otherChain(let file, let found, let expected):
            "\(file): belongs to ledger \(found), this node is configured for \(expected);"
                + " choose the directory of this ledger, or an empty one"
        case .newerFormat(let file, let found, let supported):
            "\(file): has format \(found), this program knows up to \(supported);"
                + " run the version that wrote it, or a newer one"
        case .damaged(let file, let detail):
            "\(file): damaged: \(detail); keep a copy and recover this node from its peers"
        case .diskFull(let file): "\(file): no space left on the device; free space and start again"
        case .inputOutput(let file, let detail):
            "\(file): \(detail); check the disk and the rights on the directory"
        case .outOfOrder(let field, let expected, let found):
            "batch refused: \(field) is \(found), expected \(expected)"
        case .outOfRange(let field, let value): "batch refused: \(field) \(value) is too large"
        case .signedBefore(let signer, let size, let root, let refused):
            "key \(signer) has signed size \(size) with root \(root) and must not sign size \(refused)"
        case .refused(let file, let detail): "\(file): refused: \(detail)"
        }
    }

    /// Says what an error of the database means for `file`.
    init(_ error: any Error, file: String) {
        switch error {
        case let error as StoreError: self = error
        case let error as DatabaseError: self.init(error, file: file)
        default: self = .inputOutput(file: file, detail: "\(error)")
        }
    }

    private init(_ error: DatabaseError, file: String) {
        let detail =
            "\(error.message ?? "no message") (SQLite \(error.extendedResultCode.rawValue))"
        switch error.resultCode {
        case .SQLITE_FULL: self = .diskFull(file: file)
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .damaged(file: file, detail: detail)
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .inUse(file: file, process: "unknown")
        case .SQLITE_CONSTRAINT, .SQLITE_ERROR, .SQLITE_MISUSE:
            self = .refused(file: file, detail: detail)
        default: self = .inputOutput(file: file, detail: detail)
        }
    }
}
