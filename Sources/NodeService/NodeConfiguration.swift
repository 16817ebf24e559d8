package import Logging
package import Transparency
import Yams

/// What an operator may set for one node: the file `quotad.yaml` in the node's home.
///
/// Every key has a safe default but `member` and `origin`. An unknown key is refused, so that a
/// spelling mistake cannot silently leave a default in force.
package struct NodeConfiguration: Equatable, Sendable {
    /// The member that this node acts for.
    package var member: String
    /// The ledger's origin, as in the genesis.
    package var origin: String
    /// The address on which other nodes are accepted, `host:port`.
    package var peerListen: Endpoint
    /// The address of the public HTTP listener.
    package var apiListen: Endpoint
    /// The most statements that may wait for a block.
    package var poolStatements = 50_000
    /// The most bytes of statements that may wait for a block.
    package var poolBytes = 64 << 20
    /// How long a submission waits for finality before the client is told to come back, in ms.
    package var submissionWaitMilliseconds = 5_000
    /// The first view timeout, in ms (T0 of the protocol).
    package var viewTimeoutMilliseconds = 1_000
    /// How often the newest checkpoint is signed again with a new time, in seconds.
    package var renewalSeconds = 300
    /// The witnesses outside the ledger that are asked to cosign what this node publishes.
    package var witnesses: [OutsideWitness] = []
    /// The log keys of others' logs that this node witnesses, each named by its log's origin.
    package var witnessedLogs: [NoteKey] = []
    /// Whether a node that joins replays every block instead of fetching a snapshot.
    package var joinsByReplay = false
    /// Where the mark of votes is kept, best on another device than the home; nil for in the home.
    package var voteMark: String?
    /// The level of the structured log.
    package var logLevel = Logger.Level.info

    /// A configuration with the defaults.
    package init(member: String, origin: String, peerListen: Endpoint, apiListen: Endpoint) {
        self.member = member
        self.origin = origin
        self.peerListen = peerListen
        self.apiListen = apiListen
    }
}

/// A host and a port.
package struct Endpoint: Hashable, Sendable, CustomStringConvertible {
    /// The host name or address.
    package let host: String
    /// The TCP port, 1 to 65,535.
    package let port: Int

    /// Parses `host:port`; an IPv6 address stands in brackets.
    package init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), colon != text.startIndex,
            let port = Int(text[text.index(after: colon)...]), (1...65_535).contains(port)
        else { return nil }
        var host = text[..<colon]
        if host.first == "[", host.last == "]" { host = host.dropFirst().dropLast() }
        // Letters, digits and the marks of names and addresses: not a URL, not a quoted text.
        guard !host.isEmpty,
            host.utf8.allSatisfy({ byte in
                (0x30...0x3A).contains(byte) || (0x41...0x5A).contains(byte)
                    || (0x61...0x7A).contains(byte) || [0x25, 0x2D, 0x2E, 0x5F].contains(byte)
            })
        else { return nil }
        self.host = String(host)
        self.port = port
    }

    /// The text form that ``init(_:)`` reads.
    package var description: String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}

/// A configuration file that cannot be used: the key and what is wrong with it.
package struct ConfigurationError: Error, CustomStringConvertible, Equatable {
    /// The key, dotted, or the empty text for the file as a whole.
    package let key: String
    /// What is wrong and what is expected.
    package let problem: String

    /// The key and the problem in a sentence.
    package var description: String { key.isEmpty ? problem : "\(key): \(problem)" }
}

