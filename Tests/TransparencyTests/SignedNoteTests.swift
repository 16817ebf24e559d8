import QuotaCrypto
import TestSupport
import Testing
import Transparency

/// The example of C2SP signed-note v1.0.0.
private let exampleKey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
private let exampleText = "This is an example message.\n"
private let exampleNote =
    exampleText
    + "\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3m"
    + "FXmRKuwHjG1Yu72IneyaQM=\n"

struct SignedNoteTests {
    @Test func `the published example verifies, and comes back byte by byte`() throws {
        let key = try NoteKey(vkey: exampleKey)
        #expect(key.name == "example.com/foo")
        #expect(key.keyID == 0x530d_903a)
        #expect(key.vkey == exampleKey)
        let note = try SignedNote(Array(exampleNote.utf8))
        #expect(note.text == exampleText)
        #expect(note.description == exampleNote)
        let verified = try note.verify(keys: [key])
        #expect(verified.map(\.key) == [key])
        #expect(verified.first?.timestamp == nil)
    }
}
