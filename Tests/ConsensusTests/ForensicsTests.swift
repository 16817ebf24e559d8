import Consensus
import QuotaCrypto
import Simulation
import Testing
import Votes

/// Section 2.8: two contradicting final chains convict more than f members, and nobody else.
struct ForensicsTests {
    private func final(_ entry: ProposalEntry, by members: [Int], in bench: Bench) -> ProposalEntry
    {
        ProposalEntry(
            proposal: entry.proposal,
            justification: entry.justification,
            payload: entry.payload,
            finalization: bench.certificate(
                .finalize,
                in: entry.proposal.view,
                for: entry.proposal.id,
                by: members
            )
        )
    }

    @Test func `a chain that skips a final view convicts who gave it up`() throws {
        let bench = try Bench()
        let left = final(bench.entry(view: 1, block: "left"), by: [0, 1, 2], in: bench)
        let right = final(
            bench.entry(view: 2, block: "right", nullified: [1]),
            by: [1, 2, 3],
            in: bench
        )
        // The nullification of view 1 is by 0, 1 and 2, and so is the finalization.
        let pairs = Forensics.evidence([left], [right])
        #expect(pairs.map(\.member) == [0, 1, 2])
        #expect(pairs.allSatisfy { $0.offence == .nullifyAndFinalize })
        #expect(Forensics.evidence([right], [left]) == pairs)
    }

    @Test func `two proposals final in one view convict who signed both`() throws {
        let bench = try Bench()
        let left = final(bench.entry(view: 1, block: "left"), by: [0, 1, 2], in: bench)
        let right = final(bench.entry(view: 1, block: "right"), by: [1, 2, 3], in: bench)
        let pairs = Forensics.evidence([left], [right])
        #expect(pairs.map(\.member) == [1, 2])
        #expect(pairs.allSatisfy { $0.offence == .doubleFinalize })
    }

    @Test func `another proposal in the view is convicted by its child's justification`() throws {
        let bench = try Bench()
        let left = final(bench.entry(view: 1, block: "left"), by: [1, 2, 3], in: bench)
        let other = bench.entry(view: 1, block: "right")
        let child = final(
            bench.entry(view: 2, on: other, block: "child"),
            by: [0, 1, 2],
            in: bench
        )
        let pairs = Forensics.evidence([left], [other, child])
        #expect(pairs.map(\.member) == [1, 2])
        #expect(pairs.allSatisfy { $0.offence == .finalizeOfAnother })
    }

    @Test func `chains that extend each other convict nobody`() throws {
        let bench = try Bench()
        let first = final(bench.entry(view: 1), by: [0, 1, 2], in: bench)
        let second = final(
            bench.entry(view: 4, on: first, nullified: [2, 3]),
            by: [0, 1, 2],
            in: bench
        )
        #expect(Forensics.evidence([first], [first, second]).isEmpty)
        #expect(Forensics.evidence([], [first]).isEmpty)
    }

    @Test func `the file convicts by the keys alone`() throws {
        let bench = try Bench()
        let left = final(bench.entry(view: 1, block: "left"), by: [0, 1, 2], in: bench)
        let right = final(bench.entry(view: 1, block: "right"), by: [1, 2, 3], in: bench)
        let pairs = Forensics.evidence([left], [right])
        let file = EvidenceFile(chainID: Bench.chainID, epoch: 1, pairs: pairs.reversed())
        let read = try EvidenceFile.decode(file.encoded())
        #expect(read == file)
        #expect(read.pairs == pairs)
        let verifier = Ed25519VoteVerifier(keys: bench.keys.map(\.publicKey))
        #expect(try read.convicted(by: verifier) == [1, 2])
        let others = Ed25519VoteVerifier(keys: bench.keys.reversed().map(\.publicKey))
        let unproven = #expect(throws: EvidenceFile.Unproven.self) {
            try read.convicted(by: others)
        }
        #expect(unproven?.index == 0)
        #expect(unproven?.member == 1)
        let foreign = EvidenceFile(chainID: Bench.root.digest, epoch: 1, pairs: pairs)
        #expect(throws: EvidenceFile.Unproven.self) { try foreign.convicted(by: verifier) }
    }

    @Test func `no changed byte of a file convicts anybody else`() throws {
        let bench = try Bench()
        let left = final(bench.entry(view: 1, block: "left"), by: [0, 1, 2], in: bench)
        let right = final(bench.entry(view: 1, block: "right"), by: [1, 2, 3], in: bench)
        let file = EvidenceFile(
            chainID: Bench.chainID,
            epoch: 1,
            pairs: Forensics.evidence([left], [right])
        )
        let bytes = file.encoded()
        let verifier = Ed25519VoteVerifier(keys: bench.keys.map(\.publicKey))
        for place in bytes.indices {
            for change: UInt8 in [1, 0x80] {
                var changed = bytes
                changed[place] ^= change
                let convicted = try? EvidenceFile.decode(changed).convicted(by: verifier)
                #expect(convicted == nil, "byte \(place)")
            }
        }
    }

    @Test func `pairs out of order, of another epoch or too many are refused`() throws {
        let bench = try Bench()
        let pairs = try (0..<2).map { member in
            try #require(
                EvidencePair(
                    bench.vote(.nullify, in: 1, by: member),
                    bench.vote(.finalize, in: 1, for: Bench.root.digest, by: member)
                )
            )
        }
        let file = EvidenceFile(chainID: Bench.chainID, epoch: 1, pairs: pairs)
        #expect(EvidenceFile(chainID: Bench.chainID, epoch: 2, pairs: pairs).pairs.isEmpty)
        var swapped = file.encoded()
        let half = pairs[0].encoded().count
        let start = swapped.count - 2 * half
        swapped.replaceSubrange(start..., with: pairs[1].encoded() + pairs[0].encoded())
        #expect(throws: MessageError.self) { try EvidenceFile.decode(swapped) }
        #expect(throws: MessageError.self) { try EvidenceFile.decode(file.encoded() + [0]) }
    }

    @Test(arguments: [4, 7], [Scenario.traitors, .traitorsAtSeal])
    func `traitors who fork the simulated chain are convicted`(
        members: Int,
        scenario: Scenario
    ) throws {
        var forks = 0
        for seed in UInt64(1)...12 {
            let result = simulate(
                SeedOptions(seed: seed, memberCount: members, scenario: scenario)
            )
            #expect(result.failure == nil, "seed \(seed)")
            guard let evidence = result.evidence else { continue }
            forks += 1
            #expect(evidence.convicted.count > (members - 1) / 3)
            #expect(Set(evidence.convicted).isSubset(of: evidence.traitors))
        }
        #expect(forks > 0)
    }
}
