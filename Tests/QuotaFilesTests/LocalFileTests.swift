import Foundation
import QuotaFiles
import Testing

@Suite struct LocalFileTests {
    private func inFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "quota-files-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: false
        )
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }

    @Test func `what was written is read, and nothing else is left`() throws {
        try inFolder { folder in
            let path = folder + "/a.json"
            let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0) }
            try LocalFile.write([1, 2, 3], to: path)
            try LocalFile.write(bytes, to: path)
            #expect(try LocalFile.read(path) == bytes)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a.json"])
        }
    }

    @Test func `a secret is for its owner only`() throws {
        try inFolder { folder in
            try LocalFile.write([1], to: folder + "/seed", isSecret: true)
            let attributes = try FileManager.default.attributesOfItem(atPath: folder + "/seed")
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        }
    }

    @Test func `a file that is there is replaced only if that is asked for`() throws {
        try inFolder { folder in
            let path = folder + "/seed"
            try LocalFile.write([1], to: path, replacesExisting: false)
            let error = #expect(throws: LocalFileError.self) {
                try LocalFile.write([2], to: path, replacesExisting: false)
            }
            #expect(error?.description == "\(path) is there already and is not replaced")
            #expect(try LocalFile.read(path) == [1])
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["seed"])
        }
    }

    @Test func `missing files, folders and large files are refused by name`() throws {
        try inFolder { folder in
            let missing = #expect(throws: LocalFileError.self) {
                try LocalFile.read(folder + "/none")
            }
            #expect(
                missing?.description
                    == "\(folder)/none cannot be opened: No such file or directory"
            )
            let isFolder = #expect(throws: LocalFileError.self) { try LocalFile.read(folder) }
            #expect(isFolder?.problem == "is a folder")
            try LocalFile.write([1, 2, 3], to: folder + "/three")
            #expect(try LocalFile.read(folder + "/three", maxCount: 3) == [1, 2, 3])
            let large = #expect(throws: LocalFileError.self) {
                try LocalFile.read(folder + "/three", maxCount: 2)
            }
            #expect(large?.problem == "is larger than 2 bytes")
            #expect(throws: LocalFileError.self) {
                try LocalFile.write([1], to: folder + "/none/file")
            }
        }
    }

    @Test func `a JSON file that is wrong is named with its place`() throws {
        try inFolder { folder in
            let path = folder + "/policy.json"
            try LocalFile.write(Array("{\n  \"cap\": 1.5\n}".utf8), to: path)
            let error = #expect(throws: JSONFileError.self) { try JSONDocument.read(path) }
            #expect(
                error?.description.hasPrefix("\(path), line 2, column 10 ($.cap): expected a whole")
                    == true
            )
        }
    }
}
