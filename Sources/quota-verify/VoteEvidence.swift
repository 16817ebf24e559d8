import Consensus
import Ledger
import LogReader
import QuotaCrypto
import Verifier
import Votes

/// Judges a file of contradicting votes, for `quota-verify evidence`.
struct VoteEvidence {
    /// The path of the genesis statement, which names the chain and its founders' vote keys.
    let genesis: String?
    /// The path of a list of vote keys, used if there is no genesis statement.
    let keys: String?
    /// The validators of all epochs, used if there is neither.
    let epochs: VerifiedHandOffs?

    /// Says whom the file convicts.
    ///
    /// - Throws: `Unreadable` if the trusted keys cannot be read.
    func judge(_ bytes: [UInt8]) throws -> Report<VoteEvidenceFacts> {
        let evidence: EvidenceFile
        do throws(MessageError) {
            evidence = try EvidenceFile.decode(bytes)
        } catch {
            return refusal("malformed", "not an evidence file: \(error)")
        }
        return try judge(evidence, trustedSet(ofEpoch: evidence.epoch))
    }

    /// Who votes on which chain.
    private struct Electorate {
        let chainID: Digest?
        let names: [String]
        let keys: [Ed25519.PublicKey]
    }

    private func trustedSet(ofEpoch number: UInt64) throws -> Electorate {
        if genesis == nil, keys == nil, let epochs {
            guard let epoch = epochs.epochs.first(where: { $0.number == number }) else {
                throw Unreadable("--handoffs", "the steps do not lead to epoch \(number)")
            }
            let validators = epoch.validators.sorted { $0.id < $1.id }
            return Electorate(
                chainID: epochs.chainID,
                names: validators.map(\.id),
                keys: validators.map(\.vote)
            )
        }
        guard let genesis else { return try listedKeys() }
        let bytes = try InputFile.read(genesis, limit: Statement.maximumBytes)
        do throws(LedgerError) {
            let state = try LedgerState.genesis(bytes).state
            return Electorate(
                chainID: state.chainID,
                names: state.validators.map(\.id),
                keys: state.validators.map(\.node.vote)
            )
        } catch {
            throw Unreadable(genesis, error.description)
        }
    }

    private func listedKeys() throws -> Electorate {
        guard let path = keys else {
            throw Unreadable(
                "votes",
                "give --genesis, --keys or --handoffs to say whose vote keys are trusted"
            )
        }
        let text = String(decoding: try InputFile.read(path, limit: 1 << 16), as: UTF8.self)
        let lines = text.split(whereSeparator: \.isNewline)
        let keys = try lines.enumerated().map { number, line in
            guard let bytes = Hex.decode(String(line)), let key = try? Ed25519.PublicKey(bytes)
            else {
                throw Unreadable(path, "line \(number + 1) is no Ed25519 key in hexadecimal")
            }
            return key
        }
        guard (1...Limits.memberMax).contains(keys.count) else {
            throw Unreadable(path, "expected 1 to \(Limits.memberMax) keys")
        }
        return Electorate(
            chainID: nil,
            names: keys.indices.map { "validator \($0)" },
            keys: keys
        )
    }

    private func judge(
        _ evidence: EvidenceFile,
        _ trusted: Electorate
    ) throws -> Report<VoteEvidenceFacts> {
        if let chainID = trusted.chainID, chainID != evidence.chainID {
            return refusal("chain", "the votes are of the chain \(evidence.chainID)")
        }
        guard !evidence.pairs.isEmpty else { return refusal("empty", "the file accuses nobody") }
        let convicted: [Int]
        do throws(EvidenceFile.Unproven) {
            convicted = try evidence.convicted(by: Ed25519VoteVerifier(keys: trusted.keys))
        } catch {
            return refusal(
                "signature",
                "pair \(error.index + 1) is not signed by validator \(error.member), whom it accuses"
            )
        }
        return verdict(evidence, convicted, trusted)
    }

    private func verdict(
        _ evidence: EvidenceFile,
        _ convicted: [Int],
        _ trusted: Electorate
    ) -> Report<VoteEvidenceFacts> {
        let names = convicted.map { trusted.names[$0] }
        let faultyMax = Committee(count: trusted.keys.count, seal: .zero).faultyMax
        var details = evidence.pairs.map { pair in
            "\(trusted.names[pair.member]) in view \(pair.first.view): \(pair.offence.sentence)."
        }
        details.append(
            "The chain is \(evidence.chainID), the epoch \(evidence.epoch), of "
                + "\(trusted.keys.count) validators with at most \(faultyMax) faulty."
        )
        return Report(
            verdict: .proven,
            summary: "\(names.joined(separator: ", ")) broke the voting rules.",
            details: details,
            notProven: [
                "that the others followed them;",
                convicted.count > faultyMax
                    ? "that the chain forked, though so many could have done it."
                    : "that the chain forked: \(convicted.count) of \(trusted.keys.count) cannot do it.",
            ],
            facts: VoteEvidenceFacts(
                chainID: evidence.chainID.description,
                epoch: evidence.epoch,
                convicted: convicted,
                names: names,
                validators: trusted.keys.count,
                faultyMax: faultyMax
            )
        )
    }

    private func refusal(_ code: String, _ message: String) -> Report<VoteEvidenceFacts> {
        Report(
            verdict: .disproven,
            summary: "This does not prove that a validator broke the voting rules.",
            reasons: [.init(code: code, message: message)]
        )
    }
}

/// Proven guilt as data.
struct VoteEvidenceFacts: Encodable {
    let chainID: String
    let epoch: UInt64
    /// Positions of the convicted in the list of validators.
    let convicted: [Int]
    let names: [String]
    let validators: Int
    let faultyMax: Int
}
