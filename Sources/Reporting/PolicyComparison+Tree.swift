import CBOR

extension PolicyComparison {
    /// Compares two values and what is in them.
    static func compare(
        _ old: CBORValue,
        _ new: CBORValue,
        path: String,
        to changes: inout [Change]
    ) {
        guard old != new else { return }
        if let before = old.mapValue, let after = new.mapValue {
            compare(before.map(named), after.map(named), path: path, to: &changes)
        } else if case .array(let before) = old, case .array(let after) = new,
            let first = identified(before), let second = identified(after)
        {
            compare(first, second, path: path, to: &changes)
        } else {
            changes.append(Change(path: path, old: words(old), new: words(new)))
        }
    }

    private typealias Member = (name: String, value: CBORValue)

    private static func compare(
        _ old: [Member],
        _ new: [Member],
        path: String,
        to changes: inout [Change]
    ) {
        for member in new {
            let place = path + member.name
            if let before = old.first(where: { $0.name == member.name }) {
                compare(before.value, member.value, path: place, to: &changes)
            } else {
                changes.append(Change(path: place, old: nil, new: words(member.value)))
            }
        }
        for member in old where !new.contains(where: { $0.name == member.name }) {
            changes.append(Change(path: path + member.name, old: words(member.value), new: nil))
        }
    }

    private static func named(_ entry: CBORMapEntry) -> Member {
        guard case .text(let name) = entry.key else {
            return ("[\(words(entry.key))]", entry.value)
        }
        return (".\(name)", entry.value)
    }

    /// The entries of a list by their ids; nil if one has none, or an id stands there twice.
    private static func identified(_ items: [CBORValue]) -> [Member]? {
        var members: [Member] = []
        for item in items {
            let id = item.mapValue?.first { $0.key == .text("id") }
            guard case .text(let name)? = id?.value else { return nil }
            guard !members.contains(where: { $0.name == "[\(name)]" }) else { return nil }
            members.append(("[\(name)]", item))
        }
        return members
    }

    /// A value on one line, cut where it is long.
    private static func words(_ value: CBORValue) -> String {
        let text = tree(value).flat
        return text.count <= 100 ? text : text.prefix(97) + "..."
    }

    private static func tree(_ value: CBORValue) -> JSONTree {
        switch value {
        case .unsigned(let number): .number(number)
        case .text(let text): .text(text)
        case .boolean(let flag): .word(flag ? "true" : "false")
        case .array(let items): .array(items.map(tree))
        default:
            if let entries = value.mapValue {
                .object(entries.map { (String(named($0).name.dropFirst()), tree($0.value)) })
            } else {
                .null
            }
        }
    }
}
