import ArgumentParser
import COSE
import Client
import QuotaCrypto

/// `quotactl key`: the key that signs statements.
struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Makes and shows the key that signs your statements.",
        discussion: """
            The key stands in statement.seed in the member's folder, readable by its owner only. It \
            may stay on a machine without a network: sign there with --out, submit elsewhere.
            """,
        subcommands: [KeyNewCommand.self, KeyShowCommand.self, KeyPossessionCommand.self]
    )
}

/// `quotactl key new`.
struct KeyNewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Makes a new statement key; never replaces one."
    )

    @OptionGroup(title: "Common options") var common: CommonOptions

    func run() throws {
        let key = try common.memberHome.makeStatementKey()
        KeyDocument(key.publicKey, file: common.memberHome.seedFile).show(asJSON: common.json)
    }
}

/// `quotactl key show`.
struct KeyShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows the public half of the statement key, and its thumbprint."
    )

    @OptionGroup(title: "Common options") var common: CommonOptions

    @Option(
        help: ArgumentHelp(
            "The seed file. Default: statement.seed in the folder.",
            valueName: "file"
        )
    )
    var key: String?

    func run() throws {
        let file = key ?? common.memberHome.seedFile
        let secret = try common.memberHome.statementKey(path: key)
        KeyDocument(secret.publicKey, file: file).show(asJSON: common.json)
    }
}

/// `quotactl key possession`.
struct KeyPossessionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "possession",
        abstract: "Proves to a founder that you hold the statement key.",
        discussion: """
            Prints a signature by the key over its own public half, bound to this member and this \
            ledger, so that it serves nobody else.
            """
    )

    @OptionGroup(title: "Common options") var common: CommonOptions
    @OptionGroup(title: "Signing") var signing: SigningOptions

    func run() throws {
        let signer = try signing.signer(common)
        let proof = PossessionDocument(
            member: signer.member,
            origin: signer.origin,
            publicKey: Hex.encode(signer.publicKey.bytes),
            proof: Hex.encode(signer.possession())
        )
        guard !common.json else { return Terminal.writeJSON(proof) }
        Terminal.write("member     \(proof.member)\norigin     \(proof.origin)\n")
        Terminal.write("public     \(proof.publicKey)\nproof      \(proof.proof)\n")
    }

    private struct PossessionDocument: Encodable {
        let member: String
        let origin: String
        let publicKey: String
        let proof: String
    }
}

/// A public key for people to compare.
private struct KeyDocument: Encodable {
    let file: String
    let publicKey: String
    let thumbprint: String

    init(_ key: Ed25519.PublicKey, file: String) {
        self.file = file
        publicKey = Hex.encode(key.bytes)
        thumbprint = COSEKey.thumbprint(key).description
    }

    func show(asJSON: Bool) {
        guard !asJSON else { return Terminal.writeJSON(self) }
        Terminal.write("seed       \(file) (secret: keep one copy offline)\n")
        Terminal.write("public     \(publicKey)\nthumbprint \(thumbprint)\n")
    }
}
