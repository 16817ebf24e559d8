extension ReportDocument {
    /// The report for people: a head, notes, one aligned table a section; lines end with a newline.
    public var text: String {
        var text = "\(title)\n\(place.words)"
        for note in notes { text += "\(note)\n" }
        for section in sections { text += "\n\(section.text)" }
        return text
    }
}

extension ReportPlace {
    /// Ledger, checkpoint and rules, a line each.
    var words: String {
        "\(origin), checkpoint \(size), block \(height) of \(ReportTime.text(time))\n"
            + "root \(root)\n" + "policy \(policy), catalogue \(catalogue)\n"
    }
}

extension ReportSection {
    /// The section for people.
    public var text: String {
        var text = "\(title)\n"
        if rows.isEmpty {
            text += "  \(empty)\n"
        } else {
            let places = columns.indices
            var table = TextTable(
                places.map { place in
                    let isNumber = rows.contains { $0[place].isNumber }
                    return (columns[place].title, isNumber ? .right : .left)
                }
            )
            for row in rows.prefix(textRowsMax) { table.add(row.map(\.words)) }
            text += table.text(indent: 2)
            if rows.count > textRowsMax {
                text += "  ... and \(rows.count - textRowsMax) more: JSON and CSV have them all\n"
            }
        }
        for note in notes { text += "  \(note)\n" }
        return text
    }
}
