/// Decides a claim: may it pass, what does it consume, why.
///
/// Pure: the same arguments give the same decision on every machine. Every cause of a refusal that
/// can be found is reported, not only the first.
///
/// - Parameters:
///   - facts: The claim, with every organisation looked up.
///   - policy: The policy in force.
///   - catalogue: The catalogue in force.
///   - standing: What accounts hold now, and what members have granted.
///   - isOverridden: Whether members have decided that this claim may pass beyond caps.
/// - Returns: The decision. It names every limit that the claim touches.
public func evaluate(
    _ facts: ClaimFacts,
    policy: Policy,
    catalogue: ChipCatalogue,
    standing: some Standing,
    isOverridden: Bool = false
) -> Decision {
    Evaluation(
        facts,
        policy: policy,
        catalogue: catalogue,
        standing: standing,
        isOverridden: isOverridden
    ).decision(assumesEvidence: false)
}
