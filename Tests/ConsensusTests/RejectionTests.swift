import Consensus
import QuotaCrypto
import Testing
import Votes

/// What no correct member sends names its sender and changes nothing.
struct RejectionTests {
    @Test func `bytes that are no message`() throws {
        var bench = try Bench.started()
        let effects = bench.step(.received(from: 2, bytes: [0xFF, 0x00]))
        guard case .disconnect(member: 2, reason: .malformed) = effects.first else {
            Issue.record("expected a disconnection, found \(effects)")
            return
        }
    }

    @Test(arguments: [
        (
            Rejection.malformed(MessageError(path: "$[1]", problem: "odd")),
            "malformed message: $[1]: odd"
        ),
        (.badSignature(.nullify, view: 7), "bad signature on nullify vote of view 7"),
        (.badCertificate(.notarize, view: 7), "bad notarize certificate of view 7"),
        (.notYours(view: 7), "vote or proposal of another member in view 7"),
        (.badProposal(view: 7), "inconsistent proposal in view 7"),
        (.badBlock(view: 7), "bytes that are not the block proposed in view 7"),
        (.unrequested, "answer to a question that was not asked"),
        (.badStanding(view: 7), "no proof of being in view 7"),
    ])
    func `an operator reads why`(reason: Rejection, phrase: String) {
        #expect(reason.description == phrase)
    }

    @Test func `an operator reads what an alarm is about`() throws {
        let bench = try Bench()
        let found = bench.certificate(.finalize, in: 4, for: Bench.root.digest)
        #expect(
            Alarm.conflictingFinality(held: nil, found: found).description
                == "finalization of view 4 does not extend that of view 0"
        )
        let refused = Alarm.divergentExecution(view: 4, proposal: .zero, block: Bench.root)
        #expect(refused.description == "final block 0 of view 4 is invalid here")
    }

    @Test func `a vote with a bad signature`() throws {
        var bench = try Bench.started()
        let vote = bench.vote(.nullify, in: 1, by: 2)
        let forged = Vote(
            epoch: 1,
            kind: .nullify,
            view: 1,
            proposal: .zero,
            member: 2,
            signature: vote.signature.reversed()
        )
        #expect(
            bench.receive(.vote(forged), from: 2).rejections == [.badSignature(.nullify, view: 1)]
        )
        #expect(bench.receive(.vote(vote), from: 2).rejections.isEmpty)
    }

    @Test func `a vote of another member`() throws {
        var bench = try Bench.started()
        let vote = bench.vote(.nullify, in: 1, by: 1)
        #expect(bench.receive(.vote(vote), from: 2).rejections == [.notYours(view: 1)])
    }

    @Test func `a proposal of a member that does not lead`() throws {
        var bench = try Bench.started()
        let effects = bench.receive(bench.propose(bench.entry(view: 1)), from: 2)
        #expect(effects.rejections == [.notYours(view: 1)])
    }

    @Test func `a proposal with a vote for another proposal`() throws {
        var bench = try Bench.started()
        let vote = bench.vote(.notarize, in: 1, for: SHA256.hash([1]), by: 0)
        let effects = bench.receive(.propose(bench.entry(view: 1), vote), from: 0)
        #expect(effects.rejections == [.badProposal(view: 1)])
    }

    @Test func `a proposal whose vote is forged`() throws {
        var bench = try Bench.started()
        let entry = bench.entry(view: 1)
        let vote = Vote(
            epoch: 1,
            kind: .notarize,
            view: 1,
            proposal: entry.proposal.id,
            member: 0,
            signature: [UInt8](repeating: 1, count: 64)
        )
        let effects = bench.receive(.propose(entry, vote), from: 0)
        #expect(effects.rejections == [.badSignature(.notarize, view: 1)])
        #expect(effects.executions.isEmpty)
    }

    @Test func `a proposal that starts from another root`() throws {
        var bench = try Bench.started()
        let proposal = Proposal(
            chainID: Bench.chainID,
            epoch: 1,
            view: 1,
            parentView: 0,
            parent: SHA256.hash([1]),
            block: SHA256.hash([2])
        )
        let entry = ProposalEntry(
            proposal: proposal,
            justification: Justification(parent: nil, nullifications: []),
            payload: [2]
        )
        let effects = bench.receive(bench.propose(entry), from: 0)
        #expect(effects.rejections == [.badProposal(view: 1)])
    }

    @Test func `a certificate below the quorum, and one with a forged signature`() throws {
        var bench = try Bench.started()
        let small = bench.certificate(.nullify, in: 1, by: [0, 1])
        let expected = [Rejection.badCertificate(.nullify, view: 1)]
        #expect(bench.receive(.certificate(small), from: 2).rejections == expected)
        let bundle = Bundle(certificates: [small], votes: [])
        #expect(bench.receive(.bundle(bundle), from: 2).rejections == expected)
        #expect(bench.replica.view == 1)
    }

    @Test func `a certificate that says what is known is passed on in its checked form`() throws {
        var bench = try Bench.started()
        bench.receive(.nullify, in: 1, from: [0, 1, 2])
        let unchecked = Certificate(
            epoch: 1,
            kind: .nullify,
            view: 1,
            proposal: .zero,
            signatures: (0..<3).map {
                Certificate.Signature(member: $0, bytes: [UInt8](repeating: 5, count: 64))
            }
        )
        let good = bench.entry(view: 2, nullified: [1])
        let entry = ProposalEntry(
            proposal: good.proposal,
            justification: Justification(parent: nil, nullifications: [unchecked]),
            payload: good.payload
        )
        bench.accept(entry)
        let answer = bench.receive(.fetch(entry.proposal.id), from: 0).messages.first?.message
        guard case .proposals(_, let entries) = answer else {
            Issue.record("expected an answer")
            return
        }
        let verifier = Ed25519VoteVerifier(keys: bench.keys.map(\.publicKey))
        #expect(
            entries.first?.justification.nullifications.allSatisfy {
                $0.isValid(
                    for: bench.configuration.committee,
                    chainID: Bench.chainID,
                    verifier: verifier
                )
            } == true
        )
    }

    @Test func `votes of another epoch and of far views are ignored in silence`() throws {
        var bench = try Bench.started()
        let far = bench.vote(.nullify, in: 1_000, by: 1)
        #expect(bench.receive(.vote(far), from: 1).isEmpty)
        let foreign = Vote(
            epoch: 2,
            kind: .nullify,
            view: 1,
            proposal: .zero,
            member: 1,
            signature: [UInt8](repeating: 1, count: 64)
        )
        #expect(bench.receive(.vote(foreign), from: 1).isEmpty)
    }

    @Test func `messages of nobody are ignored`() throws {
        var bench = try Bench.started()
        let message = Message.vote(bench.vote(.nullify, in: 1, by: 1))
        #expect(bench.receive(message, from: 9).isEmpty)
        #expect(bench.receive(message, from: -1).isEmpty)
        #expect(bench.receive(message, from: 3).isEmpty)
    }
}
