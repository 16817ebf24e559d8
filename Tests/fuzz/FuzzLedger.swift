import CBOR
import COSE
import MerkleLog
import QuotaCrypto
import QuotaRules
import StateMap
import Transparency
import Verifier

@testable import Ledger

/// One input for what reads statements, blocks, entries of the state map, rules, or a file that proves something.
///
/// - Parameters:
///   - choice: Which of them; every number means one.
///   - bytes: What it reads.
func readLedger(_ choice: UInt8, _ bytes: [UInt8]) {
    switch choice {
    case 16: readStatement(bytes)
    case 17: readContent(bytes)
    case 18: expectOneForm(bytes, { try Block.decode($0) }, { $0.encoded() })
    case 19: expectOneForm(bytes, { try BlockHeader.decode($0) }, { $0.encoded() })
    case 20: expectOneForm(bytes, { try StatementDraft.decode($0) }, { $0.encoded() })
    case 21: readEntry(bytes)
    case 22:
        expectOneForm(
            bytes,
            { try Policy.decode(try CBORValue.decode($0)) },
            { $0.encoded.encoded() }
        )
    case 23:
        expectOneForm(
            bytes,
            { try ChipCatalogue.decode(try CBORValue.decode($0)) },
            { $0.encoded.encoded() }
        )
    case 24: expectOneForm(bytes, { try COSESign1.decode($0) }, { $0.encoded() })
    case 25: expectOneForm(bytes, { try TransparentStatement.decode($0) }, { $0.encoded() })
    case 26: expectOneForm(bytes, { try TotalProof.decode($0) }, { $0.encoded() })
    case 27: expectOneForm(bytes, { try SignedNote($0) }, { $0.bytes })
    case 28: expectOneForm(bytes, { try ValidatorKeys.decode($0) }, { ValidatorKeys.encode($0) })
    case 29: _ = try? TrustPolicy(bytes)
    case 30: _ = try? WitnessRequest(bytes)
    case 31: _ = try? UnverifiedHandOffs(bytes)
    case 32: _ = try? UnverifiedDisclosure(bytes)
    case 33: _ = try? UnverifiedCertificate(bytes)
    case 34: _ = try? UnverifiedEvidence(bytes)
    case 35: _ = try? UnverifiedTotal(bytes)
    case 36: expectOneForm(bytes, { try IntakeReceipt($0) }, { $0.bytes })
    default: _ = try? EntryBundle.decode(bytes, count: Int(choice))
    }
}

/// A statement as it comes in, and as the first one of a ledger.
private func readStatement(_ bytes: [UInt8]) {
    guard let statement = try? Statement.decode(bytes) else { return }
    precondition(statement.bytes == bytes, "a statement of other bytes")
    _ = try? LedgerState.genesis(bytes)
}

/// The payload of a statement of the kind that the first byte names, without the envelope around it.
private func readContent(_ bytes: [UInt8]) {
    guard let first = bytes.first else { return }
    let kinds = StatementKind.allCases
    _ = try? StatementContent.decode(
        Array(bytes.dropFirst()),
        kind: kinds[Int(first) % kinds.count]
    )
}

/// An entry `[key, value]` of a map that a peer sent, as a node that joins reads it.
private func readEntry(_ bytes: [UInt8]) {
    guard case .array(let pair)? = try? CBORValue.decode(bytes), pair.count == 2,
        case .bytes(let key) = pair[0], case .bytes(let value) = pair[1]
    else { return }
    var tables = SnapshotTables()
    try? tables.read(key, value)
    expectOneForm(value, { try ClaimRecord.decode($0) }, { $0.encoded() })
    expectOneForm(value, { try AccountTotal.decode($0) }, { $0.encoded() })
    expectOneForm(value, { try DecisionRecord.decode($0) }, { $0.encoded() })
    expectOneForm(value, { try InventoryRecord.decode($0) }, { $0.encoded() })
    expectOneForm(value, { try OverrideRecord.decode($0) }, { $0.encoded() })
    expectOneForm(value, { try ProposalRecord.decode($0) }, { $0.encoded() })
    expectOneForm(value, { try Registration.decode($0) }, { $0.encoded() })
    expectOneForm(value, { try SuspensionRecord.decode($0) }, { $0.encoded() })
    expectOneForm(value, { try TagRecord.decode($0) }, { $0.encoded() })
    expectOneForm(value, { try Epoch.decode($0) }, { $0.encoded() })
}
