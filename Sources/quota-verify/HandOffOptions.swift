import ArgumentParser
import LogReader
import QuotaCrypto
import Verifier

/// The steps from a ledger's founders to its present validators, and the hash that they begin with.
struct HandOffOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Instead of a policy: the steps from the founders to the present validators.",
            discussion: "What a node answers at /v1/handoffs; checked from --chain-id on.",
            valueName: "file"
        )
    )
    var handoffs: String?

    @Option(
        name: .customLong("chain-id"),
        help: ArgumentHelp(
            "SHA-256 of the ledger's genesis statement, which --handoffs is checked by.",
            valueName: "hex"
        )
    )
    var chainID: String?

    func validate() throws {
        guard (handoffs == nil) == (chainID == nil) else {
            throw ValidationError("--handoffs and --chain-id go together")
        }
    }

    /// The validators of all epochs, if the caller gave the steps and the hash that they begin with.
    func verified() throws -> VerifiedHandOffs? {
        guard let handoffs, let hash = try hash() else { return nil }
        try PolicyOptions.checkLibrary()
        let bytes = try InputFile.read(handoffs, limit: UnverifiedHandOffs.byteCountMax)
        return try UnverifiedHandOffs(bytes).verify(chainID: hash)
    }

    /// The hash of the genesis statement, if it was given.
    func hash() throws -> Digest? {
        guard let chainID else { return nil }
        guard let hash = Hex.decode(chainID).flatMap({ Digest($0) }) else {
            throw ValidationError("--chain-id: expected 64 hexadecimal digits")
        }
        return hash
    }
}
