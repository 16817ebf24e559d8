import ArgumentParser
import Foundation
import LogReader
import QuotaCrypto
import Transparency
import Verifier

/// What every command takes: whom to trust, and how to answer.
struct PolicyOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The trust policy: a C2SP tlog-policy file with log, witness, group and quorum lines.",
            valueName: "file"
        )
    )
    var policy: String?

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

    @Flag(help: "Answer in JSON.")
    var json = false

    @Option(
        help: ArgumentHelp(
            "The time to judge freshness by, in POSIX seconds. Default: this machine's clock.",
            valueName: "seconds"
        )
    )
    var now: UInt64?

    @Option(
        help: ArgumentHelp(
            "Refuse if the newest quorum of signatures is older than this many seconds.",
            valueName: "seconds"
        )
    )
    var maxAge: UInt64?

    /// The time to judge freshness by.
    var time: UInt64 { now ?? UInt64(max(0, Date().timeIntervalSince1970)) }

    /// The trust policy.
    ///
    /// - Throws: `Unreadable` if the file cannot be read or is not a policy, or if this machine's
    ///   libsodium does not follow the ledger's rule for signatures, so that nothing could be told.
    func trustPolicy() throws -> TrustPolicy {
        if let policy { return try Self.read(policy) }
        guard let handOffs = try verifiedHandOffs() else {
            throw ValidationError("give --policy, or --handoffs with --chain-id")
        }
        return handOffs.present.policy
    }

    func validate() throws {
        guard (policy == nil) != (handoffs == nil) else {
            throw ValidationError("give either --policy, or --handoffs with --chain-id")
        }
        guard (handoffs == nil) == (chainID == nil) else {
            throw ValidationError("--handoffs and --chain-id go together")
        }
    }

    /// The validators of all epochs, if the caller gave the steps and the hash that they begin with.
    func verifiedHandOffs() throws -> VerifiedHandOffs? {
        guard let handoffs, let chainID else { return nil }
        try Self.checkLibrary()
        guard let hash = Hex.decode(chainID).flatMap({ Digest($0) }) else {
            throw ValidationError("--chain-id: expected 64 hexadecimal digits")
        }
        let bytes = try InputFile.read(handoffs, limit: UnverifiedHandOffs.byteCountMax)
        return try UnverifiedHandOffs(bytes).verify(chainID: hash)
    }

    /// The trust policy in a file, see ``trustPolicy()``.
    static func read(_ policy: String) throws -> TrustPolicy {
        try checkLibrary()
        let bytes = try InputFile.read(policy, limit: TrustPolicy.byteCountMax)
        do throws(TrustPolicyError) {
            return try TrustPolicy(bytes)
        } catch {
            throw Unreadable(policy, error.description)
        }
    }

    /// Refuses a libsodium that does not follow the ledger's rule for signatures.
    static func checkLibrary() throws {
        do throws(CryptoError) {
            try Ed25519.checkLibrary()
        } catch {
            throw Unreadable("libsodium", "\(error)")
        }
    }
}
