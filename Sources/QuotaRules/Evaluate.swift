/// Decides a claim: may it pass, what does it consume, why.
///
/// Pure: the same arguments give the same decision on every machine. Every cause of a refusal that
/// can be found is reported, not only the first.
///
/// - Parameters:
///   - facts: The claim, with every organisation looked up.
///   - policy: The policy in force.
///   - catalogue: The catalogue in force.
///   - consumed: What an account holds now; 0 for one that does not exist.
/// - Returns: The decision. It names every limit that the claim touches.
public func evaluate(
    _ facts: ClaimFacts,
    policy: Policy,
    catalogue: ChipCatalogue,
    consumed: (AccountKey) -> UInt64
) -> Decision {
    Evaluation(facts, policy: policy, catalogue: catalogue)
        .decision(assumesEvidence: false, consumed: consumed)
}
