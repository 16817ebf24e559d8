import Consensus
import QuotaCrypto
import Testing
import Votes

/// Section 2.1 and 2.2: what is signed, who leads, how many are enough.
struct VoteTests {
    @Test func `a vote signs 97 bytes in the order of the protocol`() {
        let proposal = SHA256.hash([1])
        let bytes = Vote.signedBytes(
            chainID: Bench.chainID,
            epoch: 0x0102,
            kind: .finalize,
            view: 0x0304,
            proposal: proposal
        )
        #expect(bytes.count == 97)
        #expect(Array(bytes[0..<16]) == Array("QLEDGER-VOTE-V1\0".utf8))
        #expect(Array(bytes[16..<48]) == Bench.chainID.bytes)
        #expect(Array(bytes[48..<56]) == [0, 0, 0, 0, 0, 0, 1, 2])
        #expect(bytes[56] == 3)
        #expect(Array(bytes[57..<65]) == [0, 0, 0, 0, 0, 0, 3, 4])
        #expect(Array(bytes[65..<97]) == proposal.bytes)
    }

    @Test func `any change to a proposal changes its identifier`() {
        let zero = Digest.zero
        let one = SHA256.hash([1])
        func id(_ chain: Digest, _ numbers: [UInt64], _ parent: Digest, _ block: Digest) -> Digest {
            Proposal(
                chainID: chain,
                epoch: numbers[0],
                view: numbers[1],
                parentView: numbers[2],
                parent: parent,
                block: block
            ).id
        }
        let ids = [
            id(zero, [1, 2, 1], zero, zero), id(one, [1, 2, 1], zero, zero),
            id(zero, [2, 2, 1], zero, zero), id(zero, [1, 3, 1], zero, zero),
            id(zero, [1, 2, 0], zero, zero), id(zero, [1, 2, 1], one, zero),
            id(zero, [1, 2, 1], zero, one),
        ]
        #expect(Set(ids).count == ids.count)
    }

    @Test(arguments: [
        (1, 0, 1), (4, 1, 3), (5, 1, 4), (6, 1, 5), (7, 2, 5), (10, 3, 7), (16, 5, 11),
        (50, 16, 34),
    ])
    func `two quorums share a correct member`(members: Int, faulty: Int, quorum: Int) {
        let committee = Committee(count: members, leaderOrder: Array(0..<members))
        #expect(committee.faultyMax == faulty)
        #expect(committee.quorum == quorum)
        #expect(2 * quorum - members >= faulty + 1)
    }

    @Test func `the leader order follows from the seal and gives each member its turn`() {
        for count in 1...20 {
            let order = Committee.leaderOrder(count: count, seal: Bench.root.digest)
            #expect(order.sorted() == Array(0..<count))
            #expect(order == Committee.leaderOrder(count: count, seal: Bench.root.digest))
        }
        let orders = (0..<64).map { seal in
            Committee.leaderOrder(count: 7, seal: SHA256.hash([UInt8(seal)]))
        }
        #expect(Set(orders).count > 50)
        let committee = Committee(count: 7, seal: Bench.root.digest)
        #expect((1...7).map { committee.leader(of: $0) } == committee.leaderOrder)
        #expect(committee.leader(of: 8) == committee.leader(of: 1))
    }

    @Test func `a certificate needs exactly a quorum of valid signatures in order`() throws {
        let bench = try Bench()
        let committee = bench.configuration.committee
        let verifier = Ed25519VoteVerifier(keys: bench.keys.map(\.publicKey))
        let id = SHA256.hash([1])
        func isValid(_ certificate: Certificate) -> Bool {
            certificate.isValid(for: committee, chainID: Bench.chainID, verifier: verifier)
        }
        func rebuilt(_ signatures: [Certificate.Signature], view: UInt64 = 1) -> Certificate {
            Certificate(
                epoch: 1,
                kind: .notarize,
                view: view,
                proposal: id,
                signatures: signatures
            )
        }
        let good = bench.certificate(.notarize, in: 1, for: id)
        #expect(isValid(good))
        #expect(isValid(bench.certificate(.notarize, in: 1, for: id, by: [0, 2, 3])))
        #expect(!isValid(bench.certificate(.notarize, in: 1, for: id, by: [0, 1])))
        #expect(!isValid(bench.certificate(.notarize, in: 1, for: id, by: [0, 1, 2, 3])))
        #expect(!isValid(bench.certificate(.notarize, in: 1, for: id, by: [1, 0, 2])))
        #expect(!isValid(bench.certificate(.notarize, in: 1, for: id, by: [0, 0, 1])))
        #expect(!isValid(rebuilt(good.signatures, view: 2)), "signed for another view")
        #expect(!isValid(bench.certificate(.notarize, in: 1, for: .zero)), "of no proposal")
        #expect(!isValid(bench.certificate(.nullify, in: 1, for: id)), "a nullification of one")
        let beyond = Certificate.Signature(member: 9, bytes: good.signatures[2].bytes)
        #expect(!isValid(rebuilt(good.signatures.dropLast() + [beyond])))
    }
}
