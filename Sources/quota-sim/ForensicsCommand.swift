internal import ArgumentParser
internal import Foundation
internal import Simulation

/// `quota-sim forensics`: a fork by more than f traitors, and the proof against them.
struct ForensicsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forensics",
        abstract: "Fork a chain with f + 1 traitors and convict them.",
        discussion: """
            Runs a cluster in which f + 1 members lead double lives until the chains of two correct \
            nodes contradict each other, and writes what these two chains prove: evidence.cbor for \
            'quota-verify evidence', and vote-keys.txt with the members' Ed25519 keys for its \
            --keys. Seeds are multiples of 100, as those use real signatures.

            Exit status: 0 guilt proven, 1 not, 64 wrong usage.
            """
    )

    @Option(help: "The size of the cluster.")
    var members: Int = 4

    @Flag(help: "Fork it about where an epoch ends.")
    var atSeal = false

    @Option(help: "The folder to write to.")
    var out: String = "."

    func validate() throws {
        guard (4...31).contains(members) else { throw ValidationError("--members 4 to 31") }
    }

    func run() throws {
        for seed in stride(from: UInt64(100), through: 5_000, by: 100) {
            let result = simulate(
                SeedOptions(
                    seed: seed,
                    memberCount: members,
                    scenario: atSeal ? .traitorsAtSeal : .traitors
                )
            )
            if let failure = result.failure {
                print("seed \(seed): \(failure)")
                throw ExitCode(1)
            }
            guard let evidence = result.evidence else { continue }
            return try write(evidence, seed: seed)
        }
        print("no chain forked")
        throw ExitCode(1)
    }

    private func write(_ evidence: EvidenceReport, seed: UInt64) throws {
        let folder = URL(filePath: out)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(evidence.file).write(to: folder.appending(path: "evidence.cbor"))
        let keys = evidence.voteKeys.map { key in
            key.map { (($0 < 16 ? "0" : "") + String($0, radix: 16)) }.joined() + "\n"
        }
        try Data(keys.joined().utf8).write(to: folder.appending(path: "vote-keys.txt"))
        print("seed \(seed): the chain forked")
        print("traitors   \(evidence.traitors)")
        print("convicted  \(evidence.convicted)")
        print("written    evidence.cbor, vote-keys.txt")
    }
}
