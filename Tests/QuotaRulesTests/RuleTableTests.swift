import QuotaRules
import Testing

/// The table of cases: each is decided, its arithmetic compared and printed.
@Suite struct RuleTableTests {
    @Test(arguments: RuleCase.worked)
    func `a worked case comes out as the text says`(_ example: RuleCase) throws {
        try check(example)
    }

    @Test(arguments: RuleCase.primitives)
    func `a primitive does its arithmetic`(_ example: RuleCase) throws {
        try check(example)
    }

    @Test(arguments: RuleCase.files)
    func `a policy file decides as its text says`(_ example: RuleCase) throws {
        try check(example)
    }

    /// No line of Swift knows these policies: rule and cases are one file of `Tests/policies` each.
    @Test func `a policy that only its file knows decides as the cases beside it say`() throws {
        let files = try RuleFiles.unseen()
        #expect(!files.isEmpty)
        for file in files {
            let policy = try Policy.decode(file.policy)
            let catalogue = try RuleFiles.catalogue(named: file.catalogue)
            try policy.checkAdoption(with: catalogue)
            #expect(!file.cases.isEmpty)
            for example in file.cases { try check(example, policy, catalogue) }
        }
    }

    private func check(_ example: RuleCase) throws {
        try check(
            example,
            try RuleFiles.policy(example.policy),
            try RuleFiles.catalogue(for: example.policy)
        )
    }

    private func check(
        _ example: RuleCase,
        _ policy: Policy,
        _ catalogue: ChipCatalogue
    ) throws {
        let decision = try example.decide(policy, catalogue)
        let line = RuleCase.line(decision)
        print("\(example.title): \(example.claim): \(line)")
        #expect(line == example.line, "\(example.title)")
        let lines = try RuleCase.facts(example.claim).lines
        for movement in decision.movements {
            let sum = zip(movement.perUnit, lines).reduce(0) { $0 + $1.0 * $1.1.quantity }
            #expect(sum == movement.amount)
        }
        try checkLargest(example, decision, policy, catalogue)
    }

    /// With one line, the largest quantity passes and the next does not.
    private func checkLargest(
        _ example: RuleCase,
        _ decision: Decision,
        _ policy: Policy,
        _ catalogue: ChipCatalogue
    ) throws {
        guard let largest = decision.largestQuantity, decision.largestQuantities.count == 1,
            !decision.reasons.contains(where: { $0.code == .claimTooLarge })
        else { return }
        let words = example.claim.split(separator: " ").map(String.init)
        guard let place = words.firstIndex(where: { $0.contains("*") }) else { return }
        for (quantity, passes) in [(largest, true), (largest + 1, false)] where quantity > 0 {
            var changed = words
            changed[place] = "\(quantity)" + (words[place].drop { $0 != "*" })
            let other = RuleCase(
                example.title,
                example.policy,
                changed.joined(separator: " "),
                example.standing,
                ""
            )
            let outcome = try other.decide(policy, catalogue).outcome
            // A rule may itself wait for a decision; then the caps decide between that and refusal.
            let ok = outcome.passes || (outcome == .needsDecision && decision.outcome != .admit)
            #expect(ok == passes || outcome == .needsDecision, "\(quantity): \(outcome)")
        }
    }
}
