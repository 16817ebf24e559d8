import Consensus
import QuotaCrypto
import Testing
import Votes

/// Section 2.5 `tryPropose`, with its waits.
struct ProposingTests {
    private let body = BlockBody(digest: SHA256.hash([1]), payload: [1])

    @Test func `a leader with work asks for a block and proposes it at once`() throws {
        var bench = try Bench.started(own: 0)
        let request = try #require(bench.step(.workAvailable(true)).builds.first)
        #expect(request == BuildRequest(view: 1, proposer: 0, parent: Bench.root))
        let entry = try #require(bench.step(.built(request, body)).proposals.first)
        #expect(entry.proposal.block == body.digest)
        #expect(entry.proposal.parent == Bench.root.digest)
        #expect(entry.payload == [1])
        #expect(bench.step(.workAvailable(true)).builds.isEmpty, "once per view")
    }

    @Test func `another member does not propose`() throws {
        var bench = try Bench.started(own: 3)
        #expect(bench.step(.workAvailable(true)).builds.isEmpty)
    }

    @Test func `the next leader builds on a notarized block before it is final`() throws {
        var bench = try Bench.started(own: 1)
        bench.step(.workAvailable(true))
        let entry = bench.entry(view: 1)
        bench.accept(entry)
        let effects = bench.receive(.notarize, in: 1, for: entry.proposal.id, from: [2])
        let request = try #require(effects.builds.first)
        #expect(request.view == 2)
        #expect(request.parent == BlockID(height: 1, digest: entry.proposal.block))
        #expect(bench.replica.finalized.view == 0)
        let proposed = try #require(bench.step(.built(request, body)).proposals.first)
        #expect(proposed.proposal.parent == entry.proposal.id)
        #expect(proposed.justification.parent?.kind == .notarize)
    }

    @Test func `a proposal over a given up view carries its nullification`() throws {
        var bench = try Bench.started(own: 1)
        bench.step(.workAvailable(true))
        let request = try #require(bench.receive(.nullify, in: 1, from: [0, 2, 3]).builds.first)
        let entry = try #require(bench.step(.built(request, body)).proposals.first)
        #expect(entry.proposal.parentView == 0)
        #expect(entry.justification.parent == nil)
        #expect(entry.justification.nullifications.map(\.view) == [1])
    }

    @Test func `a leader that lacks the block of its parent waits for it`() throws {
        var bench = try Bench.started(own: 1)
        bench.step(.workAvailable(true))
        let entry = bench.entry(view: 1)
        let effects = bench.receive(.notarize, in: 1, for: entry.proposal.id, from: [0, 2, 3])
        #expect(bench.replica.view == 2)
        #expect(effects.builds.isEmpty)
        #expect(bench.accept(entry).builds.map(\.parent.height) == [1])
    }

    @Test func `with nothing to do an idle leader stays silent`() throws {
        var bench = try Bench.started(own: 0)
        #expect(bench.step(.workAvailable(false)).isEmpty)
        let request = try #require(bench.step(.workAvailable(true)).builds.first)
        let effects = bench.step(.built(request, nil))
        #expect(effects.timers[.echo(1)] == nil)
        #expect(effects.proposals.isEmpty)
    }

    @Test func `an echo waits 0.4 T0, then carries the tip to finality`() throws {
        var bench = try Bench.started(own: 1)
        let entry = bench.entry(view: 1)
        bench.accept(entry)
        let effects = bench.receive(.notarize, in: 1, for: entry.proposal.id, from: [2])
        #expect(effects.timers[.echo(2)] == 400)
        #expect(effects.proposals.isEmpty)
        let echo = try #require(bench.step(.timer(.echo(2)), after: 400).proposals.first)
        #expect(echo.payload == nil)
        #expect(echo.proposal.block == entry.proposal.block)
    }

    @Test func `an echo waits twice as long with each in a row, and less than the longest view`()
        throws
    {
        var bench = try Bench.started(own: 1)
        var tip = bench.entry(view: 1)
        bench.accept(tip)
        var waits: [UInt64] = []
        for view in UInt64(1)...13 {
            let effects = bench.receive(
                .notarize,
                in: view,
                for: tip.proposal.id,
                from: [0, 2, 3]
            )
            guard let wait = effects.timers[.echo(view + 1)] else {
                tip = bench.entry(view: view + 1, on: tip, block: nil)
                bench.accept(tip)
                continue
            }
            waits.append(wait)
            tip = try #require(
                bench.step(.timer(.echo(view + 1)), after: wait).proposals.first
            )
        }
        #expect(waits == [400, 6_400, 24_000, 24_000])
    }

    @Test func `no echo once the tip is final`() throws {
        var bench = try Bench.started(own: 1)
        let entry = bench.entry(view: 1)
        bench.accept(entry)
        bench.receive(.notarize, in: 1, for: entry.proposal.id, from: [2])
        bench.receive(.finalize, in: 1, for: entry.proposal.id, from: [0, 2])
        #expect(bench.replica.finalized.view == 1)
        #expect(bench.step(.timer(.echo(2)), after: 400).proposals.isEmpty)
    }

    @Test func `work that comes while an echo waits goes first`() throws {
        var bench = try Bench.started(own: 1)
        let entry = bench.entry(view: 1)
        bench.accept(entry)
        bench.receive(.notarize, in: 1, for: entry.proposal.id, from: [2])
        #expect(bench.step(.workAvailable(true)).builds.count == 1)
        #expect(bench.step(.timer(.echo(2)), after: 400).proposals.isEmpty)
    }

    @Test func `work that comes while an empty block is built is built too`() throws {
        var bench = try Bench.started(own: 0)
        let request = try #require(bench.step(.workAvailable(true)).builds.first)
        bench.step(.workAvailable(true))
        #expect(bench.step(.built(request, nil)).builds == [request])
    }

    @Test func `a block for a view that has passed is not proposed`() throws {
        var bench = try Bench.started(own: 0)
        let request = try #require(bench.step(.workAvailable(true)).builds.first)
        bench.receive(.nullify, in: 1, from: [1, 2, 3])
        #expect(bench.step(.built(request, body)).proposals.isEmpty)
    }

    @Test func `a block over the limit is not proposed`() throws {
        var bench = try Bench.started(own: 0)
        let request = try #require(bench.step(.workAvailable(true)).builds.first)
        let size = bench.configuration.limits.blockBytesMax + 1
        let tooBig = BlockBody(
            digest: SHA256.hash([1]),
            payload: [UInt8](repeating: 0, count: size)
        )
        #expect(bench.step(.built(request, tooBig)).proposals.isEmpty)
    }

    @Test func `an echo is voted for without execution`() throws {
        var bench = try Bench.started(own: 3)
        let first = bench.entry(view: 1)
        bench.accept(first)
        let echo = bench.entry(view: 2, on: first, block: nil)
        let effects = bench.receive(bench.propose(echo), from: 1)
        #expect(effects.executions.isEmpty)
        #expect(effects.kinds(in: 2) == [.notarize])
        let final = bench.receive(.finalize, in: 2, for: echo.proposal.id, from: [0, 1, 2])
        let commit = try #require(final.commits.first)
        #expect(commit.proposals.map(\.isEcho) == [false, true])
        #expect(commit.tip.block.height == 1)
    }
}
