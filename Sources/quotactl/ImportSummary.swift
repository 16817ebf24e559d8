import APIModel
import ArgumentParser
import Client

/// How many of a table's entries ended how, with a line for each that was refused.
struct ImportSummary: Encodable {
    struct Entry: Encodable {
        let id: String
        let state: String
        var entry: String?
        var refusal: RefusalDocument?
    }

    private(set) var entries: [Entry] = []

    func count(_ state: String) -> Int { entries.count { $0.state == state } }

    mutating func note(_ id: String, _ state: String) {
        entries.append(Entry(id: id, state: state))
    }

    mutating func note(_ id: String, _ outcome: SubmissionOutcome) {
        switch outcome {
        case .final(let final):
            let state = final.isDuplicate ? "already-there" : "admitted"
            entries.append(Entry(id: id, state: state, entry: final.entry))
        case .refused(let refusal):
            entries.append(Entry(id: id, state: "refused", refusal: refusal))
        case .pending(let pending):
            entries.append(Entry(id: id, state: "pending", entry: pending.entry))
        case .poolFull: entries.append(Entry(id: id, state: "not-taken"))
        }
    }

    mutating func note(_ id: String, _ result: ClaimImport.Result) {
        switch result {
        case .admitted(let final):
            entries.append(Entry(id: id, state: "admitted", entry: final.entry))
        case .alreadyThere(let entry):
            entries.append(Entry(id: id, state: "already-there", entry: entry))
        case .refused(let refusal):
            entries.append(Entry(id: id, state: "refused", refusal: refusal))
        case .pending(let pending):
            entries.append(Entry(id: id, state: "pending", entry: pending.entry))
        case .notTaken: entries.append(Entry(id: id, state: "not-taken"))
        }
    }

    /// Prints the summary and ends with 1 if something was refused, 3 if something is open.
    func finish(asJSON: Bool, noun: String) throws {
        if asJSON {
            Terminal.writeJSON(self)
        } else {
            for entry in entries { Terminal.write(Self.text(entry)) }
            Terminal.write(
                "\n\(entries.count) \(noun)\(entries.count == 1 ? "" : "s"): \(counts)\n"
            )
        }
        if count("pending") + count("not-taken") > 0 {
            throw ExitCode(Ending.Exit.unknown.rawValue)
        }
        if count("refused") > 0 { throw ExitCode(Ending.Exit.refused.rawValue) }
    }

    private var counts: String {
        var parts = [
            "\(count("admitted")) admitted", "\(count("refused")) refused",
            "\(count("already-there")) already there",
        ]
        let open = count("pending") + count("not-taken")
        if open > 0 { parts.append("\(open) not final yet: run the same command again") }
        return parts.joined(separator: ", ")
    }

    private static func text(_ entry: Entry) -> String {
        let word = entry.state == "already-there" ? "there" : entry.state
        var lines = ["\(word.padding(to: 9))  \(entry.id)" + (entry.entry.map { "  \($0)" } ?? "")]
        if let refusal = entry.refusal {
            lines += (["code     \(refusal.code)"] + Wording.refusal(refusal)).map { "  " + $0 }
        }
        return lines.map { $0 + "\n" }.joined()
    }
}
