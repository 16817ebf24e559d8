import ArgumentParser
import Foundation
import LogReader

/// Where the log is: exactly one of an address and a folder.
struct SourceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The address of a node or a mirror that serves the log as tlog-tiles.",
            valueName: "address"
        )
    )
    var url: String?

    @Option(
        help: ArgumentHelp(
            "A folder with a copy of the log: the files 'checkpoint' and 'tile/...'.",
            valueName: "folder"
        )
    )
    var folder: String?

    /// The source; nil if none was named.
    var source: (any LogSource)? {
        if let url, let address = URL(string: url) { return WebSource(address) }
        return folder.map { FolderSource(URL(filePath: $0)) }
    }

    func validate() throws {
        if url != nil, folder != nil {
            throw ValidationError("Give --url or --folder, not both.")
        }
        if let url {
            guard let address = URL(string: url), address.host != nil,
                ["http", "https"].contains(address.scheme)
            else { throw ValidationError("'\(url)' is not an http address.") }
        }
    }
}
