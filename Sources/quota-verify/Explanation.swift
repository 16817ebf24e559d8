import Consensus
import Ledger
import QuotaCrypto
import Transparency
import Verifier
import Votes

/// What a file is, what it proves if its signatures hold, and what it does not.
struct Explanation: Encodable {
    /// The kind of file, for programs.
    let kind: String
    /// What it is, a sentence.
    let about: String
    /// What is written in it, a sentence each; nothing of it is checked yet.
    let says: [String]
    /// What follows if the check passes, a sentence each.
    let proves: [String]
    /// What does not follow, a sentence each.
    let doesNotProve: [String]
    /// The command that checks it; FILE and POLICY stand for names.
    let check: String

    /// What every proof of this ledger leaves open.
    static let selfReported =
        "that what was reported is true, or that everything that happened was reported"

    /// The explanation of a file by its contents; nil if they are nothing that this program knows.
    init?(_ bytes: [UInt8]) {
        guard
            let explanation = Self.statement(bytes) ?? Self.state(bytes) ?? Self.evidence(bytes)
                ?? Self.checkpoint(bytes) ?? Self.disclosure(bytes)
                ?? Self.certificate(bytes) ?? Self.handOffs(bytes) ?? Self.votes(bytes)
                ?? Self.pack(bytes) ?? Self.intake(bytes)
        else { return nil }
        self = explanation
    }

    init(
        kind: String,
        about: String,
        says: [String],
        proves: [String],
        doesNotProve: [String],
        check: String
    ) {
        self.kind = kind
        self.about = about
        self.says = says
        self.proves = proves
        self.doesNotProve = doesNotProve
        self.check = check
    }

    private static func statement(_ bytes: [UInt8]) -> Explanation? {
        guard let file = try? UnverifiedTransparentStatement(bytes) else { return nil }
        let identity = file.statement.identity
        let what = "the \(identity.kind.rawValue) '\(identity.subject)' by \(identity.issuer)"
        var says = [
            "It is for the ledger \(file.statement.audience), made "
                + "\(Words.time(file.statement.issuedAt)).",
            "Its entry is \(file.statement.leafHash).",
        ]
        if case .evidence(let body) = file.statement.body {
            says.append("It says that \(body.sentence), and holds both votes.")
        }
        guard !file.receipts.isEmpty else {
            return Explanation(
                kind: "statement",
                about: "A signed statement: \(what), without receipts.",
                says: says,
                proves: ["that the holder of the issuer's key signed it."],
                doesNotProve: [
                    "that it is in the ledger, or was ever sent to it;", selfReported + ".",
                ],
                check: "ask for it with receipts: quotactl receipt \(file.statement.leafHash)"
            )
        }
        return Explanation(
            kind: "receipt",
            about: "A statement with \(Words.count(file.receipts.count, "receipt")): \(what).",
            says: says,
            proves: [
                "that exactly these bytes are an entry of the ledger, at the place the receipts name;",
                "that as many validators as the trust policy asks for say so over one tree.",
            ],
            doesNotProve: [
                "that the statement still counts: a later entry may cancel it;",
                "what hides behind the digests in it;",
                selfReported + ".",
            ],
            check: "quota-verify receipt FILE --policy POLICY"
        )
    }

    private static func intake(_ bytes: [UInt8]) -> Explanation? {
        guard let receipt = (try? UnverifiedIntake(bytes))?.receipt else { return nil }
        return Explanation(
            kind: "intake",
            about: "A node's word that it took a statement: the \(receipt.statement).",
            says: [
                "It is of the node of \(receipt.node) of \(receipt.origin), at \(Words.time(receipt.time)).",
                "The node held block \(receipt.head.height), \(receipt.head.size) leaves.",
            ],
            proves: ["that the node knew of the statement, if the key is its own."],
            doesNotProve: [
                "that the statement is in the ledger, or will be: compare it with a later checkpoint;",
                "that the node told the others.",
            ],
            check: "quota-verify intake FILE --policy POLICY"
        )
    }

    private static func state(_ bytes: [UInt8]) -> Explanation? {
        guard let file = try? UnverifiedStateEntry(bytes) else { return nil }
        let says = [
            "Its state is that after block \(file.header.height), of \(Words.time(file.header.time)).",
            "The checkpoint has size \(file.header.treeSize).",
        ]
        let limits = ["that it is the newest state: later entries may have changed it;"]
        guard file.isPresent else {
            return Explanation(
                kind: "absence",
                about: "A proof that something is not in the ledger: \(file.key).",
                says: says,
                proves: ["that at this checkpoint the ledger's state holds nothing of that name."],
                doesNotProve: limits + [
                    "that the name is spelt as the ledger spells it: compare it;",
                    "that the thing does not exist outside the ledger.",
                ],
                check: "quota-verify absence FILE --policy POLICY"
            )
        }
        let isAccount = file.key.kind == "account"
        return Explanation(
            kind: isAccount ? "total" : "state",
            about: "A proof of what the ledger's state holds: \(file.key).",
            says: says,
            proves: [
                "that at this checkpoint the state that the validators signed holds exactly this value"
                    + (isAccount ? ": what was consumed, and the cap." : ".")
            ],
            doesNotProve: limits + [
                "that each booking followed the rules, except by the word of the signers "
                    + "('quota-verify audit' replays them all);",
                selfReported + ".",
            ],
            check: "quota-verify total FILE --policy POLICY"
        )
    }

