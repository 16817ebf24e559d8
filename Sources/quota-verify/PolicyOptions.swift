import ArgumentParser
import Foundation
import LogReader
import QuotaCrypto
import Transparency

/// What every command takes: whom to trust, and how to answer.
struct PolicyOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The trust policy: a C2SP tlog-policy file with log, witness, group and quorum lines.",
            valueName: "file"
        )
    )
    var policy: String

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
    func trustPolicy() throws -> TrustPolicy { try Self.read(policy) }

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
