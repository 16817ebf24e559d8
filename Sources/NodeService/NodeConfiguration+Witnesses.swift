import Transparency
import Yams

extension NodeConfiguration {
    /// The key of the list of outside witnesses.
    private static var witnessesKey: String { "witnesses" }

    /// Reads the list of outside witnesses.
    static func witnesses(_ node: Yams.Node) throws(ConfigurationError) -> [OutsideWitness] {
        guard let entries = node.sequence, entries.count <= OutsideWitness.countMax else {
            throw ConfigurationError(
                key: witnessesKey,
                problem: "expected a list of at most \(OutsideWitness.countMax) entries"
            )
        }
        var witnesses: [OutsideWitness] = []
        for (position, entry) in entries.enumerated() {
            let key = "\(witnessesKey)[\(position)]"
            let witness = try Self.witness(entry, at: key)
            guard !witnesses.contains(where: { $0.key == witness.key }) else {
                throw ConfigurationError(key: "\(key).key", problem: "stands twice")
            }
            witnesses.append(witness)
        }
        return witnesses
    }

    private static func witness(
        _ node: Yams.Node,
        at key: String
    ) throws(ConfigurationError) -> OutsideWitness {
        guard let mapping = node.mapping, mapping.count == 2,
            let url = mapping["url"]?.scalar?.string, let vkey = mapping["key"]?.scalar?.string
        else { throw ConfigurationError(key: key, problem: "expected 'url' and 'key'") }
        let noteKey = try noteKey(vkey, at: "\(key).key")
        guard noteKey.type == .cosignature else {
            throw ConfigurationError(key: "\(key).key", problem: "is no key of cosignatures (04)")
        }
        guard let witness = OutsideWitness(url: url, key: noteKey) else {
            throw ConfigurationError(
                key: "\(key).url",
                problem: "expected an http or https address without a final slash, got '\(url)'"
            )
        }
        return witness
    }

    private static func noteKey(
        _ vkey: String,
        at place: String
    ) throws(ConfigurationError) -> NoteKey {
        do {
            return try NoteKey(vkey: vkey)
        } catch {
            throw ConfigurationError(key: place, problem: error.description)
        }
    }

    /// The list as YAML.
    var witnessesYAML: String {
        guard !witnesses.isEmpty else { return "\(Self.witnessesKey): []" }
        return Self.witnessesKey + ":"
            + witnesses.map { "\n  - url: \"\($0.url)\"\n    key: \"\($0.key.vkey)\"" }.joined()
    }

    /// The key of the list of logs of others.
    private static var witnessedLogsKey: String { "witnessed-logs" }

    /// Reads the list of logs that this node witnesses.
    static func witnessedLogs(_ node: Yams.Node) throws(ConfigurationError) -> [NoteKey] {
        guard let entries = node.sequence, entries.count <= ForeignWitness.countMax else {
            throw ConfigurationError(
                key: witnessedLogsKey,
                problem: "expected a list of at most \(ForeignWitness.countMax) verifier keys"
            )
        }
        var keys: [NoteKey] = []
        for (position, entry) in entries.enumerated() {
            let place = "\(witnessedLogsKey)[\(position)]"
            let key = try noteKey(entry.scalar?.string ?? "", at: place)
            guard key.type == .ed25519 else {
                throw ConfigurationError(key: place, problem: "is no key of a log (01)")
            }
            guard !keys.contains(key) else {
                throw ConfigurationError(key: place, problem: "stands twice")
            }
            keys.append(key)
        }
        return keys
    }

    /// The list as YAML.
    var witnessedLogsYAML: String {
        guard !witnessedLogs.isEmpty else { return "\(Self.witnessedLogsKey): []" }
        return Self.witnessedLogsKey + ":"
            + witnessedLogs.map { "\n  - \"\($0.vkey)\"" }.joined()
    }
}
