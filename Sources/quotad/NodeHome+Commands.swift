import Foundation
import Ledger
import NodeService

extension NodeHome {
    /// What `quotad.yaml` says.
    func configuration() throws -> NodeConfiguration {
        let text = String(decoding: try NodeHome.read(configurationFile), as: UTF8.self)
        do throws(ConfigurationError) {
            return try NodeConfiguration(yaml: text)
        } catch {
            throw HomeError(file: configurationFile, problem: error.description)
        }
    }

    /// Keeps a genesis statement in the home; another one than the one that is there is refused, and so
    /// is that of another ledger than the configuration names.
    func adopt(genesis: String?, origin: String) throws {
        guard let genesis else { return }
        let bytes = try NodeHome.read(genesis)
        if FileManager.default.fileExists(atPath: genesisFile) {
            guard try NodeHome.read(genesisFile) == bytes else {
                throw HomeError(
                    file: genesisFile,
                    problem:
                        "is another genesis than \(genesis): this home belongs to another ledger"
                )
            }
            return
        }
        let founded = try LedgerState.genesis(bytes).state.origin
        guard founded == origin else {
            throw HomeError(
                file: genesis,
                problem: "founds the ledger \(founded), but quotad.yaml names \(origin)"
            )
        }
        try NodeHome.write(bytes, to: genesisFile)
    }
}
