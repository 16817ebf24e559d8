import APIModel
import ArgumentParser
import Client
import Ledger
import QuotaRules
import Testing

@testable import quotactl

@Suite struct QuotactlArgumentTests {
    private func parse<Command: ParsableCommand>(
        _ line: String,
        as type: Command.Type = Command.self
    ) throws -> Command {
        let arguments = line.split(separator: " ").map(String.init)
        return try #require(try Quotactl.parseAsRoot(arguments) as? Command)
    }

    @Test(arguments: [
        "--home h room --country KE", "room --home h --country KE", "room --country KE --home h",
    ])
    func `common options stand before or after the command`(line: String) throws {
        let command: RoomCommand = try parse(line)
        #expect(command.common.home == "h")
        #expect(command.country == "KE")
    }

    @Test func `a claim is read with all its parts`() throws {
        let command: ClaimNewCommand = try parse(
            "claim new A-1 --authority LPP --destination KE --consignee kenya-lab --line h100=3"
                + " --line l4=2 --exported 2026-01-01 --evidence lpp-certification --out a.cose"
        )
        let folder = try TemporaryFolder()
        let body = try command.claim.body(id: "A-1", book: DisclosureBook(home: folder.home))
        #expect(body.lines.map(\.sku) == ["h100", "l4"])
        #expect(body.lines.map(\.quantity) == [3, 2])
        #expect(command.claim.summary == "3 x h100, 2 x l4 to KE under LPP")
        #expect(command.signing.out == "a.cose")
    }

    @Test(arguments: ["h100", "h100=", "=3", "h100=0", "h100=-1", "h100=1=2", "h100=1.5"])
    func `a line of goods in another form is refused`(line: String) throws {
        let command: ClaimNewCommand = try parse(
            "claim new A-1 --authority LPP --destination KE --consignee x --line \(line)"
                + " --exported 2026-01-01"
        )
        let folder = try TemporaryFolder()
        #expect(throws: UsageError.self) {
            try command.claim.body(id: "A-1", book: DisclosureBook(home: folder.home))
        }
    }

    @Test(arguments: [
        "room", "claim new", "claim import", "claim import a.csv --out x",
        "report country --csv --json",
        "organisation new a --location MY --name A --parent g", "claim list --colour red",
        "nothing",
    ])
    func `wrong usage ends with exit code 2`(line: String) {
        let arguments = line.split(separator: " ").map(String.init)
        do {
            _ = try Quotactl.parseAsRoot(arguments)
            Issue.record("accepted: \(line)")
        } catch {
            #expect(Ending(error).exit == .usage)
        }
    }

    @Test func `a proof is of a total unless said otherwise`() throws {
        let short: ProofTotalCommand = try parse("proof MY")
        let long: ProofTotalCommand = try parse("proof total MY --out my.tlog-proof")
        #expect(short.country == "MY")
        #expect(long.out == "my.tlog-proof")
    }

    @Test func `what was refused and what is unknown have exit codes of their own`() {
        let refused = ClientError.problem(.malformed("limit-exceeded", field: nil, "no"))
        #expect(Ending(refused).exit == .refused)
        #expect(Ending(refused).code == "limit-exceeded")
        #expect(Ending(ClientError.unreachable([])).exit == .unknown)
        #expect(
            Ending(ClientError.notFinal(entry: "00", notice: nil, intakes: [])).exit == .unknown
        )
        #expect(Ending(ClientError.noNodes).exit == .usage)
    }

    @Test(arguments: [
        "key new", "key show", "key possession", "profile", "member card", "organisation new",
        "organisation import", "organisation list", "room", "claim new", "claim import",
        "claim status", "claim list", "claim cancel", "receipt", "proof total", "report country",
        "submit", "claim amend", "claim consent", "claim licence", "claim test", "claim ship",
        "claim accept", "claim presence", "claim transfer", "claim return", "claim lost",
        "claim found", "claim retire", "claim dispute", "claim disclosed", "tag", "facility new",
        "storage",
        "inventory", "propose policy", "propose withdraw", "propose catalogue", "propose member",
        "propose key", "propose expel", "propose release", "propose organisation",
        "propose allocation", "propose agreement", "propose override", "propose event",
        "proposal list", "proposal show", "facility list", "vote", "suspend",
        "approve", "sign",
    ])
    func `every command has help`(line: String) {
        let arguments = line.split(separator: " ").map(String.init) + ["--help"]
        do {
            // Parsing gives the command that prints the help and ends.
            var command = try Quotactl.parseAsRoot(arguments)
            try command.run()
            Issue.record("no help: \(line)")
        } catch {
            #expect(Ending(error).exit == .success)
            #expect(Ending(error).message.contains("USAGE: quotactl \(line)"))
        }
    }
}
