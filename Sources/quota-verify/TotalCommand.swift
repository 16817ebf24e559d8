import ArgumentParser
import Ledger
import LogReader
import Transparency
import Verifier

/// `quota-verify total` says what an account had consumed.
struct TotalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "total",
        abstract: "How much of its quota had a country consumed?",
        discussion: """
            Takes a total proof (.tlog-proof): a signed checkpoint, the block header that is its last \
            leaf, and a path in the state map that the header names. Shows the account's total, or that \
            nothing was ever booked on it.
            """
    )

    @Argument(help: "The .tlog-proof file, or - for standard input.")
    var file: String

    @OptionGroup var options: PolicyOptions

    @Option(help: "Refuse a proof that is about another country than this one.")
    var country: String?

    @Option(help: "Refuse a proof that is about another limit than this one.")
    var limit: String?

    @Option(help: "Refuse a proof that is about another period than this one.")
    var period: String?

    func run() async throws {
        let holder = country.map { "country \($0)'s total" } ?? "a total"
        try await answer(holder, asJSON: options.json) {
            let trust = try options.trust()
            let bytes = try InputFile.read(file, limit: TlogProof.byteCountMax)
            let verified = try trust.judge(size: \.checkpoint.checkpoint.size) {
                policy throws(VerificationFailure) in
                try UnverifiedTotal(bytes).verify(policy)
            }
            try verified.account.check(country: country, limit: limit, period: period)
            if let maxAge = options.maxAge {
                try verified.checkpoint.checkFresh(at: options.time, maxAge: maxAge)
            }
            return report(verified)
        }
    }

    private func report(_ verified: VerifiedTotal) -> Report<TotalFacts> {
        let account = verified.account
        let size = verified.checkpoint.checkpoint.size
        let sentence =
            if let amount = verified.amount {
                "consumed \(Words.amount(amount.consumed, unit: amount.unit)) of "
                    + (amount.cap.map { Words.amount($0, unit: amount.unit) } ?? "no fixed amount")
                    + " at checkpoint \(size)."
            } else {
                "nothing was ever booked up to checkpoint \(size)."
            }
        var details = [
            "Account: limit '\(account.limit)', period \(account.period)"
                + (verified.amount.map { ", last changed by leaf \($0.asOf)." } ?? "."),
            "Ledger \(verified.checkpoint.checkpoint.origin), block \(verified.header.height) of "
                + "\(Words.time(verified.header.time)), root \(verified.checkpoint.checkpoint.root).",
        ]
        if let total = verified.amount?.total {
            details.insert(contentsOf: Words.buckets(total), at: 1)
        }
        details += Words.signers(verified.checkpoint, now: options.time)
        return Report(
            verdict: .proven,
            summary: "\(Words.holder(account)): \(sentence)",
            details: details,
            notProven: notProven(verified),
            facts: TotalFacts(verified)
        )
    }
}

extension TotalCommand {
    private func notProven(_ verified: VerifiedTotal) -> [String] {
        var lines = [
            "that this is the newest state: later leaves may have added or released;",
            "that every export was reported, or that what was reported is true;",
            "that each booking followed the rules, except by the word of the signers above "
                + "('quota-verify audit' replays them all).",
        ]
        if verified.amount == nil, limit == nil || period == nil {
            // An account of a misspelt name is empty too.
            lines.insert(
                "that '\(verified.account.limit)' and '\(verified.account.period)' are names that the "
                    + "ledger's policy uses: give --limit and --period to compare;",
                at: 0
            )
        }
        return lines
    }
}

/// What stands in one bucket of an account: in the account's unit, and in integrated circuits.
struct BucketFacts: Encodable {
    let amount: UInt64
    let chips: UInt64
}

/// A proven total as data; amounts in tenths of a TPP where the unit is `tpp`.
struct TotalFacts: Encodable {
    let limit: String
    let subject: [String]
    let period: String
    let isPresent: Bool
    let consumed: UInt64?
    let cap: UInt64?
    let unit: String?
    let room: UInt64?
    let buckets: [String: BucketFacts]?
    let released: BucketFacts?
    let overrides: UInt64?
    let asOf: UInt64?
    let height: UInt64
    let blockTime: UInt64
    let checkpoint: CheckpointFacts

    init(_ verified: VerifiedTotal) {
        limit = verified.account.limit
        subject = verified.account.subject
        period = verified.account.period
        isPresent = verified.amount != nil
        consumed = verified.amount?.consumed
        cap = verified.amount?.cap
        unit = verified.amount?.unit
        room = verified.amount?.room
        let total = verified.amount?.total
        buckets = total.map { total in
            Dictionary(
                uniqueKeysWithValues: Bucket.allCases.map {
                    ($0.rawValue, BucketFacts(amount: total.amounts[$0], chips: total.chips[$0]))
                }
            )
        }
        released = total.map { BucketFacts(amount: $0.released, chips: $0.releasedChips) }
        overrides = total?.overrides
        asOf = verified.amount?.asOf
        height = verified.header.height
        blockTime = verified.header.time
        checkpoint = CheckpointFacts(verified.checkpoint)
    }
}