extension NodeConfiguration {
    /// Reads the text of `quotad.yaml`.
    package init(yaml: String) throws(ConfigurationError) {
        var settings: [String: String] = [:]
        var outside: [OutsideWitness] = []
        var foreign: [NoteKey] = []
        do {
            let document = try Yams.compose(yaml: yaml)
            guard let mapping = document.map({ $0.mapping }) ?? [:] else {
                throw ConfigurationError(
                    key: "",
                    problem: "expected lines of the form 'key: value'"
                )
            }
            for (key, value) in mapping {
                if key.string == "witnesses" {
                    outside = try Self.witnesses(value)
                    continue
                }
                if key.string == "witnessed-logs" {
                    foreign = try Self.witnessedLogs(value)
                    continue
                }
                guard let key = key.string, let value = value.scalar?.string else {
                    throw ConfigurationError(key: key.string ?? "", problem: "must be one value")
                }
                settings[key] = value
            }
        } catch let error as ConfigurationError {
            throw error
        } catch {
            throw ConfigurationError(key: "", problem: "not readable as YAML: \(error)")
        }
        func take(_ key: String) throws(ConfigurationError) -> String {
            guard let value = settings.removeValue(forKey: key), !value.isEmpty else {
                throw ConfigurationError(key: key, problem: "missing")
            }
            return value
        }
        func endpoint(_ key: String) throws(ConfigurationError) -> Endpoint {
            guard let endpoint = Endpoint(try take(key)) else {
                throw ConfigurationError(key: key, problem: "expected host:port")
            }
            return endpoint
        }
        func number(
            _ key: String,
            _ range: ClosedRange<Int>,
            default value: Int
        ) throws(ConfigurationError) -> Int {
            guard let text = settings.removeValue(forKey: key) else { return value }
            guard let number = Int(text), range.contains(number) else {
                let bounds = "\(range.lowerBound) to \(range.upperBound)"
                throw ConfigurationError(
                    key: key,
                    problem: "expected a whole number, \(bounds), got '\(text)'"
                )
            }
            return number
        }
        try self.init(
            member: take("member"),
            origin: take("origin"),
            peerListen: endpoint("peer"),
            apiListen: endpoint("api")
        )
        poolStatements = try number("pool-statements", 100...1_000_000, default: poolStatements)
        poolBytes = try number("pool-bytes", 1 << 20...1 << 30, default: poolBytes)
        submissionWaitMilliseconds = try number(
            "submission-wait-ms",
            0...60_000,
            default: submissionWaitMilliseconds
        )
        viewTimeoutMilliseconds = try number(
            "view-timeout-ms",
            50...60_000,
            default: viewTimeoutMilliseconds
        )
        witnesses = outside
        witnessedLogs = foreign
        renewalSeconds = try number("renewal-s", 1...86_400, default: renewalSeconds)
        voteMark = settings.removeValue(forKey: "vote-mark")
        guard voteMark != "" else {
            throw ConfigurationError(key: "vote-mark", problem: "expected a file's path")
        }
        if let text = settings.removeValue(forKey: "log-level") {
            guard let level = Logger.Level(rawValue: text) else {
                throw ConfigurationError(
                    key: "log-level",
                    problem: "expected trace, debug, info, notice, warning, error or critical"
                )
            }
            logLevel = level
        }
        if let unknown = settings.keys.min() {
            throw ConfigurationError(key: unknown, problem: "not a setting of quotad")
        }
    }

    /// The file's text, with every setting and its meaning.
    package var yaml: String {
        """
        # The member that this node acts for, and the ledger that it keeps.
        member: "\(member)"
        origin: "\(origin)"

        # Where other nodes connect (mutual TLS), and where everybody else asks (HTTP).
        peer: "\(peerListen)"
        api: "\(apiListen)"

        # The most statements, and their bytes, that may wait for a block. A full pool answers 429.
        pool-statements: \(poolStatements)
        pool-bytes: \(poolBytes)

        # How long a submission waits for finality before the client is told to come back.
        submission-wait-ms: \(submissionWaitMilliseconds)

        # The first view timeout. Raise it when the nodes are far apart.
        view-timeout-ms: \(viewTimeoutMilliseconds)

        # How often the newest checkpoint is signed again, so that an idle ledger is seen to be alive.
        renewal-s: \(renewalSeconds)

        # Witnesses outside the ledger (C2SP tlog-witness) that are asked to cosign each new checkpoint:
        # their address, to which /add-checkpoint is appended, and the verifier key of their cosignatures.
        \(witnessesYAML)

        # Logs of others that this node witnesses at /add-checkpoint: their verifier keys, named by origin.
        \(witnessedLogsYAML)

        # A file that says how far this node has voted, best on another disk: with it a store that was put
        # back from a backup is noticed. Without the setting it is votes.mark in the home.
        \(voteMark.map { "vote-mark: \"\($0)\"" } ?? "# vote-mark: \"/var/other-disk/votes.mark\"")

        # trace, debug, info, notice, warning, error or critical.
        log-level: \(logLevel.rawValue)

        """
    }
}
