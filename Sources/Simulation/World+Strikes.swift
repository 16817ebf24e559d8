internal import Consensus

extension World {
    /// A fault at a time.
    enum Strike: Sendable {
        case crash(Int, restartAfter: UInt64)
        case crashOfAll(losing: Int?)
        case restart(Int)
        case torment(Int)
        case part(groups: Int, oneWay: Bool)
        case cutOffLeader
        case isolate(Int)
        case flap(Int, Int, rounds: Int)
        case slowLinks(of: Int)
        case clog(of: Int, until: UInt64)
        case halfOpen(Int, Int)
        case swizzle
        case mend
        case replay
        case splitTwins
        case pause(Int, for: UInt64)
        case slowDown(Int, for: UInt64)
        case speedUp(Int)
        case clock(Int, Fault)
        case repairClock(Int)
        case disk(Int, Fault)
        case undoSeal(Int)
        case replace(Int, build: Int)
        case redial(Int, Int)
        case slowReader(Int)
    }

    mutating func perform(_ strike: Strike) {
        switch strike {
        case .restart(let node): return restart(node)
        case .mend: return links.mend()
        case .torment(let node): return torment(node)
        case .speedUp(let node): return nodes[node].isSlow = false
        case .repairClock(let node): return nodes[node].clock.repair(at: now)
        case .splitTwins: return splitTwins()
        case .redial(let one, let other): return redial(one, other)
        default: break
        }
        guard phase == .safety else { return }
        note("\(strike)")
        switch strike {
        case .crash(let node, let pause):
            count(nodes[node].conduct == .dead ? .deadForever : .crash)
            crash(node, restartAfter: pause)
        case .crashOfAll(let losing): crashAll(losing: losing)
        case .part(let groups, let isOneWay): part(groups: groups, isOneWay: isOneWay)
        case .cutOffLeader: cutOffLeader()
        case .isolate(let node): isolate(nodes[node].member)
        case .flap(let one, let other, let rounds): flap(one, other, rounds: rounds)
        case .slowLinks(let node): slowLinks(of: node)
        case .clog(let node, let time): clog(node, until: time)
        case .halfOpen(let sender, let receiver): halfOpen(sender, receiver)
        case .swizzle: swizzle()
        case .replay: replayArchive()
        case .pause(let node, let duration):
            count(.pause)
            nodes[node].resumeTime = now + duration
            events.add(.resume(node: node), at: now + duration)
        case .slowDown(let node, let duration):
            nodes[node].isSlow = true
            events.add(.strike(.speedUp(node)), at: now + duration)
        case .clock(let node, let fault): disturbClock(of: node, fault)
        case .disk(let node, let fault): disturbDisk(of: node, fault)
        case .undoSeal(let node): undoSeal(of: node)
        case .replace(let node, let build): replace(node, by: build)
        case .slowReader(let node): slowReader(node)
        case .restart, .mend, .torment, .speedUp, .repairClock, .splitTwins, .redial: break
        }
    }

    /// Stops a node at once; what it was writing may or may not have reached the disk.
    mutating func crash(_ node: Int, restartAfter pause: UInt64) {
        guard nodes[node].isUp else { return }
        let isShadowed = nodes[node].shadow != nil && !defects.includes(.renameWithoutSync)
        if let write = nodes[node].write, !isShadowed { interrupt(write, of: node) }
        if let shadow = nodes[node].shadow {
            nodes[node].shadow = nil
            if !defects.includes(.renameWithoutSync) || random.number(below: 2) == 0 {
                nodes[node].disk = shadow
            }
        }
        note("node \(node) crashes")
        nodes[node].die()
        stopFetching(from: node)
        guard nodes[node].conduct != .dead else { return }
        events.add(.strike(.restart(node)), at: now + pause)
    }

