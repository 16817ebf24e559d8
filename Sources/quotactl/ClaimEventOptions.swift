import ArgumentParser
import Client
import Ledger
import QuotaCrypto
import QuotaRules

/// What every command takes that says what happened to a claim.
struct ClaimEventOptions: ParsableArguments {
    @Argument(help: "The claim's id.")
    var claim: String

    @Option(
        help: ArgumentHelp("The member that made the claim. Default: you.", valueName: "id")
    )
    var issuer: String?

    @OptionGroup(title: "Common options") var common: CommonOptions
    @OptionGroup(title: "Signing") var signing: SigningOptions
    @OptionGroup(title: "Further signatures") var cosigning: CosigningOptions

    /// Signs and submits the event, or writes it as a draft.
    func submit(_ event: ClaimEvent, summary: String) async throws {
        guard let issuer = try issuer ?? signing.member ?? common.profile().member else {
            throw UsageError("whose claim is '\(claim)'? Give --issuer")
        }
        let body = EventBody(claim: ClaimReference(issuer: issuer, id: claim), event: event)
        try await Cosigned(common: common, signing: signing, cosigning: cosigning).handle(
            .event(body),
            prefix: event.kind.rawValue,
            summary: "\(summary), claim \(issuer)/\(claim)"
        )
    }

    /// The salted digest of a private value that the event names, nil if there is none.
    func digest(_ value: String?, field: String) throws -> Digest? {
        try value.map { value in
            try DisclosureBook(home: common.memberHome).secret(
                kind: StatementKind.event.rawValue,
                subject: "\(claim)/\(cosigning.id ?? field)",
                field: field,
                value: value
            ).digest
        }
    }
}

/// How many items of each line of a claim.
struct Quantities: ExpressibleByArgument {
    let values: [UInt64]

    init?(argument: String) {
        var values: [UInt64] = []
        for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
            guard let value = UInt64(part), value <= ClaimBody.quantityMax else { return nil }
            values.append(value)
        }
        guard !values.isEmpty, values.contains(where: { $0 > 0 }) else { return nil }
        self.values = values
    }

    static let help: ArgumentHelp = ArgumentHelp(
        "How many of each line of the claim, in its order: 96, or 96,0,12.",
        valueName: "n,n"
    )
}
