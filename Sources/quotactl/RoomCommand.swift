import APIModel
import ArgumentParser
import Client

/// `quotactl room`: what is left, for whom, for which chip.
struct RoomCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "room",
        abstract: "Says what is left for a country, on every route, and how many chips that is.",
        discussion: """
            Examples:
              quotactl room --country KE
              quotactl room --country MY --sku h100-sxm --consignee dune-malaysia
              quotactl room --country SG --sku h100-sxm --authority LPP --date 2026-06-15
            """
    )

    @OptionGroup(title: "Common options") var common: CommonOptions

    @Option(help: ArgumentHelp("The destination.", valueName: "cc"))
    var country: String

    @Option(help: "The chip; without it no quantity is named.")
    var sku: String?

    @Option(help: ArgumentHelp("The route, as LPP. Default: all routes.", valueName: "route"))
    var authority: String?

    @Option(help: ArgumentHelp("The organisation that receives.", valueName: "id"))
    var consignee: String?

    @Option(help: ArgumentHelp("The member that exports. Default: anybody.", valueName: "id"))
    var exporter: String?

    @Option(help: ArgumentHelp("The day of export. Default: today.", valueName: "date"))
    var date: String?

    func run() async throws {
        let query = RoomQuery(
            country: country,
            authority: authority,
            organisation: consignee,
            sku: sku,
            exporter: exporter,
            date: date
        )
        let room = try await common.withClient { try await $0.room(query) }
        guard !common.json else { return Terminal.writeJSON(room) }
        Terminal.write(
            "\(room.country) under \(room.policy), checkpoint \(room.checkpoint.size), "
                + "\(room.checkpoint.time.text)\n"
        )
        for route in room.routes { Terminal.write(text(route)) }
    }

    private func text(_ route: RouteRoomDocument) -> String {
        var head = "\(route.authority.padding(to: 9))  \(route.isOpen ? "open" : "closed")"
        if let sku, route.isOpen {
            head +=
                route.largestQuantity.map { ": at most \(Amount.grouped($0)) x \(sku)" }
                ?? ": no limit binds \(sku)"
        }
        var lines = [head]
        for reason in route.reasons {
            lines.append("  \(reason.message)" + (reason.citation.map { " [\($0)]" } ?? ""))
        }
        for limit in route.limits {
            let holder = Wording.holder(limit.subject, period: limit.period)
            let left =
                if let room = limit.room, let cap = limit.cap {
                    "\(room.text) left of \(cap.text)"
                } else {
                    "\(limit.consumed.text) counted, no cap"
                }
            let units = limit.largestQuantity.map { ", \(Amount.grouped($0)) units" } ?? ""
            lines.append("  \(limit.limit) \(holder): \(left)\(units) [\(limit.citation)]")
        }
        return lines.map { $0 + "\n" }.joined()
    }
}