    mutating func restart(_ node: Int) {
        guard !nodes[node].isUp, nodes[node].conduct != .dead, !nodes[node].isStuck else { return }
        install(on: node)
        guard let records = openStore(of: node),
            let replica = makeReplica(
                of: nodes[node].member,
                node: node,
                lies: nodes[node].lies,
                state: nodes[node].disk.applied,
                restoring: records
            )
        else { return }
        if !nodes[node].isByzantine {
            let height = nodes[node].disk.applied.block.height
            oracle.seesRestart(of: node, height: height)
            if replica.finalized.block != nodes[node].disk.applied.block {
                oracle.fail("P7 ledger and log agree", "node \(node) differs after a crash")
            }
        }
        nodes[node].replica = replica
        let order = order(in: nodes[node].disk.applied)
        nodes[node].order = order
        nodes[node].isUp = true
        nodes[node].resumeTime = 0
        note("node \(node) restarts in view \(replica.view)")
        boot(node)
    }

    /// An empty disk is noticed, also where nothing on the old one was ever acknowledged.
    private mutating func loseDisk(of node: Int) {
        nodes[node].disk = SimulatedDisk()
        nodes[node].mark = max(nodes[node].mark, 1)
    }

    private mutating func crashAll(losing loser: Int?) {
        count(.crashOfAll)
        let lost = loser.flatMap { mayLoseVotes($0) ? $0 : nil }
        for node in nodes.indices {
            crash(node, restartAfter: 50 + random.number(below: 3_000))
        }
        // Only now: what was being written in the crash is lost with the rest.
        guard let lost else { return }
        nodes[lost].hasLostVotes = true
        loseDisk(of: lost)
        count(.lostDisk)
    }

    /// Until the others are proven live, an outcast comes and goes.
    private mutating func torment(_ node: Int) {
        guard phase == .core else { return }
        count(.outcast)
        crash(node, restartAfter: 200 + random.number(below: 4_000))
        events.add(.strike(.torment(node)), at: now + 2_000 + random.number(below: 8_000))
    }

    private mutating func disturbClock(of node: Int, _ fault: Fault) {
        count(fault)
        let duration = 1_000 + random.number(below: 8_000)
        switch fault {
        case .drift: nodes[node].clock.run(at: 700 + random.number(below: 800), from: now)
        case .jump: return nodes[node].clock.jump(by: random.number(below: 300_000), at: now)
        case .stuck: nodes[node].clock.stop(at: now)
        case .leap: nodes[node].clock.wallError = random.number(below: 2) == 0 ? 1_000 : -1_000
        default:
            let error = Int64(random.number(below: 600_000)) - 300_000
            nodes[node].clock.wallError = error
        }
        events.add(.strike(.repairClock(node)), at: now + duration)
    }

    private mutating func disturbDisk(of node: Int, _ fault: Fault) {
        switch fault {
        case .syncError: nodes[node].failsNextSync = true
        case .fullDisk: nodes[node].fullUntil = now + 500 + random.number(below: 6_000)
        case .stalledDisk: nodes[node].stallsNextWrite = true
        case .crashAfterPersist: nodes[node].diesAfterWrite = true
        case .crashInCommit: nodes[node].diesInCommit = true
        default: loseVotes(of: node, fault)
        }
    }

    /// Faults after which a member may not know what it signed.
    private mutating func loseVotes(of node: Int, _ fault: Fault) {
        guard mayLoseVotes(node) else { return }
        switch fault {
        case .lostDisk:
            crash(node, restartAfter: 500 + random.number(below: 5_000))
            loseDisk(of: node)
        case .rollback:
            guard let backup = nodes[node].backup, backup.sequence < nodes[node].mark else {
                return nodes[node].backup = nodes[node].disk
            }
            crash(node, restartAfter: 500 + random.number(below: 5_000))
            nodes[node].disk = backup
        case .unsyncedWrites:
            nodes[node].shadow = nodes[node].disk
            let time = now + 200 + random.number(below: 3_000)
            events.add(.strike(.crash(node, restartAfter: 500)), at: time)
        case .misdirectedRead:
            guard misread(by: node) else { return }
            crash(node, restartAfter: 500 + random.number(below: 5_000))
        default:
            let damages: UInt64 = fault == .misdirectedWrite ? 2 : 1
            for _ in 0..<damages {
                guard nodes[node].disk.damage(recordNumber: random.next()) else { return }
            }
            crash(node, restartAfter: 500 + random.number(below: 5_000))
        }
        count(fault)
        nodes[node].hasLostVotes = true
    }
}
