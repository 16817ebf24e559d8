import Consensus
import QuotaCrypto
import Testing
import Votes

/// Section 2.8: pairs of votes that no correct member casts.
struct EvidenceTests {
    private let one = SHA256.hash(Array("one".utf8))
    private let two = SHA256.hash(Array("two".utf8))

    @Test func `E1 to E4 are offences, and only they`() throws {
        let bench = try Bench()
        let votes = [
            bench.vote(.notarize, in: 5, for: one, by: 0),
            bench.vote(.notarize, in: 5, for: two, by: 0), bench.vote(.nullify, in: 5, by: 0),
            bench.vote(.finalize, in: 5, for: one, by: 0),
            bench.vote(.finalize, in: 5, for: two, by: 0),
        ]
        let expected: [[EvidencePair.Offence?]] = [
            [nil, .doubleNotarize, nil, nil, .finalizeOfAnother],
            [.doubleNotarize, nil, nil, .finalizeOfAnother, nil],
            [nil, nil, nil, .nullifyAndFinalize, .nullifyAndFinalize],
            [nil, .finalizeOfAnother, .nullifyAndFinalize, nil, .doubleFinalize],
            [.finalizeOfAnother, nil, .nullifyAndFinalize, .doubleFinalize, nil],
        ]
        for (row, left) in votes.enumerated() {
            for (column, right) in votes.enumerated() {
                #expect(EvidencePair(left, right)?.offence == expected[row][column])
            }
        }
    }

    @Test func `votes of other views or members are no pair`() throws {
        let bench = try Bench()
        let vote = bench.vote(.notarize, in: 5, for: one, by: 0)
        #expect(EvidencePair(vote, bench.vote(.notarize, in: 6, for: two, by: 0)) == nil)
        #expect(EvidencePair(vote, bench.vote(.notarize, in: 5, for: two, by: 1)) == nil)
    }

    @Test func `another signature of the same statement accuses nobody`() throws {
        var bench = try Bench.started()
        let vote = bench.vote(.notarize, in: 1, for: one, by: 1)
        let other = Vote(
            epoch: 1,
            kind: .notarize,
            view: 1,
            proposal: one,
            member: 1,
            signature: [UInt8](repeating: 3, count: 64)
        )
        #expect(EvidencePair(vote, other) == nil)
        bench.receive(.vote(vote), from: 1)
        #expect(bench.receive(.vote(other), from: 1).evidence.isEmpty)
    }

    @Test(arguments: EvidencePair.Offence.allCases)
    func `a pair is detected, stored and checkable by anyone`(_ offence: EvidencePair.Offence)
        throws
    {
        var bench = try Bench.started()
        let votes: (Vote, Vote) =
            switch offence {
            case .doubleNotarize:
                (
                    bench.vote(.notarize, in: 1, for: one, by: 1),
                    bench.vote(.notarize, in: 1, for: two, by: 1)
                )
            case .nullifyAndFinalize:
                (bench.vote(.finalize, in: 1, for: one, by: 1), bench.vote(.nullify, in: 1, by: 1))
            case .doubleFinalize:
                (
                    bench.vote(.finalize, in: 1, for: one, by: 1),
                    bench.vote(.finalize, in: 1, for: two, by: 1)
                )
            case .finalizeOfAnother:
                (
                    bench.vote(.finalize, in: 1, for: one, by: 1),
                    bench.vote(.notarize, in: 1, for: two, by: 1)
                )
            }
        bench.receive(.vote(votes.0), from: 1)
        let effects = bench.receive(.vote(votes.1), from: 1)
        let pair = try #require(effects.evidence.first)
        #expect(pair.offence == offence)
        #expect(pair.member == 1)
        let verifier = Ed25519VoteVerifier(keys: bench.keys.map(\.publicKey))
        #expect(pair.isValid(chainID: Bench.chainID, verifier: verifier))
        #expect(!pair.isValid(chainID: Bench.root.digest, verifier: verifier))
        #expect(try EvidencePair.decode(pair.encoded()) == pair)
        #expect(effects.records.contains { $0.value == pair.encoded() })
        #expect(try bench.restarted().replica.evidence == [pair])
    }

    @Test func `one pair a view is kept`() throws {
        var bench = try Bench.started()
        bench.receive(.notarize, in: 1, for: one, from: [1])
        #expect(bench.receive(.notarize, in: 1, for: two, from: [1]).evidence.count == 1)
        let three = SHA256.hash(Array("three".utf8))
        #expect(bench.receive(.notarize, in: 1, for: three, from: [1]).evidence.isEmpty)
        #expect(bench.replica.evidence.count == 1)
    }

    @Test func `a vote taken unchecked accuses nobody before its signature is checked`() throws {
        var bench = try Bench.started()
        let entry = bench.entry(view: 1)
        bench.accept(entry)
        bench.receive(.notarize, in: 1, for: entry.proposal.id, from: [1])
        // Notarized: member 2's vote changes nothing any more, and is forged by a faulty driver.
        let forged = Vote(
            epoch: 1,
            kind: .notarize,
            view: 1,
            proposal: entry.proposal.id,
            member: 2,
            signature: [UInt8](repeating: 9, count: 64)
        )
        bench.receive(.vote(forged), from: 2)
        let effects = bench.receive(.notarize, in: 1, for: two, from: [2])
        #expect(effects.evidence.isEmpty)
        #expect(bench.replica.evidence.isEmpty)
    }

    @Test func `two certificates convict the members that signed both`() throws {
        var bench = try Bench.started()
        let first = bench.certificate(.notarize, in: 1, for: one, by: [0, 1, 2])
        bench.receive(.certificate(first), from: 0)
        let nullification = bench.certificate(.nullify, in: 1, by: [0, 1, 2])
        #expect(bench.receive(.certificate(nullification), from: 0).evidence.isEmpty)
        let final = bench.certificate(.finalize, in: 1, for: one, by: [1, 2, 3])
        let accused = bench.receive(.certificate(final), from: 0).evidence.map(\.member)
        #expect(accused == [1, 2])
    }

    @Test func `a contradiction to a view that is final already is still noticed`() throws {
        var bench = try Bench.started()
        let entry = bench.entry(view: 1)
        bench.accept(entry)
        bench.receive(.finalize, in: 1, for: entry.proposal.id, from: [0, 1, 2])
        #expect(bench.replica.finalized.view == 1)
        #expect(bench.receive(.nullify, in: 1, from: [2]).evidence.count == 1)
    }

    @Test func `a file is told by how it begins`() {
        let file = EvidenceFile(chainID: Bench.chainID, epoch: 1, pairs: []).encoded()
        #expect(EvidenceFile.isMarked(file))
        #expect(!EvidenceFile.isMarked([UInt8](file.dropFirst())))
        #expect(!EvidenceFile.isMarked([UInt8](file.prefix(8))))
        #expect(!EvidenceFile.isMarked([]))
    }
}
