import ArgumentParser
import Foundation
import LogReader
import MerkleLog
import QuotaCrypto
import Transparency
import Verifier

/// `quota-verify consistency` says whether the ledger only grew.
struct ConsistencyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "consistency",
        abstract: "Did the ledger only grow between two checkpoints?",
        discussion: """
            Takes two signed checkpoints (notes) and checks that the later tree extends the earlier. \
            Checkpoints of one size need no proof: their roots must be equal, and if they are not, \
            whoever signed both is named. Else give --proof (the JSON of /v1/proof/consistency), or \
            --url or --folder to make the proof from the log's tiles.
            """
    )

    @Option(help: ArgumentHelp("The earlier checkpoint.", valueName: "file"))
    var old: String

    @Option(help: ArgumentHelp("The later checkpoint.", valueName: "file"))
    var new: String

    @Option(
        help: ArgumentHelp(
            "A consistency proof: {\"old\": size, \"new\": size, \"path\": [base64]}.",
            valueName: "file"
        )
    )
    var proof: String?

    @OptionGroup var source: SourceOptions

    @OptionGroup var options: PolicyOptions

    func run() async throws {
        try await answer("that the ledger only grew", asJSON: options.json) {
            let trust = try options.trust()
            let older = try checkpoint(old)
            let newer = try checkpoint(new)
            let proof = try await proof(older, newer)
            let verified = try UnverifiedConsistency(older: older, newer: newer, proof: proof)
                .verify(
                    older: try trust.policy(accepting: older),
                    newer: try trust.policy(accepting: newer)
                )
            if let maxAge = options.maxAge {
                try verified.newer.checkFresh(at: options.time, maxAge: maxAge)
            }
            return report(verified)
        }
    }

    private func checkpoint(_ path: String) throws -> UnverifiedCheckpoint {
        try UnverifiedCheckpoint(try InputFile.read(path, limit: SignedNote.byteCountMax))
    }

    /// The proof that was given, or one made from the log's tiles; nil where none is needed.
    private func proof(
        _ older: UnverifiedCheckpoint,
        _ newer: UnverifiedCheckpoint
    ) async throws -> ConsistencyProof? {
        if let proof { return try ProofDocument.read(proof) }
        guard let oldSize = try? Checkpoint(text: older.note.text).size,
            let newSize = try? Checkpoint(text: newer.note.text).size, oldSize < newSize
        else { return nil }
        guard let log = source.source else {
            throw Unreadable(
                "the proof from size \(oldSize) to size \(newSize)",
                "give --proof, --url or --folder"
            )
        }
        return try await FetchedTiles.consistency(from: oldSize, to: newSize, of: log)
    }

    private func report(_ verified: VerifiedConsistency) -> Report<ConsistencyFacts> {
        let old = verified.older.checkpoint
        let new = verified.newer.checkpoint
        let summary =
            if old.size == new.size {
                "Both checkpoints of \(new.origin) are of one tree, size \(new.size)."
            } else {
                "The tree of \(new.origin) of size \(new.size) extends that of size \(old.size): "
                    + "nothing was changed or removed."
            }
        let details =
            ["Earlier: size \(old.size), root \(old.root)."]
            + Words.signers(verified.older, now: options.time)
            + ["Later: size \(new.size), root \(new.root)."]
            + Words.signers(verified.newer, now: options.time)
        return Report(
            verdict: .proven,
            summary: summary,
            details: details,
            notProven: [
                "that the entries follow the rules ('quota-verify audit' replays them);",
                "that nobody was shown another tree: compare checkpoints with others.",
            ],
            facts: ConsistencyFacts(
                older: CheckpointFacts(verified.older),
                newer: CheckpointFacts(verified.newer)
            )
        )
    }
}

/// Two checkpoints of one growing log as data.
struct ConsistencyFacts: Encodable {
    let older: CheckpointFacts
    let newer: CheckpointFacts
}

/// The JSON form of a consistency proof.
private struct ProofDocument: Decodable {
    let old: UInt64
    let new: UInt64
    let path: [String]

    static func read(_ file: String) throws -> ConsistencyProof {
        let bytes = try InputFile.read(file, limit: 1 << 16)
        let document: ProofDocument
        do {
            document = try JSONDecoder().decode(ProofDocument.self, from: Data(bytes))
        } catch {
            throw VerificationFailure(
                .malformed,
                "\(file): expected {\"old\": size, \"new\": size, \"path\": [base64]}"
            )
        }
        let path = document.path.compactMap { Base64.decode($0).flatMap { Digest($0) } }
        guard path.count == document.path.count else {
            throw VerificationFailure(
                .malformed,
                "\(file): path: expected base64 of 32 bytes each"
            )
        }
        return ConsistencyProof(oldSize: document.old, newSize: document.new, path: path)
    }
}
