/// Whether an event gives back what a claim put into one account.
public struct Release: Hashable, Sendable {
    /// The account.
    public let account: AccountKey
    /// What the claim put into it.
    public let amount: UInt64
    /// What the numbers count.
    public let unit: QuotaUnit
    /// Whether the account loses the amount again.
    public let isReleased: Bool
    /// The paragraph, or the reading where the text is silent.
    public let citation: String
}

/// Says which movements of a claim an event reverses, such as its cancellation.
///
/// An account of a limit that the policy does not have any more keeps its amount.
///
/// - Parameters:
///   - movements: What the claim put into accounts.
///   - event: What happened.
///   - policy: The policy in force now.
/// - Returns: One entry for each movement, in the same order.
public func releases(
    of movements: [Movement],
    on event: ReleaseEvent,
    policy: Policy
) -> [Release] {
    movements.map { movement in
        let rule = policy.limit(movement.account.limit)?.release
        return Release(
            account: movement.account,
            amount: movement.amount,
            unit: movement.unit,
            isReleased: rule?.events.contains(event) ?? false,
            citation: rule?.citation ?? "The policy '\(policy.id)' has no such limit."
        )
    }
}

/// Says what an event gives back for items that are named by route, party and quantity, such as
/// chips that were certified as destroyed.
///
/// The caller checks that each account holds at least the amount.
///
/// - Parameters:
///   - facts: The items, and the route, parties and date under which they count.
///   - event: What happened.
///   - policy: The policy in force now.
///   - catalogue: The catalogue in force now.
/// - Returns: One entry for each account that such items count in, and the reasons if the facts
///   make no sense under the policy.
public func releases(
    for facts: ClaimFacts,
    on event: ReleaseEvent,
    policy: Policy,
    catalogue: ChipCatalogue
) -> (releases: [Release], reasons: [Reason]) {
    let evaluation = Evaluation(
        facts,
        policy: policy,
        catalogue: catalogue,
        standing: EmptyStanding()
    )
    let problems = evaluation.claim.problems
    guard problems.isEmpty else { return ([], problems) }
    guard let route = policy.index.routes.first(where: { $0.route.id == facts.authority }) else {
        let decision = evaluation.decision(assumesEvidence: true)
        return ([], decision.reasons.filter { $0.code == .unknownRoute })
    }
    let draft = evaluation.decide(route, assumesEvidence: true)
    guard !draft.isClosed else { return ([], draft.reasons) }
    let movements = evaluation.movements(of: draft)
    return (QuotaRules.releases(of: movements, on: event, policy: policy), [])
}
