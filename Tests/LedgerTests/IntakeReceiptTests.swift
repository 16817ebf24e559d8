import CBOR
import COSE
import Ledger
import LedgerFixture
import MerkleLog
import QuotaCrypto
import Testing

/// A node's word that it took a statement.
struct IntakeReceiptTests {
    let fixture: LedgerFixture
    let state: LedgerState
    let claim: Statement
    let receipt: IntakeReceipt
    let key: Ed25519.PrivateKey

    init() throws {
        fixture = try LedgerFixture()
        state = try fixture.state()
        claim = try fixture.claim("c-1", to: "uni-ke", in: "KE", quantity: 3)
        receipt = try fixture.government.intake(of: claim, at: state, time: 1_767_225_700)
        key = try fixture.government.seed.key(for: .log)
    }

    /// The receipt with another payload or header, signed anew.
    private func signed(
        payload: CBORValue? = nil,
        contentType: String = IntakeReceipt.contentType,
        dropping label: Int? = nil,
        unprotected: [CBORMapEntry] = []
    ) throws -> [UInt8] {
        let message = try COSESign1.decode(receipt.bytes)
        let header = (message.protected.mapValue ?? []).filter {
            $0.key != label.map { .integer(Int64($0)) }
        }.map {
            $0.key == .integer(3) ? CBORMapEntry($0.key, .text(contentType)) : $0
        }
        return COSESign1.sign(
            protected: .sortedMap(header),
            unprotected: unprotected,
            payload: try payload?.encoded() ?? #require(message.payload),
            with: key
        ).encoded()
    }

    private func payload() throws -> CBORValue {
        try CBORValue.decode(try #require(try COSESign1.decode(receipt.bytes).payload))
    }

    @Test func `what is signed is read again`() throws {
        let read = try IntakeReceipt(receipt.bytes)
        #expect(read == receipt)
        #expect(read.statement == claim.identity)
        #expect(read.entry == claim.leafHash)
        #expect(read.node == "us-bis")
        #expect(read.origin == LedgerFixture.origin)
        #expect(read.time == 1_767_225_700)
        #expect(read.head == IntakeReceipt.Head(state))
        #expect(read.head.size == 2)
        #expect(read.head.root == state.tree.root)
        #expect(read.kid == COSEKey.thumbprint(key.publicKey))
        #expect((read.epoch, read.view) == (1, 1))
        try read.verify(with: key.publicKey)
        #expect(throws: COSEError.self) { try read.verify(with: fixture.exporter.key.publicKey) }
    }

    @Test func `the bytes are the published ones`() throws {
        // Ed25519 is deterministic, and so is everything that the fixture is made of.
        #expect(
            "\(SHA256.hash(receipt.bytes))"
                == "3dd7a24d789cc9d9bb940f73064724a584c4d5c769e5733be6ff886262ee81f3"
        )
        let message = try COSESign1.decode(receipt.bytes)
        let payload =
            "a9646b696e6465636c61696d64726f6f745820b032ad95c3b88878f823fab881d3c210bddd122cc7"
            + "4abf2f8e0fdb431e406f746473697a650264766965770165636861696e58205513180082fada383d"
            + "49284465bf0277806a5be3c63797240847002b3cf2568e65656e74727958206ba5cf66937bc44309"
            + "94a2daaaa4b4719783fb14f9eba6c7d2d58c4d890540016565706f63680166686569676874006669"
            + "73737565726663686970636f"
        #expect(Hex.encode(message.payload ?? []) == payload)
        let claims = try #require(message.protectedValue(COSEHeader.cwtClaims))
        #expect(claims[.integer(1)] == .text("us-bis"))
        #expect(claims[.integer(2)] == .text("c-1"))
        #expect(claims[.integer(3)] == .text(LedgerFixture.origin))
        #expect(claims[.integer(6)] == .unsigned(1_767_225_700))
    }

