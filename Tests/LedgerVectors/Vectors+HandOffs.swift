import Ledger
public import QuotaCrypto
public import Transparency
public import Verifier

extension Vectors {
    /// The steps from the founders of a ledger to the validators of its third epoch, what follows from
    /// them, and steps that lead nowhere.
    static func handOffs() throws -> VectorValue {
        let ledger = try EpochLedger()
        let file = ledger.file
        let verified = try file.verify(chainID: ledger.last.chainID)
        let (first, second) = (file.steps[0], file.steps[1])
        let few = try SignedNote(
            text: first.note.text,
            signatures: Array(first.note.signatures.prefix(4))
        )
        let refused: [(String, [HandOff])] = [
            ("a step twice", [first, first]),
            ("two of four cosigned", [first.with(note: few), second]),
            ("the header of another block", [first.with(header: second.header), second]),
            ("the path of another block", [first.with(path: second.path), second]),
            ("other validators", [first.with(validators: second.validators), second]),
        ]
        for (why, steps) in refused {
            let wrong = UnverifiedHandOffs(genesis: file.genesis, steps: steps)
            guard (try? wrong.verify(chainID: verified.chainID)) == nil else {
                throw AcceptedStep(why: why)
            }
        }
        return [
            "origin": .text(verified.origin), "chainID": .digest(verified.chainID),
            "file": .bytes(file.encoded()),
            "epochs": .list(verified.epochs.map { $0.vector }),
            "refused": .list(
                refused.map { why, steps in
                    let bytes = UnverifiedHandOffs(genesis: file.genesis, steps: steps).encoded()
                    return ["why": .text(why), "file": .bytes(bytes)]
                }
            ),
        ]
    }
}

private struct AcceptedStep: Error {
    let why: String
}

extension HandOff {
    /// This step with some of its parts replaced.
    public func with(
        note: SignedNote? = nil,
        header: [UInt8]? = nil,
        path: [Digest]? = nil,
        validators: [ValidatorKeys]? = nil
    ) -> HandOff {
        HandOff(
            note: note ?? self.note,
            header: header ?? self.header,
            path: path ?? self.path,
            validators: validators ?? self.validators
        )
    }
}

extension VerifiedHandOffs.Epoch {
    fileprivate var vector: VectorValue {
        [
            "number": .number(number), "end": end.map { .number($0) } ?? .null,
            "digest": .digest(ValidatorKeys.digest(of: validators)),
            "validators": .list(
                validators.map {
                    [
                        "id": .text($0.id), "role": .text($0.role), "vote": .key($0.vote),
                        "log": .key($0.log), "cosigner": .key($0.cosigner),
                    ]
                }
            ),
            "policy": .text(policy.text),
        ]
    }
}
