import APIModel
import ArgumentParser
import Client
import Ledger
import QuotaCrypto
import Verifier

/// `quotactl claim as-seen-by`: what others see of a claim.
struct ClaimAsSeenByCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "as-seen-by",
        abstract: "Shows what everybody sees of a claim, and what stays yours.",
        discussion: """
            Reads the entry from a node as any stranger would, and lists every field in it. Of private \
            values strangers see a salted digest; which of them you can open is taken from your folder.

            Example:
              quotactl claim as-seen-by --public A-2026-004
            """
    )

    @Argument(help: "The claim's id, or the hash of an entry of any kind.")
    var claim: String

    @OptionGroup(title: "Common options") var common: CommonOptions

    @Flag(name: .customLong("public"), help: "What everybody sees. The only view so far.")
    var isPublic = false

    @Option(help: ArgumentHelp("The member that made it. Default: the profile.", valueName: "id"))
    var issuer: String?

    func validate() throws {
        guard isPublic else { throw ValidationError("Give --public.") }
    }

    func run() async throws {
        let issuer = try self.issuer ?? common.profile().member
        let statement = try await common.withClient { client in
            let entry = try await ClaimLookup.entry(claim, issuer: issuer, through: client)
            return try Statement.decode(try await client.statementBytes(entry))
        }
        let view = try view(of: statement)
        guard !common.json else { return Terminal.writeJSON(view) }
        var lines = ["Everybody sees:"]
        lines += view.visible.map { "  \($0.field.padding(to: 24)) \($0.value)" }
        if view.hidden.isEmpty {
            lines.append("Nothing in it is hidden.")
        } else {
            lines.append("Everybody sees only a salted digest of:")
            lines += view.hidden.map { hidden in
                let mine =
                    hidden.value.map { "you know it: \($0.prefix(60))" } ?? "not in your folder"
                return "  \(hidden.field.padding(to: 24)) \(hidden.digest.prefix(16))…  \(mine)"
            }
        }
        Terminal.write(lines.map { $0 + "\n" }.joined())
    }

    private func view(of statement: Statement) throws -> View {
        let identity = statement.identity
        let digests = SaltedDigests(statement)
        let known = try DisclosureBook(home: common.memberHome).openings(
            kind: identity.kind.rawValue,
            subject: identity.subject
        )
        var visible = [
            Visible(field: "kind", value: identity.kind.rawValue),
            Visible(field: "issuer", value: identity.issuer),
            Visible(field: "subject", value: identity.subject),
            Visible(field: "made", value: Timestamp(seconds: statement.issuedAt).text),
        ]
        visible += StatementFacts(statement).facts.map { Visible(field: $0.path, value: $0.value) }
        return View(
            entry: statement.leafHash.description,
            visible: visible,
            hidden: digests.list.map { name, digest in
                Hidden(
                    field: name,
                    digest: digest.description,
                    value: known.last { $0.field == name && $0.digest == digest }?.value
                )
            }
        )
    }

    private struct Visible: Encodable {
        let field: String
        let value: String
    }

    private struct Hidden: Encodable {
        let field: String
        let digest: String
        let value: String?
    }

    private struct View: Encodable {
        let entry: String
        let visible: [Visible]
        let hidden: [Hidden]
    }
}
