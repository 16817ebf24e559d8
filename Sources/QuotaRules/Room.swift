/// How much of one item could still go to a destination.
public struct RoomReport: Hashable, Sendable {
    /// The largest quantity that would pass now; nil if no limit binds, 0 if none would.
    public let largestQuantity: UInt64?
    /// The decision on that quantity, or on one item if none passes or no limit binds: the limits
    /// with what they hold now, the notices, the reasons.
    public let decision: Decision
    /// The evidence that the route asks for; the report takes it to be on file.
    public let evidence: [String]
}

/// Says how much of one item would pass, for planning before there is a claim.
///
/// - Parameters:
///   - sku: The item.
///   - facts: Route, destination, parties and dates. Its lines are not looked at.
///   - policy: The policy in force.
///   - catalogue: The catalogue in force.
///   - standing: What accounts hold now, and what members have granted.
/// - Returns: The largest quantity and the limits that it comes from.
public func room(
    for sku: String,
    _ facts: ClaimFacts,
    policy: Policy,
    catalogue: ChipCatalogue,
    standing: some Standing
) -> RoomReport {
    func decide(_ quantity: UInt64) -> Decision {
        let facts = ClaimFacts(
            authority: facts.authority,
            destination: facts.destination,
            parties: facts.parties,
            lines: [ClaimLine(sku: sku, quantity: quantity)],
            exported: facts.exported,
            received: facts.received,
            evidence: facts.evidence,
            exporter: facts.exporter,
            facility: facts.facility
        )
        return Evaluation(facts, policy: policy, catalogue: catalogue, standing: standing)
            .decision(assumesEvidence: true)
    }
    let one = decide(1)
    let route = policy.routes.first { $0.id == facts.authority }
    return RoomReport(
        largestQuantity: one.largestQuantity,
        decision: one.largestQuantity.map { $0 > 1 ? decide($0) : one } ?? one,
        evidence: route?.evidence.map(\.type) ?? []
    )
}
