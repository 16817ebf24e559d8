import APIModel
import Client
import Foundation

extension SigningOptions {
    /// The signer that options, profile and card name together.
    func signer(_ common: CommonOptions) throws -> MemberSigner {
        let profile = try common.profile()
        guard let member = member ?? profile.member else {
            throw UsageError("who signs? Give --member, or run: quotactl profile --member ID")
        }
        guard let origin = origin ?? profile.origin else {
            throw UsageError("which ledger? Give --origin, or run: quotactl profile --origin NAME")
        }
        let secret = try common.memberHome.statementKey(path: key)
        return MemberSigner(member: member, origin: origin, key: secret)
    }

    /// The time on statements in POSIX seconds.
    func time() throws -> UInt64 {
        guard let asOf else { return UInt64(max(0, Date().timeIntervalSince1970)) }
        guard let time = Timestamp(asOf) else {
            throw UsageError(
                "--as-of: expected 2026-03-01 or 2026-03-01T12:00:00Z, got '\(asOf)'"
            )
        }
        return time.seconds
    }
}
