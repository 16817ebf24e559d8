import Consensus
import QuotaCrypto
import Testing
import Votes

/// Timers, idle silence (section 2.13) and giving up a view.
struct TimerTests {
    @Test func `without work only the status timer runs`() throws {
        var bench = try Bench(own: 3)
        let effects = bench.step(.start)
        #expect(effects.timers == [.status: 10_000])
        let later = bench.step(.timer(.status), after: 10_000)
        #expect(later.count == 2)
        #expect(later.timers == [.status: 10_000])
    }

    @Test func `work arms the timer of the view`() throws {
        var bench = try Bench.started()
        let effects = bench.step(.workAvailable(true))
        #expect(effects.timers[.view(1)] == 1_000)
        #expect(effects.timers[.status] == 1_000)
        #expect(bench.step(.workAvailable(true)).timers[.view(1)] == nil, "once")
    }

    @Test func `a timer that fires without work disarms itself`() throws {
        var bench = try Bench.started()
        bench.step(.workAvailable(true))
        bench.step(.workAvailable(false))
        #expect(bench.step(.timer(.view(1)), after: 1_000).isEmpty)
    }

    @Test func `finality without more work cancels the timer`() throws {
        var bench = try Bench.started()
        bench.step(.workAvailable(true))
        let entry = bench.entry(view: 1)
        bench.accept(entry)
        bench.receive(.notarize, in: 1, for: entry.proposal.id, from: [1])
        bench.step(.workAvailable(false))
        let effects = bench.receive(.finalize, in: 1, for: entry.proposal.id, from: [0, 1])
        #expect(
            effects.contains { if case .cancelTimer(.view(2)) = $0 { true } else { false } }
        )
        #expect(!bench.replica.hasWork)
    }

    @Test func `a nullify vote is sent again, not signed again, while the view lasts`() throws {
        var bench = try Bench.started()
        bench.step(.workAvailable(true))
        let first = bench.step(.timer(.view(1)), after: 1_000)
        let second = bench.step(.timer(.view(1)), after: 1_000)
        #expect(first.votes == second.votes)
        #expect(second.records.isEmpty)
    }

    @Test func `patience grows with the distance to the last final view`() throws {
        let timeouts = Timeouts(viewBase: 1_000)
        #expect(timeouts.view(unfinished: 0) == 1_000)
        #expect(timeouts.view(unfinished: 1) == 1_301)
        #expect(timeouts.view(unfinished: 200) == 60_000)
        var bench = try Bench.started()
        bench.step(.workAvailable(true))
        var delays: [UInt64] = []
        for view in UInt64(1)...6 {
            let effects = bench.receive(.nullify, in: view, from: [0, 1, 2])
            delays += [effects.timers[.view(view + 1)] ?? 0]
        }
        #expect(delays == [1_000, 1_301, 1_692, 2_200, 2_861, 3_720])
    }

    @Test func `a mere notarization does not reset patience`() throws {
        var bench = try Bench.started()
        bench.step(.workAvailable(true))
        for view in UInt64(1)...3 { bench.receive(.nullify, in: view, from: [0, 1, 2]) }
        let entry = bench.entry(view: 4, nullified: [1, 2, 3])
        let effects = bench.receive(.notarize, in: 4, for: entry.proposal.id, from: [0, 1, 2])
        #expect(effects.timers[.view(5)] == 2_200)
    }

    @Test func `f + 1 nullify votes are joined before the own timer`() throws {
        var bench = try Bench.started(own: 3)
        #expect(bench.receive(.nullify, in: 1, from: [1]).votes.isEmpty)
        #expect(bench.receive(.nullify, in: 1, from: [2]).kinds(in: 1) == [.nullify])
        #expect(bench.replica.view == 2)
    }

    @Test func `a leader that gives its view up is joined at once`() throws {
        var bench = try Bench.started(own: 3)
        #expect(bench.receive(.nullify, in: 1, from: [0]).kinds(in: 1) == [.nullify])
    }

    @Test func `votes of f + 1 members are work, those of f are not`() throws {
        var bench = try Bench.started(own: 3)
        bench.receive(.notarize, in: 1, for: SHA256.hash([1]), from: [1])
        #expect(!bench.replica.hasWork)
        bench.receive(.notarize, in: 1, for: SHA256.hash([1]), from: [2])
        #expect(bench.replica.hasWork)
    }

    @Test func `votes of others alone are work for two minutes in one view`() throws {
        var bench = try Bench.started(own: 3)
        bench.receive(.notarize, in: 1, for: SHA256.hash([1]), from: [1, 2])
        bench.step(.timer(.view(1)), after: 119_999)
        #expect(bench.replica.hasWork)
        #expect(bench.step(.timer(.view(1)), after: 1).votes.isEmpty)
        #expect(!bench.replica.hasWork)
        bench.receive(.nullify, in: 1, from: [0, 1, 2])
        bench.receive(.notarize, in: 2, for: SHA256.hash([2]), from: [1, 2])
        #expect(bench.replica.view == 2 && bench.replica.hasWork, "a new view, new help")
    }

    @Test func `own work outlasts the help for others and grants it anew`() throws {
        var bench = try Bench.started(own: 3)
        bench.step(.workAvailable(true))
        bench.receive(.notarize, in: 1, for: SHA256.hash([1]), from: [1, 2])
        bench.step(.timer(.view(1)), after: 200_000)
        #expect(bench.replica.hasWork)
        bench.step(.workAvailable(false))
        #expect(bench.replica.hasWork)
        bench.step(.timer(.view(1)), after: 120_000)
        #expect(!bench.replica.hasWork)
    }

    @Test func `a leader that signed nothing for long is not waited for`() throws {
        var bench = try Bench.started(own: 3)
        bench.step(.workAvailable(true))
        var zeros: [UInt64] = []
        for view in UInt64(1)...60 {
            bench.step(.timer(.view(view)), after: 1_200)
            let effects = bench.receive(.nullify, in: view, from: [1, 2])
            if effects.timers[.view(view + 1)] == 0 { zeros.append(view + 1) }
        }
        #expect(!zeros.isEmpty)
        #expect(zeros.allSatisfy { bench.configuration.committee.leader(of: $0) == 0 })
        #expect(zeros.allSatisfy { $0 > 24 }, "not before 30 s")
    }

    @Test func `standstill sends what others may lack, at most once a second`() throws {
        var bench = try Bench.started(own: 3)
        bench.accept(bench.entry(view: 1))
        bench.step(.workAvailable(true))
        bench.step(.timer(.standstill), after: 1_000)
        let effects = bench.step(.timer(.standstill), after: 500)
        #expect(effects.messages.isEmpty)
        let later = bench.step(.timer(.standstill), after: 600)
        let bundles = later.messages.compactMap {
            if case .bundle(let bundle) = $0.message { bundle } else { nil }
        }
        #expect(bundles.count == 3)
        #expect(bundles.allSatisfy { $0.votes.map(\.kind) == [.notarize] })
    }
}
