extension ClaimRecord {
    /// What the record holds in the account of a posting, given back or not.
    public func amounts(_ posting: Posting) -> BucketValues { posting.amounts(of: lines) }

    /// The integrated circuits that the record holds in the account of a posting.
    public func chips(_ posting: Posting) -> BucketValues { posting.chips(of: lines) }

    /// What the claim uses of an account that it holds something in.
    public func consumed(_ posting: Posting) -> UInt64 {
        let sum = amounts(posting).sum
        return sum > posting.released ? sum - posting.released : 0
    }
}

extension InventoryRecord {
    /// What the inventory holds in the account of a posting.
    public func amounts(_ posting: ClaimRecord.Posting) -> BucketValues {
        posting.amounts(of: lines)
    }

    /// The integrated circuits that the inventory holds in the account of a posting.
    public func chips(_ posting: ClaimRecord.Posting) -> BucketValues { posting.chips(of: lines) }
}

extension ClaimRecord.Posting {
    func amounts(of lines: [ClaimRecord.Line]) -> BucketValues {
        values(lines) { perUnit[$0] }
    }

    func chips(of lines: [ClaimRecord.Line]) -> BucketValues {
        values(lines) { perUnit[$0] > 0 ? lines[$0].circuits : 0 }
    }

    private func values(
        _ lines: [ClaimRecord.Line],
        of one: (Int) -> UInt64
    ) -> BucketValues {
        var values = BucketValues()
        for place in lines.indices where place < perUnit.count {
            let factor = one(place)
            for bucket in Bucket.allCases {
                // The account took the sum in, so nothing overflows.
                values[bucket] &+= factor &* lines[place].quantities[bucket]
            }
        }
        return values
    }
}
