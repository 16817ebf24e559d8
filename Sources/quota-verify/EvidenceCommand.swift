import ArgumentParser
import Consensus
import LogReader
import QuotaCrypto
import Transparency
import Verifier

/// `quota-verify evidence` says whether a file convicts somebody of signing two ledgers, or of votes
/// that contradict each other.
struct EvidenceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evidence",
        abstract: "Whom does this file convict?",
        discussion: """
            Takes fork evidence (.fork-evidence), as 'watch' writes it: two signed checkpoints that \
            cannot be of one log, and the keys that signed both. The file is enough; nothing is asked of \
            anybody. With --policy, or --handoffs and --chain-id, it also says whose keys they are.

            Or takes a file of votes that no correct validator casts together, such as two \
            contradicting final chains yield. Proven if each pair is signed by the validator that it \
            accuses, by the vote keys in the genesis statement (--genesis), in a list (--keys), or those \
            of the epoch of the votes (--handoffs and --chain-id). More than floor((n-1)/3) convicted validators explain a fork.

            Or takes a proof (.tlog-proof) that the ledger itself holds such votes of a member in an epoch, \
            judged by --policy, or by --handoffs and --chain-id.
            """
    )

    @Argument(help: "The evidence file, or - for standard input.")
    var file: String

    @Option(
        help: ArgumentHelp("A trust policy, to name whose keys they are.", valueName: "file")
    )
    var policy: String?

    @OptionGroup var epochs: HandOffOptions

    @Option(
        help: ArgumentHelp(
            "For votes: the ledger's genesis statement, with its founders' vote keys.",
            valueName: "file"
        )
    )
    var genesis: String?

    @Option(
        help: ArgumentHelp(
            "For votes: the vote keys, one in hexadecimal a line, in the order of the validators.",
            valueName: "file"
        )
    )
    var keys: String?

    @Flag(help: "Answer in JSON.")
    var json = false

    func run() async throws {
        let content = Result { try InputFile.read(file, limit: EvidenceFile.byteCountMax) }
        if case .success(let bytes) = content, EvidenceFile.isMarked(bytes) {
            return try await answer("that a validator broke the voting rules", asJSON: json) {
                try PolicyOptions.checkLibrary()
                return try VoteEvidence(genesis: genesis, keys: keys, epochs: try epochs.verified())
                    .judge(bytes)
            }
        }
        if case .success(let bytes) = content, let proof = try? UnverifiedStateEntry(bytes) {
            return try await answer("that the ledger convicts anybody", asJSON: json) {
                try RecordedEvidence(policy: policy, epochs: epochs).judge(proof)
            }
        }
        try await answer("that anybody signed two ledgers", asJSON: json) {
            try PolicyOptions.checkLibrary()
            let policies =
                try self.policy.map { [try PolicyOptions.read($0)] }
                ?? epochs.verified()?.epochs.reversed().map(\.policy) ?? []
            let bytes = try content.get()
            guard bytes.count <= UnverifiedEvidence.byteCountMax else {
                throw Unreadable(file, "longer than \(UnverifiedEvidence.byteCountMax) bytes")
            }
            return report(try UnverifiedEvidence(bytes).verify(), policies)
        }
    }

    private func report(
        _ verified: VerifiedEvidence,
        _ policies: [TrustPolicy]
    ) -> Report<EvidenceFacts> {
        let (older, newer) = (verified.older, verified.newer)
        var details = [
            "First checkpoint: size \(older.size), root \(older.root).",
            "Second checkpoint: size \(newer.size), root \(newer.root).",
        ]
        if let root = verified.prefixRoot {
            details.append(
                "The second tree's first \(older.size) leaves have the root \(root), which is not the "
                    + "one that the first checkpoint signs."
            )
        }
        details += verified.keys.map { "Signed both: \(Words.owner(of: $0, in: policies))." }
        return Report(
            verdict: .proven,
            summary:
                "\(Words.count(verified.keys.count, "key")) signed two different ledgers under the "
                + "name \(older.origin).",
            details: details,
            notProven: [
                "which of the two is the true one;",
                "that the holders of the keys meant it: a stolen key convicts as well;",
                policies.isEmpty
                    ? "whose keys they are, except by their names (give --policy to compare)."
                    : "that the policy's list of keys is right.",
            ],
            facts: EvidenceFacts(verified, policies)
        )
    }
}

/// Proven evidence as data.
struct EvidenceFacts: Encodable {
    struct Culprit: Encodable {
        let vkey: String
        let isListed: Bool?
    }

    struct Tree: Encodable {
        let size: UInt64
        let root: String
    }

    let origin: String
    let first: Tree
    let second: Tree
    let culprits: [Culprit]

    init(_ verified: VerifiedEvidence, _ policies: [TrustPolicy]) {
        origin = verified.older.origin
        first = Tree(size: verified.older.size, root: verified.older.root.description)
        second = Tree(size: verified.newer.size, root: verified.newer.root.description)
        culprits = verified.keys.map { key in
            Culprit(
                vkey: key.vkey,
                isListed: policies.isEmpty ? nil : policies.contains { $0.lists(key) }
            )
        }
    }
}

extension TrustPolicy {
    /// Whether the policy trusts a key, as a log or as a witness.
    func lists(_ key: NoteKey) -> Bool {
        logs.contains { $0.key == key } || witnesses.contains { $0.key == key }
    }
}
