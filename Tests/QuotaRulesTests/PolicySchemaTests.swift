import CBOR
import Foundation
import QuotaRules
import TestSupport
import Testing

/// `Node/policies/policy.schema.json` with PyPI's `jsonschema`, through `Tests/interop/policy_schema.py`.
@Suite(
    .enabled(
        if: ProcessInfo.processInfo.environment["QUOTA_PYTHON"] != nil,
        "needs QUOTA_PYTHON, a Python interpreter with Tests/requirements.txt"
    )
)
struct PolicySchemaTests {
    private struct Answer: Decodable {
        let errors: [String?]
    }

    /// Where the schema refuses each document.
    private func errors(_ documents: [CBORValue]) throws -> [String?] {
        let schema = try String(
            contentsOf: VectorFolder.packageRoot.appending(
                path: "Node/policies/policy.schema.json"
            ),
            encoding: .utf8
        )
        let texts = try documents.map(JSONText.text).joined(separator: ",")
        let python = Process()
        python.executableURL = URL(
            filePath: ProcessInfo.processInfo.environment["QUOTA_PYTHON"] ?? ""
        )
        python.arguments = [
            VectorFolder.packageRoot.appending(path: "Tests/interop/policy_schema.py").path
        ]
        let input = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: input) }
        try Data(#"{"schema": \#(schema), "documents": [\#(texts)]}"#.utf8).write(to: input)
        let output = Pipe()
        python.standardInput = try FileHandle(forReadingFrom: input)
        python.standardOutput = output
        try python.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        python.waitUntilExit()
        try #require(python.terminationStatus == 0, "the Python script failed")
        return try JSONDecoder().decode(Answer.self, from: data).errors
    }

    @Test func `every policy file of the package is valid`() throws {
        let documents = try RuleFiles.names.map(RuleFiles.document)
        let answers = try errors(documents + RuleFiles.unseen().map(\.policy))
        #expect(answers.allSatisfy { $0 == nil })
    }

    @Test func `every policy of the table of cases is valid`() throws {
        let texts = Set(RuleCase.primitives.map(\.policy)).sorted()
        let answers = try errors(try texts.map { try RuleFiles.policy($0).encoded })
        #expect(answers.allSatisfy { $0 == nil })
    }

    @Test func `mistakes of shape are refused by the schema too`() throws {
        let good = try JSONText.text(RuleFiles.document("us-uae-deal-2025"))
        let faults = [
            (#""status":"deal""#, #""status":"law""#), (#""cap":"500000""#, #""cap":500000"#),
            (#""cap":"500000""#, #""cap":"0500000""#), (#""share":"20""#, #""share":"20.001""#),
            (#""kind":"units""#, #""kind":"share""#), (#""format":1"#, #""format":2"#),
            (#""holders":"uae""#, #""holder":"uae""#), (#""on":["cancellation""#, #""on":["loss""#),
            (#""from":"2025-05-15""#, #""from":"15.05.2025""#),
            (#""organisations":["g42"]"#, #""organisations":[]"#),
        ]
        let spoiled = try faults.map { old, new in
            try JSONText.cbor(good.replacing(try #require(good.firstRange(of: old)), with: new))
        }
        let answers = try errors(spoiled)
        for (answer, fault) in zip(answers, faults) {
            #expect(answer != nil, "\(fault.1)")
        }
        for document in spoiled {
            #expect(throws: CBORFieldError.self) { try Policy.decode(document) }
        }
    }
}

extension String {
    fileprivate func replacing(_ range: Range<String.Index>, with text: String) -> String {
        String(self[..<range.lowerBound] + text + self[range.upperBound...])
    }
}