    @Test func `no changed byte passes`() throws {
        let bytes = receipt.bytes
        for index in bytes.indices {
            for change: UInt8 in [0x01, 0x80, 0xFF] {
                var changed = bytes
                changed[index] ^= change
                let read = try? IntakeReceipt(changed)
                #expect((try? read?.verify(with: key.publicKey)) == nil, "byte \(index)")
            }
            #expect(throws: StatementError.self) { try IntakeReceipt(Array(bytes[..<index])) }
        }
        #expect(throws: StatementError.self) { try IntakeReceipt(bytes + [0]) }
        #expect(throws: StatementError.self) {
            try IntakeReceipt([UInt8](repeating: 0, count: IntakeReceipt.maximumBytes + 1))
        }
    }

    @Test(arguments: [
        ("kind", CBORValue.text("gift")), ("issuer", .text("Not A Member")),
        ("entry", .bytes([1])), ("chain", .bytes([])), ("root", .text("root")),
        ("size", .unsigned(1)), ("size", .unsigned(1 << 63)), ("height", .unsigned(1)),
        ("height", .integer(-1)), ("epoch", .unsigned(1 << 63)), ("view", .text("1")),
        ("more", .unsigned(1)),
    ])
    func `each field has one form`(name: String, value: CBORValue) throws {
        var pairs = (try payload().mapValue ?? []).filter { $0.key != .text(name) }
        pairs.append(CBORMapEntry(.text(name), value))
        let bytes = try signed(payload: .sortedMap(pairs))
        let error = #expect(throws: StatementError.self) { try IntakeReceipt(bytes) }
        #expect(error?.path.hasPrefix("$.payload") == true, "\(String(describing: error))")
    }

    @Test func `each field must be there`() throws {
        for entry in try payload().mapValue ?? [] {
            let rest = (try payload().mapValue ?? []).filter { $0.key != entry.key }
            let bytes = try signed(payload: .sortedMap(rest))
            #expect(throws: StatementError.self, "\(entry.key)") { try IntakeReceipt(bytes) }
        }
        for label in [1, 3, 4, 15] {
            let bytes = try signed(dropping: label)
            #expect(throws: StatementError.self, "\(label)") { try IntakeReceipt(bytes) }
        }
        let loose = try signed(unprotected: [CBORMapEntry(.integer(99), .unsigned(1))])
        #expect(throws: StatementError.self) { try IntakeReceipt(loose) }
    }

    @Test func `it is no statement and no receipt of a tree, and they are none of it`() throws {
        #expect(throws: StatementError.self) { try Statement.decode(receipt.bytes) }
        #expect(throws: StatementError.self) { try Receipt.decode(receipt.bytes) }
        #expect(throws: StatementError.self) { try IntakeReceipt(claim.bytes) }
        for kind in StatementKind.allCases {
            #expect(kind.contentType != IntakeReceipt.contentType)
            #expect(kind.approvalContentType != IntakeReceipt.contentType)
            let other = try signed(contentType: kind.contentType)
            #expect(throws: StatementError.self) { try IntakeReceipt(other) }
        }
    }

    @Test func `the longest names and numbers fit`() throws {
        let long = try StatementDraft(
            .cancel(CancelBody(claim: String(repeating: "c", count: 64), reason: "r")),
            issuer: String(repeating: "m", count: 63),
            audience: String(repeating: "o", count: 128),
            issuedAt: 1
        ).signed(with: fixture.exporter.key)
        let receipt = IntakeReceipt(
            of: long,
            head: IntakeReceipt.Head(state),
            epoch: 1 << 62,
            view: 1 << 62,
            by: String(repeating: "n", count: 63),
            at: 253_402_300_799,
            with: key
        )
        // Subjects of votes are longer by 96, and size and height by eight each.
        #expect(receipt.bytes.count + 96 + 16 <= IntakeReceipt.maximumBytes)
        #expect(try IntakeReceipt(receipt.bytes) == receipt)
    }
}
