package import APIModel
import Foundation
import Ledger
import QuotaCrypto
import Verifier

/// Where a member keeps what nodes signed when they took its statements: to be held against one that
/// lets them lie (`quota-verify intake`).
///
/// One file for each statement and node, the first that the node signed; a later one only dates it less well.
package struct IntakeShelf: Sendable {
    private let folder: String
    private let check: ReceiptCheck?

    /// The shelf in a folder, which is made when something is kept.
    package init(folder: String, check: ReceiptCheck?) {
        self.folder = folder
        self.check = check
    }

    /// Keeps a receipt of the entry.
    ///
    /// One of another entry, or that cannot be read or written, is as none.
    func keep(_ bytes: [UInt8], of entry: String) {
        guard let intake = try? UnverifiedIntake(bytes), intake.receipt.entry.description == entry
        else { return }
        let file = "\(folder)/\(entry).\(intake.receipt.node).intake"
        let new = KeptIntake(file, intake, check)
        // A stranger's word under the node's name does not keep the node's own away.
        let isBetter = kept(of: entry).allSatisfy { old in
            old.node != new.node || (new.isVerified && !old.isVerified)
        }
        if isBetter { try? HomeFile.write(bytes, to: file, replacing: true) }
    }

    /// What is kept of an entry, by node.
    package func kept(of entry: String) -> [KeptIntake] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasPrefix(entry + ".") }.sorted().compactMap { name in
            let file = "\(folder)/\(name)"
            guard let bytes = try? HomeFile.read(file), let intake = try? UnverifiedIntake(bytes)
            else { return nil }
            return KeptIntake(file, intake, check)
        }
    }
}

/// A node's word that it took a statement, in a file.
package struct KeptIntake: Encodable, Hashable, Sendable {
    /// The file.
    package let file: String
    /// The member that runs the node.
    package let node: String
    /// When it took the statement, by its own clock.
    package let time: Timestamp
    /// The size of the log that it held.
    package let size: UInt64
    /// The number of the newest block that it held.
    package let height: UInt64
    /// Whether a log key of the trust policy signed it.
    package let isVerified: Bool

    init(_ file: String, _ intake: UnverifiedIntake, _ check: ReceiptCheck?) {
        self.file = file
        node = intake.receipt.node
        time = Timestamp(seconds: intake.receipt.time)
        size = intake.receipt.head.size
        height = intake.receipt.head.height
        isVerified = check.map { (try? intake.verify($0.policy)) != nil } ?? false
    }

    /// A line for people.
    package var text: String {
        "intake   \(node) signed at \(time.text), block \(height), that it took it: \(file)"
            + (isVerified ? "" : " (unverified)")
    }
}
