import ArgumentParser
import Foundation
import LogReader
import QuotaCrypto
import Transparency
import Verifier

/// `quota-verify pack` checks a public proof pack.
struct PackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pack",
        abstract: "Do all totals of a proof pack hold?",
        discussion: """
            Takes the file of 'quotactl report pack': totals of one checkpoint, each with its proof. \
            Every proof is checked, all must be of one checkpoint, and what the file says beside a \
            proof must be what the proof says.
            """
    )

    @Argument(help: "The pack, or - for standard input.")
    var file: String

    @OptionGroup var options: PolicyOptions

    /// The most bytes of a pack.
    private static let byteCountMax = 1 << 28

    func run() async throws {
        try await answer("the totals of this pack", asJSON: options.json) {
            let trust = try options.trust()
            let pack = try Pack(try InputFile.read(file, limit: Self.byteCountMax))
            var facts: [TotalFacts] = []
            var checkpoint: VerifiedCheckpoint?
            for (place, total) in pack.totals.enumerated() {
                let verified = try trust.judge(size: \.checkpoint.checkpoint.size) {
                    policy throws(VerificationFailure) in
                    try total.verify(policy, path: "$.totals[\(place)]")
                }
                if let first = checkpoint?.checkpoint, first != verified.checkpoint.checkpoint {
                    throw VerificationFailure(
                        .claimsDiffer,
                        "$.totals[\(place)] is of another checkpoint than the first"
                    )
                }
                checkpoint = verified.checkpoint
                facts.append(TotalFacts(verified))
            }
            guard let checkpoint else {
                throw VerificationFailure(.malformed, "$.totals: the pack proves nothing")
            }
            try pack.check(checkpoint.checkpoint)
            if let maxAge = options.maxAge {
                try checkpoint.checkFresh(at: options.time, maxAge: maxAge)
            }
            return report(pack, facts, checkpoint)
        }
    }

    private func report(
        _ pack: Pack,
        _ facts: [TotalFacts],
        _ checkpoint: VerifiedCheckpoint
    ) -> Report<[TotalFacts]> {
        let place = checkpoint.checkpoint
        var details = facts.map { total in
            let unit = total.unit ?? ""
            let amount = Words.amount(total.consumed ?? 0, unit: unit)
            let cap = total.cap.map { " of \(Words.amount($0, unit: unit))" } ?? ""
            return "\(total.limit) \(total.subject.joined(separator: " ")) \(total.period): "
                + amount + cap
        }
        details.append("Ledger \(place.origin), size \(place.size), root \(place.root).")
        details += Words.signers(checkpoint, now: options.time)
        return Report(
            verdict: .proven,
            summary: "\(Words.count(facts.count, "total")) of \(place.origin) at checkpoint "
                + "\(place.size) hold.",
            details: details,
            notProven: [
                "that the pack names every account: 'quota-verify audit' replays them all;",
                "that this is the newest state: later leaves may have added or released;",
                "that every export was reported, or that what was reported is true.",
            ],
            facts: facts
        )
    }
}

/// The JSON of a pack.
struct Pack: Decodable {
    struct Total: Decodable {
        let limit: String
        let subject: [String]
        let period: String
        let unit: String
        let cap: UInt64?
        let consumed: UInt64
        let proof: String

        /// Checks the proof, and that it says what stands beside it.
        func verify(
            _ policy: TrustPolicy,
            path: String
        ) throws(VerificationFailure) -> VerifiedTotal {
            let verified = try UnverifiedTotal(Array(proof.utf8)).verify(policy)
            let account = verified.account
            guard account.limit == limit, account.subject == subject, account.period == period,
                let amount = verified.amount, amount.unit == unit, amount.cap == cap,
                amount.consumed == consumed
            else {
                throw VerificationFailure(
                    .claimsDiffer,
                    "\(path): the file says something else than the proof"
                )
            }
            return verified
        }
    }

    let format: String
    let origin: String
    let size: UInt64
    let root: String
    let totals: [Total]

    /// Reads a pack.
    init(_ bytes: [UInt8]) throws(VerificationFailure) {
        do {
            self = try JSONDecoder().decode(Pack.self, from: Data(bytes))
        } catch {
            throw VerificationFailure(.malformed, "the file is no proof pack: \(error)")
        }
        guard format == "quota-proof-pack/1" else {
            throw VerificationFailure(.malformed, "$.format: expected 'quota-proof-pack/1'")
        }
    }

    /// Compares the head of the file with the checkpoint of the proofs.
    func check(_ checkpoint: Checkpoint) throws(VerificationFailure) {
        guard origin == checkpoint.origin, size == checkpoint.size,
            root == checkpoint.root.description
        else {
            throw VerificationFailure(
                .claimsDiffer,
                "origin, size or root of the file are not those of its proofs"
            )
        }
    }
}
