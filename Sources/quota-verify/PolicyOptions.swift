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

    @OptionGroup var epochs: HandOffOptions

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

    /// Whom to believe.
    ///
    /// - Throws: `Unreadable` if a file cannot be read or is not a policy, or if this machine's
    ///   libsodium does not follow the ledger's rule for signatures, so that nothing could be told;
    ///   `VerificationFailure` if the steps between epochs do not hold.
    func trust() throws -> TrustedEpochs { try Self.trust(policy, epochs) }

    /// Whom to believe, by a policy or else by the steps between epochs; throws as ``trust()`` does.
    static func trust(_ policy: String?, _ epochs: HandOffOptions) throws -> TrustedEpochs {
        if let policy { return .policy(try read(policy)) }
        guard let handOffs = try epochs.verified() else {
            throw ValidationError("give --policy, or --handoffs with --chain-id")
        }
        return .handOffs(handOffs)
    }

    func validate() throws {
        guard (policy == nil) != (epochs.handoffs == nil) else {
            throw ValidationError("give either --policy, or --handoffs with --chain-id")
        }
    }

    /// The trust policy in a file.
    ///
    /// - Throws: `Unreadable` if it cannot be read or is none, or for ``checkLibrary()``.
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
