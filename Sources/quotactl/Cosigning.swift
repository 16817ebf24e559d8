import ArgumentParser
import Client
import Foundation
import Ledger
import QuotaCrypto

/// What every command takes whose statement may need further signatures.
struct CosigningOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Your id of the statement, never used twice. Default: made from the time and what it "
                + "says.",
            valueName: "id"
        )
    )
    var id: String?

    @Option(
        help: ArgumentHelp(
            "The seed file of the member's second key, where the policy asks for two.",
            valueName: "file"
        )
    )
    var coKey: String?

    @Option(
        help: ArgumentHelp(
            "Write an unsigned draft to this file, for others to approve first.",
            valueName: "file"
        )
    )
    var draft: String?
}

/// A statement that may need the approval of others, on its way.
struct Cosigned {
    let common: CommonOptions
    let signing: SigningOptions
    let cosigning: CosigningOptions

    /// Signs and submits what `body` says, or writes it as a draft for others to approve.
    func handle(_ body: StatementBody, prefix: String, summary: String) async throws {
        let signer = try signing.signer(common)
        let time = try signing.time()
        let named = signer.draft(body, id: cosigning.id ?? "", at: time)
        // The same act at the same time has the same id, so that a repeated command is no second act.
        let id = cosigning.id ?? "\(prefix)-\(time)-\(Self.mark(of: named.bodyBytes))"
        var draft = signer.draft(body, id: id, at: time)
        if let file = cosigning.draft {
            try HomeFile.write(draft.encoded(), to: file)
            Terminal.write(
                """
                draft      \(file)  \(summary)
                  next     others: quotactl approve \(file)
                           then you: quotactl sign \(file) --approval FILE…

                """
            )
            return
        }
        if let coKey = cosigning.coKey {
            let second = MemberSigner(
                member: signer.member,
                origin: signer.origin,
                key: try common.memberHome.statementKey(path: coKey)
            )
            draft.approvals = [second.approve(draft, at: time)]
        }
        try await Submission(common: common).handle(
            try signer.sign(draft),
            out: signing.out,
            summary: summary
        )
    }

    private static func mark(of body: [UInt8]) -> String {
        Hex.encode(Array(SHA256.hash(body).bytes.prefix(4)))
    }
}

/// `quotactl approve`.
struct ApproveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Shows drafts that somebody else will sign, and approves them.",
        discussion: """
            Approvals are for statements that need more than one signature, such as the return of \
            goods: the issuer writes a draft with --draft, each other signer approves it, the \
            issuer signs with 'quotactl sign'. Your key approves exactly what is shown.

            Examples:
              quotactl approve return-17.draft --out return-17.us-bis.approval
              quotactl approve organisations/*.draft
            """
    )

    @Argument(help: "The draft files.")
    var files: [String]

    @OptionGroup(title: "Common options") var common: CommonOptions
    @OptionGroup(title: "Signing") var signing: SigningOptions

    func validate() throws {
        guard signing.out == nil || files.count == 1 else {
            throw ValidationError("--out takes one approval; leave it out for several drafts.")
        }
    }

    func run() throws {
        let signer = try signing.signer(common)
        let time = try signing.time()
        let drafts = try files.map { file in
            let draft = try DraftFile.read(file)
            guard signer.origin == draft.audience else {
                throw UsageError(
                    "\(file) is for the ledger \(draft.audience), not \(signer.origin)"
                )
            }
            return draft
        }
        let approved = try zip(files, drafts).map { file, draft in
            let target = signing.out ?? "\(file).\(signer.member).approval"
            try HomeFile.write(signer.approve(draft, at: time).bytes, to: target)
            return ApprovedDocument(draft: DraftFile.document(draft), file: target)
        }
        if common.json {
            if let one = approved.first, approved.count == 1 {
                Terminal.writeJSON(one)
            } else {
                Terminal.writeJSON(approved)
            }
            return
        }
        for (draft, approval) in zip(drafts, approved) {
            Terminal.write(DraftFile.text(draft))
            Terminal.write("approved   by \(signer.member): \(approval.file)\n")
        }
    }

    private struct ApprovedDocument: Encodable {
        let draft: DraftFile.Document
        let file: String
    }
}

/// `quotactl sign`.
struct SignCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign",
        abstract: "Signs a draft with the approvals of others, and submits it.",
        discussion: """
            Example:
              quotactl sign return-17.draft --approval return-17.us-bis.approval
            """
    )

    @Argument(help: "The draft file, made by you with --draft.")
    var file: String

    @OptionGroup(title: "Common options") var common: CommonOptions
    @OptionGroup(title: "Signing") var signing: SigningOptions

    @Option(help: ArgumentHelp("An approval; may be repeated.", valueName: "file"))
    var approval: [String] = []

    func run() async throws {
        var draft = try DraftFile.read(file)
        let signer = try signing.signer(common)
        guard signer.member == draft.issuer else {
            throw UsageError("\(file) is a draft of \(draft.issuer); you are \(signer.member)")
        }
        draft.approvals = try approval.map { try DraftFile.approval($0, of: draft.kind) }
        try await Submission(common: common).handle(
            try signer.sign(draft),
            out: signing.out,
            summary: "\(draft.kind.rawValue) with \(draft.approvals.count) approvals"
        )
    }
}
