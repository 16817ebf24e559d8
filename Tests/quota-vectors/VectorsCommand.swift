import ArgumentParser
import Foundation
import LedgerVectors

/// `quota-vectors` writes the published test vectors, and ledgers to try verifiers on.
@main
struct VectorsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quota-vectors",
        abstract: "Writes test vectors of everything that the ledger signs or proves.",
        discussion: """
            Everything follows from constants: the same program writes the same files.

              swift run quota-vectors                          renews Tests/vectors
              swift run quota-vectors --claims 300 /tmp/log    writes a ledger of so many claims
            """
    )

    @Option(help: "Write a ledger with this many further claims instead of the vectors.")
    var claims: Int?

    @Argument(help: "The folder to write to.")
    var folder = "Tests/vectors"

    func run() throws {
        let files =
            if let claims {
                try VectorLedger(claims: claims).folder()
            } else {
                try Vectors().files()
            }
        // Tiles are named after the size of the log, so the old ones would stay beside the new.
        if claims == nil {
            try? FileManager.default.removeItem(at: URL(filePath: folder).appending(path: "ledger"))
        }
        for (name, data) in files {
            let file = URL(filePath: folder).appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try data.write(to: file)
        }
        print("\(files.count) files written to \(folder).")
    }
}
