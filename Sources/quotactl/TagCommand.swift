import ArgumentParser
import Client
import Foundation
import Ledger
import QuotaCrypto

/// `quotactl tag`.
struct TagCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tag",
        abstract: "Turns chip serial numbers into keyed tags, on this machine only.",
        discussion: """
            The same chip always gives the same tag, so the ledger sees a chip that is claimed \
            twice; without the key a tag says nothing. The key is shared among members off the \
            ledger: 64 hexadecimal digits in a file that only you can read.

            Example:
              quotactl tag serials.txt --vendor nvidia --tag-key tags.key --out a-004.tags
            """
    )

    @Argument(help: "A file of serial numbers, one a line.")
    var serials: String

    @OptionGroup(title: "Common options") var common: CommonOptions

    @Option(help: "The maker, in lower case; part of what is tagged.")
    var vendor: String

    @Option(help: ArgumentHelp("The file of the shared key.", valueName: "file"))
    var tagKey: String

    @Option(help: ArgumentHelp("The file to write. Default: standard output.", valueName: "file"))
    var out: String?

    func run() throws {
        let digits = String(decoding: try HomeFile.read(tagKey, isSecret: true), as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        guard let key = Hex.decode(digits).flatMap({ TagKey($0) }) else {
            throw UsageError("\(tagKey): expected \(2 * TagKey.byteCount) hexadecimal digits")
        }
        let lines = String(decoding: try HomeFile.read(serials), as: UTF8.self)
            .split(whereSeparator: \.isNewline)
            .map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty }
        let tags = lines.compactMap { key.tag(vendor: vendor, serial: $0) }
        guard Set(tags).count == tags.count else {
            throw UsageError("\(serials): a serial number stands there twice")
        }
        let text = tags.map { Hex.encode($0.bytes) + "\n" }.joined()
        guard let out else { return Terminal.write(text) }
        try HomeFile.write(Array(text.utf8), to: out)
        Terminal.write("written    \(out), \(tags.count) tags\n")
    }
}

/// Files of tags, one a line in hexadecimal.
enum TagFile {
    /// The tags of a file, ascending, in parts that fit a statement each.
    static func batches(_ path: String) throws -> [[ChipTag]] {
        let lines = String(decoding: try HomeFile.read(path), as: UTF8.self)
            .split(whereSeparator: \.isNewline)
        let tags = try lines.enumerated().map { number, line in
            guard let bytes = Hex.decode(line.trimmingCharacters(in: .whitespaces)),
                let tag = ChipTag(bytes)
            else {
                throw UsageError(
                    "\(path), line \(number + 1): expected \(2 * ChipTag.byteCount) hexadecimal digits"
                )
            }
            return tag
        }.sorted()
        return stride(from: 0, to: tags.count, by: ChipTag.countMax).map {
            Array(tags[$0..<min($0 + ChipTag.countMax, tags.count)])
        }
    }

    /// The tags of a file that must fit one statement; none without a file.
    static func one(_ path: String?) throws -> [ChipTag] {
        guard let path else { return [] }
        let batches = try batches(path)
        guard batches.count <= 1 else {
            throw UsageError(
                "\(path): at most \(ChipTag.countMax) tags fit one statement; split it"
            )
        }
        return batches.first ?? []
    }
}
