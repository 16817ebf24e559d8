import CBOR
import QuotaRules
import TestSupport
import Testing

/// The decoder of policies on real files that were changed at random: it answers with a policy that
/// comes back as it was read, or with a place, and never traps.
@Suite struct PolicyFuzzTests {
    private static let strange: [CBORValue] = [
        .null, .boolean(true), .unsigned(0), .unsigned(.max), .negative(3), .bytes([1]), .text(""),
        .text("x"), .text("2026-02-29"), .text("0"), .text("99999999999999999999"), .array([]),
        .map([]), .tagged(1, .unsigned(1)), ["kind": "steps"], ["parameter": "lpp_year_counts"],
    ]

    /// A value with one place in it changed.
    private static func changed(
        _ value: CBORValue,
        _ depth: Int,
        using random: inout SplitMix64
    ) -> CBORValue {
        let stops = depth == 0 || Int.random(in: 0..<8, using: &random) == 0
        switch value {
        case .map(var entries) where !stops && !entries.isEmpty:
            let place = Int.random(in: 0..<entries.count, using: &random)
            switch Int.random(in: 0..<10, using: &random) {
            case 0: entries.remove(at: place)
            case 1: entries.append(CBORMapEntry("strange", entries[place].value))
            default:
                entries[place] = CBORMapEntry(
                    entries[place].key,
                    changed(entries[place].value, depth - 1, using: &random)
                )
            }
            return .map(entries)
        case .array(var items) where !stops && !items.isEmpty:
            let place = Int.random(in: 0..<items.count, using: &random)
            switch Int.random(in: 0..<10, using: &random) {
            case 0: items.remove(at: place)
            case 1: items.append(items[place])
            case 2: items.swapAt(place, 0)
            default: items[place] = changed(items[place], depth - 1, using: &random)
            }
            return .array(items)
        case .text(let text) where Bool.random(using: &random):
            return .text(String(text.dropLast()) + (Bool.random(using: &random) ? "9" : ""))
        default: return strange.randomElement(using: &random) ?? .null
        }
    }

    @Test(arguments: RuleFiles.names)
    func `a file changed at random is read or refused with its place`(_ name: String) throws {
        var random = SplitMix64(seed: 20_260_301)
        let good = try RuleFiles.document(name)
        let catalogue = try RuleFiles.catalogue(for: name)
        let claim = try RuleCase.facts(
            "LICENSE KE 2026-03-06 3*h100-sxm ultimate_consignee:c@KE end_user:c@KE importer:c@KE"
        )
        var read = 0
        var refused = 0
        for _ in 0..<800 {
            var document = good
            for _ in 0...Int.random(in: 0..<2, using: &random) {
                document = Self.changed(document, 12, using: &random)
            }
            do throws(CBORFieldError) {
                let policy = try Policy.decode(document)
                read += 1
                #expect(policy.encoded.encoded() == document.encoded())
                _ = evaluate(
                    claim,
                    policy: policy,
                    catalogue: catalogue,
                    standing: EmptyStanding()
                )
            } catch {
                refused += 1
                #expect(error.path.hasPrefix("$"))
                #expect(!error.problem.isEmpty)
            }
        }
        #expect(read > 10 && refused > 300, "\(read) read, \(refused) refused")
    }
}
