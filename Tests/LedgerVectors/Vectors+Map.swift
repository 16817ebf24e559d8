import CBOR
import Ledger
import QuotaCrypto
import StateMap
import Transparency
import Verifier

extension Vectors {
    /// State maps with their roots, and proofs of presence and of both kinds of absence.
    func maps() throws -> VectorValue {
        var small: [[(String, String)]] = [[], [("hello", "world")]]
        small.append(small[1] + [("goodbye", "world")])
        small.append((0..<40).map { ("key \($0)", "value \($0)") })
        var list = small.map { pairs in
            Self.map(
                pairs.map { (Array($0.0.utf8), Array($0.1.utf8)) },
                absent: (0..<8).map { Array("absent \($0)".utf8) }
            )
        }
        list.append(
            Self.map(ledger.last.map.entries, absent: try accountKeys(present: false))
        )
        return .list(list)
    }

    private static func map(
        _ entries: [(key: [UInt8], value: [UInt8])],
        absent: [[UInt8]]
    ) -> VectorValue {
        var map = StateMap()
        map.update(entries.map { ($0.key, $0.value) })
        return [
            "root": .digest(map.root),
            "entries": .list(
                entries.map { ["key": .bytes($0.key), "value": .bytes($0.value)] }
            ),
            "proofs": .list(
                (entries.map(\.key) + absent).map { key -> VectorValue in
                    let proof = map.proof(for: key)
                    return [
                        "key": .bytes(key), "value": proof.value.map(VectorValue.bytes) ?? .null,
                        "terminal": .boolean(proof.terminal != nil),
                        "depth": .number(UInt64(proof.siblings.count)),
                        "proof": .bytes(proof.encoded()),
                    ]
                }
            ),
        ]
    }

    /// Total proofs at every checkpoint: each account that is there, and some that are not.
    func totals() throws -> VectorValue {
        let policy = try ledger.last.trustPolicy()
        let keys = try accountKeys(present: true) + accountKeys(present: false)
        return .list(
            try ledger.states.indices.flatMap { height in
                try keys.map { key -> VectorValue in
                    let file = try ledger.total(key, height: height).text
                    let verified = try UnverifiedTotal(Array(file.utf8)).verify(policy)
                    let value = ledger.states[height].map[key]
                    let consumed = verified.amount?.consumed
                    return [
                        "file": .text(file),
                        "key": .bytes(key), "limit": .text(verified.account.limit),
                        "subject": .list(verified.account.subject.map { .text($0) }),
                        "period": .text(verified.account.period),
                        "size": .number(verified.checkpoint.checkpoint.size),
                        "value": value.map(VectorValue.bytes) ?? .null,
                        "consumed": consumed.map(VectorValue.number) ?? .null,
                    ]
                }
            }
        )
    }

    /// The keys of accounts that the last state holds, or of some that no state holds.
    func accountKeys(present: Bool) throws -> [[UInt8]] {
        if present { return ledger.last.accounts.map { StateKey.account($0.key) } }
        let names: [[CBORValue]] = [
            ["account", "country", "BR", "2025-2027"], ["account", "country", "JP", "2025-2027"],
            ["account", "parent-year", "lab-nl", "2026"],
            ["account", "no-such-limit", "KE", "2026"],
        ]
        return names.map { CBORValue.array($0).encoded() }
    }
}

extension StateMap {
    /// Every key with its value, ascending by key.
    var entries: [(key: [UInt8], value: [UInt8])] {
        var entries: [(key: [UInt8], value: [UInt8])] = []
        forEach { entries.append(($0, $1)) }
        return entries.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    }
}