    private static func evidence(_ bytes: [UInt8]) -> Explanation? {
        guard let file = try? UnverifiedEvidence(bytes) else { return nil }
        return Explanation(
            kind: "evidence",
            about: "Evidence that somebody signed two different ledgers under one name.",
            says: file.keys.map { "It accuses the key \($0.vkey)." },
            proves: [
                "that the holder of each of these keys signed two trees of which at most one can be the "
                    + "ledger's; nobody's word is needed for that."
            ],
            doesNotProve: [
                "which of the two is the true one;",
                "whose keys they are, unless a trust policy lists them;",
                "that it was meant: a stolen key convicts as well.",
            ],
            check: "quota-verify evidence FILE"
        )
    }

    private static func disclosure(_ bytes: [UInt8]) -> Explanation? {
        guard let file = try? UnverifiedDisclosure(bytes) else { return nil }
        let identity = file.statement.statement.identity
        return Explanation(
            kind: "disclosure",
            about: "A statement with opened values: the \(identity.kind.rawValue) "
                + "'\(identity.subject)' by \(identity.issuer).",
            says: file.openings.map { "It opens \($0.field): \($0.value)" },
            proves: [
                "that the issuer fixed exactly these values when it signed the statement;",
                "that the statement is an entry of the ledger.",
            ],
            doesNotProve: ["that the values are true;", "what the closed values are."],
            check: "quota-verify disclosure FILE --policy POLICY"
        )
    }

    private static func certificate(_ bytes: [UInt8]) -> Explanation? {
        guard let file = try? UnverifiedCertificate(bytes) else { return nil }
        let identity = file.statement.statement.identity
        return Explanation(
            kind: "certificate",
            about: "A certificate of the \(identity.kind.rawValue) '\(identity.subject)' by "
                + "\(identity.issuer), made \(Words.time(file.madeAt)) as it says.",
            says: ["It carries the proof as an attached file of \(file.attachment.count) bytes."],
            proves: [
                "that the statement is an entry of the ledger, and every word on the page follows from it."
            ],
            doesNotProve: [
                "that the statement still counts: a later entry may cancel it;", selfReported + ".",
            ],
            check: "quota-verify certificate FILE --policy POLICY"
        )
    }

    private static func handOffs(_ bytes: [UInt8]) -> Explanation? {
        guard let file = try? UnverifiedHandOffs(bytes) else { return nil }
        let ids = file.steps.last?.validators.map(\.id).sorted().joined(separator: ", ")
        return Explanation(
            kind: "handoffs",
            about: "The steps from a ledger's founders to its validators, through "
                + "\(Words.count(file.steps.count + 1, "epoch")).",
            says: [
                "Its genesis statement has the hash \(SHA256.hash(file.genesis)).",
                ids.map { "The last step names \($0)." }
                    ?? "The founders are still the validators.",
            ],
            proves: [
                "that these founders began the ledger, if the hash is the one that you got from somebody "
                    + "you trust;",
                "that every later set of validators was named by a quorum of the set before it.",
            ],
            doesNotProve: [
                "that no epoch followed: a newer file may have more steps;",
                "what is in the ledger: with --handoffs FILE in place of --policy, every command checks "
                    + "that by these validators.",
            ],
            check: "quota-verify consistency --old CHECKPOINT --new CHECKPOINT --handoffs FILE "
                + "--chain-id HASH"
        )
    }

    private static func votes(_ bytes: [UInt8]) -> Explanation? {
        guard let file = try? EvidenceFile.decode(bytes) else { return nil }
        return Explanation(
            kind: "votes",
            about: "Evidence of \(Words.count(file.pairs.count, "pair")) of votes that contradict "
                + "each other.",
            says: [
                "They are of the chain \(file.chainID), epoch \(file.epoch).",
                "It accuses the validators at the positions "
                    + Set(file.pairs.map(\.member)).sorted().map { "\($0)" }
                    .joined(separator: ", ") + ", counted from 0 in the order of their ids.",
            ],
            proves: [
                "that each of these validators signed two votes that no correct one signs together."
            ],
            doesNotProve: [
                "that the others followed the rules;",
                "that it was meant: a stolen key convicts as well.",
            ],
            check: "quota-verify evidence FILE --handoffs HANDOFFS --chain-id HASH"
        )
    }

    private static func pack(_ bytes: [UInt8]) -> Explanation? {
        guard let pack = try? Pack(bytes) else { return nil }
        return Explanation(
            kind: "pack",
            about: "A proof pack of the ledger \(pack.origin): "
                + "\(Words.count(pack.totals.count, "total")), each with its proof.",
            says: ["All are of the checkpoint of size \(pack.size), root \(pack.root)."],
            proves: [
                "that at this checkpoint every account in it held exactly what the pack says."
            ],
            doesNotProve: [
                "that the pack names every account ('quota-verify audit' replays them all);",
                "that it is the newest state: later entries may have changed it;",
                selfReported + ".",
            ],
            check: "quota-verify pack FILE --policy POLICY"
        )
    }

    private static func checkpoint(_ bytes: [UInt8]) -> Explanation? {
        guard let note = try? SignedNote(bytes), let head = try? Checkpoint(text: note.text) else {
            return nil
        }
        return Explanation(
            kind: "checkpoint",
            about: "A signed checkpoint of the ledger \(head.origin).",
            says: [
                "Size \(head.size), root \(head.root).",
                "\(Words.count(note.signatures.count, "signature line")), by "
                    + note.signatures.map(\.name).uniqued.joined(separator: ", ") + ".",
            ],
            proves: [
                "that the signers saw a ledger of this size with this root, each at the time it states."
            ],
            doesNotProve: [
                "what is in the ledger: that takes a receipt, a total, or an audit;",
                "that nobody was shown another ledger: compare checkpoints with others.",
            ],
            check: "quota-verify consistency --old FILE --new FILE --policy POLICY"
        )
    }
}

extension [String] {
    /// Each text once, at its first place.
    fileprivate var uniqued: [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}
