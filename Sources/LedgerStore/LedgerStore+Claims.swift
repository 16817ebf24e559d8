import GRDB

/// Which claims to list.
package struct ClaimFilter: Hashable, Sendable {
    /// Only claims of this member.
    package var issuer: String?
    /// Only claims to this country.
    package var destination: String?
    /// Only claims that use this authority.
    package var authority: String?
    /// Only claims that stand like this.
    package var state: String?

    /// All claims.
    package init() {}
}

/// Reading claims.
extension LedgerStore {
    /// The claim that `issuer` calls `claim`.
    package func claim(issuer: String, claim: String) throws(StoreError) -> StoredClaim? {
        try read { database in
            let statement = try database.cachedStatement(
                sql: "\(StoredClaim.select) WHERE issuer = ? AND claim = ?"
            )
            return try Row.fetchOne(statement, arguments: [issuer, claim])
                .map(StoredClaim.init(row:))
        }
    }

    /// Claims that match `filter` in the order of the log.
    ///
    /// - Parameters:
    ///   - filter: which ones.
    ///   - after: the leaf index of the last claim already seen, to get the next page.
    ///   - max: most claims to return, up to ``rowsMax``.
    /// - Returns: one page; an empty one ends the list.
    /// - Throws: ``StoreError`` when the file cannot be read.
    package func claims(
        _ filter: ClaimFilter = ClaimFilter(),
        after: UInt64? = nil,
        max: Int
    ) throws(StoreError) -> [StoredClaim] {
        var conditions = ["leaf_index > ?"]
        var arguments: StatementArguments = [after.map { Int64(clamping: $0) } ?? -1]
        let columns = [
            ("issuer", filter.issuer), ("destination", filter.destination),
            ("authority", filter.authority), ("state", filter.state),
        ]
        for case (let column, let value?) in columns {
            conditions.append("\(column) = ?")
            arguments += [value]
        }
        arguments += [Swift.min(Swift.max(0, max), LedgerStore.rowsMax)]
        let sql = """
            \(StoredClaim.select) WHERE \(conditions.joined(separator: " AND "))
            ORDER BY leaf_index LIMIT ?
            """
        return try read { [arguments] database in
            try Row.fetchAll(database.cachedStatement(sql: sql), arguments: arguments)
                .map(StoredClaim.init(row:))
        }
    }
}

extension StoredClaim {
    static let select = """
        SELECT issuer, claim, leaf_index, destination, authority, amount_tenths, state, block_time
        FROM claims
        """

    init(row: Row) {
        self.init(
            issuer: row[0],
            claim: row[1],
            index: row.unsigned(2),
            destination: row[3],
            authority: row[4],
            amountTenths: row.unsigned(5),
            state: row[6],
            blockTime: row.unsigned(7)
        )
    }
}
