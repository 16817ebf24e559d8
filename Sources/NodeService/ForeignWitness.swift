import Foundation
import HTTPAPI
import QuotaCrypto
import QuotaFiles
import Synchronization
import Transparency

/// The node as a witness of logs of others, such as the ledgers of allies: C2SP tlog-witness v1.0.0.
///
/// It holds nothing of them but the checkpoint that it cosigned last. Its cosignature says that the log
/// only grew, and that nobody was shown another one by this witness.
final class ForeignWitness: Sendable {
    /// The most logs that one node witnesses.
    static let countMax = 64

    private let keys: [NoteKey]
    private let folder: String
    /// The last cosigned checkpoint of each log, by origin: its log's lines and this node's.
    private let last: Mutex<[String: SignedNote]>

    /// A witness that goes on where it stopped.
    ///
    /// - Parameters:
    ///   - keys: The log keys that are believed, each named by its log's origin.
    ///   - folder: Where the last checkpoints are kept.
    /// - Throws: `NodeError` if what is kept cannot be read: without it the witness might sign a fork.
    init(keys: [NoteKey], folder: String) throws {
        self.keys = keys
        self.folder = folder
        var notes: [String: SignedNote] = [:]
        for origin in Set(keys.map(\.name)) {
            let path = Self.path(of: Self.hash(of: origin), in: folder)
            guard FileManager.default.fileExists(atPath: path) else { continue }
            do {
                let note = try SignedNote(try NodeHome.read(path))
                guard try Checkpoint(text: note.text).origin.utf8.elementsEqual(origin.utf8) else {
                    throw NodeError("it is of another log")
                }
                notes[origin] = note
            } catch {
                throw NodeError("\(path): no cosigned checkpoint of \(origin): \(error)")
            }
        }
        last = Mutex(notes)
        guard !keys.isEmpty else { return }
        try NodeHome(path: folder).create()
    }

    private static func hash(of origin: String) -> Digest { SHA256.hash(Array(origin.utf8)) }

    private static func path(of hash: Digest, in folder: String) -> String {
        "\(folder)/\(hash).note"
    }

    /// Cosigns a checkpoint that extends the one that was cosigned last, which is durable before the
    /// answer.
    ///
    /// - Parameters:
    ///   - request: The checkpoint with the proof and the size that the client believes was cosigned.
    ///   - checkpoint: The request's checkpoint.
    ///   - cosigner: This node's key.
    ///   - time: Now, POSIX seconds.
    /// - Returns: The cosignature line, or why there is none.
    /// - Throws: `NodeError` if it cannot be kept; then nothing was signed.
    func add(
        _ request: WitnessRequest,
        _ checkpoint: Checkpoint,
        by cosigner: Cosigner,
        at time: UInt64
    ) throws -> WitnessAnswer {
        let known = keys.filter { $0.name.utf8.elementsEqual(checkpoint.origin.utf8) }
        guard !known.isEmpty else { return .unknownOrigin }
        let lines: [NoteSignature]
        do {
            lines = try request.note.verify(keys: known).map(\.signature)
        } catch {
            return .untrusted("\(error)")
        }
        return try last.withLock { notes in
            let old = try notes[checkpoint.origin].map { try Checkpoint(text: $0.text) }
            guard request.oldSize == old?.size ?? 0 else { return .otherSize(old?.size ?? 0) }
            if let problem = Self.problem(request, checkpoint, after: old) {
                return .inconsistent(problem)
            }
            let line = cosigner.cosign(checkpoint, timestamp: time)
            let note = try SignedNote(text: request.note.text, signatures: lines + [line])
            let path = Self.path(of: Self.hash(of: checkpoint.origin), in: folder)
            do {
                try LocalFile.write(note.bytes, to: path)
            } catch {
                throw NodeError("\(error)")
            }
            notes[checkpoint.origin] = note
            return .cosigned(line.line)
        }
    }

    /// Why a checkpoint is not shown to extend the last one, nil if it is.
    private static func problem(
        _ request: WitnessRequest,
        _ new: Checkpoint,
        after old: Checkpoint?
    ) -> String? {
        guard new.size > 0 || new.root == SHA256.hash([]) else {
            return "a tree of size 0 has another root"
        }
        guard let old, old.size > 0 else {
            return request.hashes.isEmpty ? nil : "after size 0 there is nothing to prove"
        }
        return request.isConsistent(with: old, new: new)
            ? nil : "the proof does not lead from size \(old.size), root \(old.root), to it"
    }

    /// The checkpoint that was cosigned last of the log whose origin has this hash.
    func note(of hash: Digest) -> SignedNote? {
        last.withLock { notes in
            notes.first { Self.hash(of: $0.key) == hash }?.value
        }
    }
}
