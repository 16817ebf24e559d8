import Ledger
import LedgerFixture
import LedgerStore
import MerkleLog
import QuotaCrypto
import Testing
import Transparency

@testable import NodeService

@Suite struct CheckpointBookTests {
    private let fixture: LedgerFixture
    private let keys: [NodeKeys]
    private let start: LedgerState
    private let organised: LedgerState

    init() throws {
        fixture = try LedgerFixture()
        keys = try fixture.founders.map {
            try NodeKeys(seed: $0.seed, member: $0.id, origin: LedgerFixture.origin)
        }
        start = try fixture.state()
        organised = try fixture.state(
            after: [try fixture.organisation("org", in: "KE")],
            on: start
        )
    }

    private func add(
        _ note: SignedNote,
        of state: LedgerState,
        to book: inout CheckpointBook
    ) -> Bool {
        book.add(cosigned: CheckpointBook.Page(state: state, note: note))
    }

    private func book() throws -> CheckpointBook {
        CheckpointBook(policy: try start.trustPolicy())
    }

    /// The note of the node at `position` for `state`.
    private func note(
        _ position: Int,
        _ state: LedgerState,
        time: UInt64 = LedgerFixture.start
    ) throws -> SignedNote {
        var book = try book()
        let bytes = book.sign(
            state,
            log: keys[position].logSigner,
            cosigner: keys[position].cosigner,
            time: time
        )
        return try SignedNote(try #require(bytes))
    }

    private func sign(_ state: LedgerState, in book: inout CheckpointBook) {
        _ = book.sign(
            state,
            log: keys[0].logSigner,
            cosigner: keys[0].cosigner,
            time: LedgerFixture.start
        )
    }

    private func name(_ outcome: CheckpointBook.Outcome) -> String {
        switch outcome {
        case .merged: "merged"
        case .known: "known"
        case .ahead: "ahead"
        case .refused(let reason): "refused: \(reason)"
        case .fork(let keys): "fork by \(keys.count)"
        }
    }

    @Test func `three of four validators publish, the fourth is merged`() throws {
        var book = try book()
        sign(start, in: &book)
        #expect(book.published == nil)
        #expect(name(book.add(try note(1, start), from: 1)) == "merged")
        #expect(name(book.add(try note(1, start), from: 1)) == "known")
        #expect(book.published == nil)
        #expect(name(book.add(try note(2, start), from: 2)) == "merged")
        #expect(book.published?.note.signatures.count == 6)
        #expect(name(book.add(try note(3, start), from: 3)) == "merged")
        let page = try #require(book.published)
        #expect(page.note.signatures.count == 8)
        #expect(page.witnesses == Set(fixture.founders.map(\.id)))
        let verdict = try start.trustPolicy().evaluate(page.note)
        #expect(verdict.isQuorumMet)
        #expect(verdict.witnesses.count == 4)
    }

    @Test func `a published page is stored again when lines are merged`() throws {
        var book = try book()
        sign(start, in: &book)
        #expect(!book.hasUnstored)
        for position in 1...2 { _ = book.add(try note(position, start), from: position) }
        #expect(book.takeUnstored().map(\.size) == [start.size])
        #expect(!book.hasUnstored)
        _ = book.add(try note(3, start), from: 3)
        let stored = try #require(book.takeUnstored().first)
        #expect(try SignedNote(stored.note).signatures.count == 8)
    }

    @Test func `a restored note is published at once`() throws {
        var first = try book()
        sign(start, in: &first)
        for position in 1...3 { _ = first.add(try note(position, start), from: position) }
        let stored = try #require(first.published?.note)
        var second = try book()
        second.restore(stored, state: start)
        #expect(second.published?.note == stored)
        #expect(!second.hasUnstored)
    }

    @Test func `a note that is ahead waits until this node has signed its size`() throws {
        var book = try book()
        sign(start, in: &book)
        for position in 1...3 {
            #expect(name(book.add(try note(position, organised), from: position)) == "ahead")
        }
        #expect(book.takeAhead().isEmpty)
        sign(organised, in: &book)
        let ready = book.takeAhead()
        #expect(ready.map(\.peer) == [1, 2, 3])
        #expect(book.takeAhead().isEmpty)
        for (peer, note) in ready { _ = book.add(note, from: peer) }
        #expect(book.published?.state.size == organised.size)
        #expect(book.published?.note.signatures.count == 8)
    }

    @Test func `of one peer only its last note ahead is kept`() throws {
        var book = try book()
        sign(start, in: &book)
        let later = try fixture.state(
            after: [try fixture.claim("a", to: "org", in: "KE", quantity: 1)],
            on: organised
        )
        #expect(name(book.add(try note(1, organised), from: 1)) == "ahead")
        #expect(name(book.add(try note(1, later), from: 1)) == "ahead")
        sign(organised, in: &book)
        #expect(book.takeAhead().isEmpty)
        sign(later, in: &book)
        #expect(book.takeAhead().count == 1)
    }

    @Test func `another tree of the same size is a fork by its signers, told once`() throws {
        var book = try book()
        let other = try fixture.state(
            after: [try fixture.organisation("org", in: "NL")],
            on: start
        )
        #expect(other.size == organised.size)
        sign(organised, in: &book)
        let forked = try note(2, other)
        guard case .fork(let signers) = book.add(forked, from: 1) else {
            Issue.record("expected a fork")
            return
        }
        #expect(signers.map(\.publicKey) == [keys[2].log.publicKey])
        #expect(name(book.add(forked, from: 1)) == "known")
        let later = try note(2, other, time: LedgerFixture.start + 1)
        #expect(name(book.add(later, from: 2)) == "known")
        #expect(name(book.add(try note(3, other), from: 3)) == "fork by 1")
        #expect(name(book.add(try note(1, organised), from: 1)) == "merged")
    }

    @Test func `bad signatures are refused and change nothing`() throws {
        var book = try book()
        sign(start, in: &book)
        let good = try note(1, start)
        let bad = try SignedNote(
            text: good.text,
            signatures: good.signatures.map {
                var bytes = $0.bytes
                bytes[bytes.count - 1] ^= 1
                return NoteSignature(name: $0.name, keyID: $0.keyID, bytes: bytes)
            }
        )
        #expect(name(book.add(bad, from: 1)).hasPrefix("refused"))
        #expect(name(book.add(good, from: 1)) == "merged")
    }

    @Test func `strangers and texts that are no checkpoint are refused`() throws {
        var book = try book()
        sign(start, in: &book)
        let stranger = try NodeKeys(
            seed: SecretSeed(Array(repeating: 9, count: 32)),
            member: "xx",
            origin: LedgerFixture.origin
        )
        let lines = [stranger.logSigner.sign(start.checkpointText)]
        let strange = try SignedNote(text: start.checkpointText, signatures: lines)
        #expect(name(book.add(strange, from: 1)).hasPrefix("refused"))
        let words = try SignedNote(text: "hello\n", signatures: lines)
        #expect(name(book.add(words, from: 1)).hasPrefix("refused"))
        // Strangers' lines beside good ones are left out.
        let good = try note(1, start)
        let mixed = try SignedNote(text: good.text, signatures: good.signatures + lines)
        #expect(name(book.add(mixed, from: 1)) == "merged")
        #expect(name(book.add(try note(2, start), from: 2)) == "merged")
        #expect(book.published?.note.signatures.count == 6)
    }

    @Test
    func `the line of an outside witness travels with the page, and is no part of its quorum`()
        throws
    {
        let outside = try Cosigner(
            name: "outside.example",
            privateKey: try Ed25519.PrivateKey(seed: Array(repeating: 5, count: 32))
        )
        func cosigned(_ state: LedgerState) throws -> SignedNote {
            let checkpoint = Checkpoint(
                origin: state.origin,
                size: state.size,
                root: state.tree.root
            )
            let line = outside.cosign(checkpoint, timestamp: 7)
            return try SignedNote(text: checkpoint.text, signatures: [line])
        }
        var book = CheckpointBook(policy: try start.trustPolicy(), outside: [outside.key])
        let line = try cosigned(start)
        sign(start, in: &book)
        let isEarly = add(line, of: start, to: &book)
        #expect(!isEarly)
        _ = book.add(try note(1, start), from: 1)
        #expect(book.published == nil)
        _ = book.add(try note(2, start), from: 2)
        #expect(book.published?.note.signatures.count == 7)
        _ = book.takeUnstored()
        var wrong = line.signatures[0].bytes
        wrong[20] ^= 1
        let name = line.signatures[0].name
        let forged = NoteSignature(name: name, keyID: outside.key.keyID, bytes: wrong)
        let later = try SignedNote(text: line.text, signatures: [forged])
        let isForgedTaken = add(later, of: start, to: &book)
        #expect(!isForgedTaken)
        let isRepeated = add(line, of: start, to: &book)
        #expect(!isRepeated)
        #expect(!book.hasUnstored)

        // It came after the quorum: the published note changes, and is stored again.
        sign(organised, in: &book)
        for peer in 1...2 { _ = book.add(try note(peer, organised), from: peer) }
        _ = book.takeUnstored()
        let isOld = add(line, of: start, to: &book)
        #expect(!isOld)
        let isTaken = add(try cosigned(organised), of: organised, to: &book)
        #expect(isTaken)
        let stored = try #require(book.takeUnstored().first)
        #expect(try SignedNote(stored.note).signatures.count == 7)
        var restored = CheckpointBook(policy: try start.trustPolicy(), outside: [outside.key])
        restored.restore(try SignedNote(stored.note), state: organised)
        #expect(restored.published?.note.signatures.count == 7)
    }

    /// A line that comes after its checkpoint was replaced is not lost: the newest checkpoint that has
    /// most of the lines is shown beside the published one.
    @Test func `a late line of an outside witness shows with the checkpoint that it is for`()
        throws
    {
        let outside = try [5, 6].map { seed in
            try Cosigner(
                name: "outside-\(seed).example",
                privateKey: try Ed25519.PrivateKey(seed: Array(repeating: seed, count: 32))
            )
        }
        var book = CheckpointBook(policy: try start.trustPolicy(), outside: outside.map(\.key))
        var state = start
        /// Publishes the next checkpoint and gives it as it was published.
        func publishNext(_ number: Int) throws -> CheckpointBook.Page {
            state =
                number == 0
                ? organised
                : try fixture.state(
                    after: [
                        try fixture.claim("w\(number)", to: "org", in: "KE", quantity: 1)
                    ],
                    on: state
                )
            sign(state, in: &book)
            for peer in 1...2 { _ = book.add(try note(peer, state), from: peer) }
            return try #require(book.published)
        }
        /// The checkpoint with the lines of these witnesses, as their answers come.
        func answer(_ page: CheckpointBook.Page, _ witnesses: Int...) throws {
            let checkpoint = try Checkpoint(text: page.note.text)
            for place in witnesses {
                var cosigned = page
                cosigned.note.merge([outside[place].cosign(checkpoint, timestamp: 7)])
                _ = book.add(cosigned: cosigned)
            }
        }
        func shown() -> (text: String?, lines: Int) {
            (book.witnessed?.note.text, book.witnessed?.note.signatures.count ?? 0)
        }

        let pages = try (0..<12).map(publishNext)
        #expect(book.witnessed == nil)
        try answer(pages[1], 0)
        #expect(shown() == (pages[1].note.text, 7))
        try answer(pages[0], 1)
        #expect(shown() == (pages[1].note.text, 7))
        try answer(pages[2], 0, 1)
        #expect(shown() == (pages[2].note.text, 8))
        // A newer one with fewer lines does not take its place, until eight of them have come.
        for place in 3..<10 { try answer(pages[place], 0) }
        #expect(shown() == (pages[2].note.text, 8))
        try answer(pages[10], 0)
        #expect(shown() == (pages[10].note.text, 7))
        try answer(pages[2], 0, 1)
        #expect(shown() == (pages[10].note.text, 7))
        // The published one has its lines at once, and its late validator's as well.
        try answer(pages[11], 0, 1)
        #expect(shown() == (pages[11].note.text, 8))
        _ = book.add(try note(3, state), from: 3)
        #expect(shown() == (pages[11].note.text, 10))
        // Without a quorum it is no checkpoint of this ledger.
        let later = try fixture.state(
            after: [try fixture.claim("late", to: "org", in: "KE", quantity: 1)],
            on: state
        )
        try answer(CheckpointBook.Page(state: later, note: try note(1, later)), 0, 1)
        #expect(shown() == (pages[11].note.text, 10))
        #expect(book.witnessed?.state.size == state.size)
    }

    @Test func `an older note than the published one says nothing new`() throws {
        var book = try book()
        sign(start, in: &book)
        sign(organised, in: &book)
        for position in 1...2 { _ = book.add(try note(position, organised), from: position) }
        #expect(book.published?.state.size == organised.size)
        #expect(name(book.add(try note(3, start), from: 3)) == "known")
    }

    @Test func `without a quorum the oldest of many pages is given up`() throws {
        var book = try book()
        var state = organised
        sign(start, in: &book)
        for number in 0..<70 {
            let claim = try fixture.claim("c\(number)", to: "org", in: "KE", quantity: 1)
            state = try fixture.state(after: [claim], on: state)
            sign(state, in: &book)
        }
        #expect(name(book.add(try note(1, start), from: 1)) == "known")
        #expect(name(book.add(try note(1, state), from: 1)) == "merged")
    }
}
