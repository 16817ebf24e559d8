import QuotaCrypto
import StateMap
import TestSupport
import Testing

struct StateMapTests {
    @Test(arguments: UInt64(0)..<16)
    func `random batches keep the map equal to the definition`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var map = StateMap()
        var model: [[UInt8]: [UInt8]] = [:]
        let keyCount = Int.random(in: 1...200, using: &random)
        for _ in 0..<40 {
            let changes: [(key: [UInt8], value: [UInt8]?)] =
                (0..<Int.random(in: 0...60, using: &random)).map { _ in
                    let key = sampleKey(Int.random(in: 0..<keyCount, using: &random))
                    let isRemoval = Int.random(in: 0..<3, using: &random) == 0
                    return (key, isRemoval ? nil : [UInt8.random(in: 0...3, using: &random)])
                }
            map.update(changes)
            for change in changes { model[change.key] = change.value }
            #expect(map.root.bytes == NaiveMap.jellyfish.root(model))
            #expect(map.count == model.count)
            for number in 0..<keyCount {
                #expect(map[sampleKey(number)] == model[sampleKey(number)])
            }
        }
    }

    @Test(arguments: UInt64(0)..<4)
    func `the root does not depend on the order or the batches`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let changes = (0..<500).map { (key: sampleKey($0), value: Optional([UInt8($0 & 255)])) }
        var whole = StateMap()
        whole.update(changes)
        var rest = changes.shuffled(using: &random)[...]
        var pieces = StateMap()
        while !rest.isEmpty {
            let count = Int.random(in: 1...50, using: &random)
            pieces.update(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        #expect(pieces.root == whole.root)
        #expect(pieces == whole)
    }

    @Test func `removing every key in any order leaves the empty root`() {
        var random = SplitMix64(seed: 1)
        var map = StateMap()
        map.update((0..<300).map { (sampleKey($0), [1]) })
        var roots = [map.root]
        for number in (0..<300).shuffled(using: &random) {
            map.update([(sampleKey(number), nil)])
            roots.append(map.root)
        }
        #expect(Set(roots).count == 301)
        #expect(map.isEmpty)
        #expect(map.root.bytes == Array("SPARSE_MERKLE_PLACEHOLDER_HASH__".utf8))
    }

    @Test func `of several changes of one key the last counts`() {
        var map = StateMap()
        map.update([([1], [1]), ([2], [2]), ([1], nil), ([2], [3]), ([3], nil), ([3], [4])])
        #expect(map[[1]] == nil)
        #expect(map[[2]] == [3])
        #expect(map[[3]] == [4])
        #expect(map.count == 2)
        let root = map.root
        map.update([([1], nil), ([9], nil), ([2], [3])])
        #expect(map.root == root)
        #expect(map.count == 2)
    }

    @Test func `versions live side by side and are dropped in any order`() {
        var versions: [StateMap] = [StateMap()]
        for block in 0..<50 {
            var next = versions[block]
            next.update((0..<20).map { (sampleKey($0 * 3 + block), [UInt8(block)]) })
            versions.append(next)
        }
        let roots = versions.map(\.root)
        let fork = versions[10].updated([(sampleKey(0), [99])])
        #expect(fork.root != versions[10].root)
        versions.removeSubrange(20..<40)
        #expect(versions.map(\.root) == Array(roots[..<20] + roots[40...]))
    }

    @Test func `forEach goes through every key in the order of the paths`() {
        var map = StateMap()
        map.update((0..<200).map { (sampleKey($0), [UInt8($0)]) })
        var keys: [[UInt8]] = []
        map.forEach { key, value in
            #expect(map[key] == value)
            keys.append(key)
        }
        #expect(keys.count == 200)
        let paths = keys.map { SHA256.hash($0) }
        #expect(paths == paths.sorted())
    }

    @Test func `a value set to empty is present`() {
        var map = StateMap()
        map.update([([1], [])])
        #expect(map[[1]] == [])
        #expect(map.count == 1)
        #expect(map.root != StateMap().root)
    }
}
