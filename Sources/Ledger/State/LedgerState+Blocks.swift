public import QuotaCrypto

/// What ``LedgerState/build(_:context:)`` made of the candidates.
public struct BlockBuild: Sendable {
    /// The block and the state after it, or nil if no candidate passed.
    public let result: (block: Block, state: LedgerState)?
    /// The candidates that were judged and failed, with the reason.
    ///
    /// Candidates that are neither here nor in the block did not fit and can wait for the next.
    public let refused: [(statement: Statement, refusal: Refusal)]
}

extension LedgerState {
    /// Makes the next block from candidates whose signatures the caller has checked.
    ///
    /// Takes candidates from the front as far as ``BlockLimits`` allow, puts them in canonical
    /// order, and leaves out what fails. The result passes ``verify(_:expecting:keepsJournal:isVerified:)``.
    ///
    /// - Parameters:
    ///   - candidates: Statements in the order of their arrival.
    ///   - context: View, proposer and time; a time before the parent's is raised to it. The view must
    ///     be above that of the last block, unless that one sealed an epoch: views begin again at 1.
    /// - Returns: The block with the state after it, and what was refused.
    public func build(_ candidates: [Statement], context: BlockContext) -> BlockBuild {
        let context = BlockContext(
            view: context.view,
            proposer: context.proposer,
            time: max(context.time, blockTime)
        )
        var run = BlockRun(self, time: context.time)
        var taken: [Statement] = []
        var refused: [(statement: Statement, refusal: Refusal)] = []
        for statement in canonicalOrder(of: Self.fitting(candidates)) {
            do throws(Refusal) {
                _ = try run.apply(statement)
                taken.append(statement)
            } catch {
                refused.append((statement, error))
            }
        }
        let result = taken.isEmpty ? nil : run.close(taken, context: context)
        return BlockBuild(result: result, refused: refused)
    }

    /// Checks a block against this state and gives the state after it.
    ///
    /// - Parameters:
    ///   - block: A decoded block that claims to follow this state.
    ///   - context: What the consensus engine says about the block; nil to take view, proposer and
    ///     time from the header, for a block that is known to be final.
    ///   - keepsJournal: Whether the state after the block keeps its ``journal``.
    ///   - isVerified: Whether the caller has already checked the signatures of the statement with
    ///     this leaf hash.
    /// - Returns: The state after the block.
    /// - Throws: ``LedgerError`` that names the statement or the header field.
    public func verify(
        _ block: Block,
        expecting context: BlockContext? = nil,
        keepsJournal: Bool = false,
        isVerified: (Digest) -> Bool = { _ in false }
    ) throws(LedgerError) -> LedgerState {
        try Self.checkSize(of: block)
        let found = BlockContext(
            view: block.header.view,
            proposer: block.header.proposer,
            time: block.header.time
        )
        try check(found, expecting: context)
        try checkOrder(of: block.statements)
        var run = BlockRun(self, time: found.time, keepsJournal: keepsJournal)
        for (position, statement) in block.statements.enumerated() {
            do throws(Refusal) {
                if !isVerified(statement.leafHash) { try run.checkSignatures(statement) }
                _ = try run.apply(statement)
            } catch {
                throw .statement(
                    position: position,
                    leafHash: statement.leafHash,
                    refusal: error
                )
            }
        }
        let (expected, state) = run.close(block.statements, context: found)
        try block.header.check(against: expected.header)
        guard block.checkpointText == expected.checkpointText else {
            throw .checkpoint(expected: expected.checkpointText, found: block.checkpointText)
        }
        return state
    }

    /// The longest run of statements from the front that fits a block.
    private static func fitting(_ candidates: [Statement]) -> [Statement] {
        var bytes = 0
        var count = 0
        for statement in candidates.prefix(BlockLimits.statementCountMax) {
            bytes += statement.bytes.count
            guard bytes <= BlockLimits.statementBytesMax else { break }
            count += 1
        }
        return Array(candidates.prefix(count))
    }

    private static func checkSize(of block: Block) throws(LedgerError) {
        let bytes = block.statements.reduce(0) { $0 + $1.bytes.count }
        guard (1...BlockLimits.statementCountMax).contains(block.statements.count),
            bytes <= BlockLimits.statementBytesMax
        else { throw .size(statements: block.statements.count, bytes: bytes) }
    }

    private func check(
        _ found: BlockContext,
        expecting context: BlockContext?
    ) throws(LedgerError) {
        let expected = context ?? found
        try Self.compare("view", expected.view, found.view)
        try Self.compare("proposer", expected.proposer, found.proposer)
        try Self.compare("time", expected.time, found.time)
        guard found.view > epoch.viewFloor(after: lastHeader) else {
            throw .header(
                field: "view",
                expected: "above \(epoch.viewFloor(after: lastHeader))",
                found: "\(found.view)"
            )
        }
        guard found.time >= blockTime else {
            throw .header(
                field: "time",
                expected: "at least \(blockTime)",
                found: "\(found.time)"
            )
        }
        guard validators.contains(where: { $0.id == found.proposer }) else {
            throw .header(field: "proposer", expected: "a validator", found: found.proposer)
        }
    }

    static func compare<Value: Equatable>(
        _ field: String,
        _ expected: Value,
        _ found: Value
    ) throws(LedgerError) {
        guard expected == found else {
            throw .header(field: field, expected: "\(expected)", found: "\(found)")
        }
    }
}

extension BlockHeader {
    /// Compares a header with what follows from the parent and the statements, field by field.
    func check(against expected: BlockHeader) throws(LedgerError) {
        try LedgerState.compare("height", expected.height, height)
        try LedgerState.compare("previousIndex", expected.previousIndex, previousIndex)
        try LedgerState.compare("previousHash", expected.previousHash, previousHash)
        try LedgerState.compare("first", expected.first, first)
        try LedgerState.compare("count", expected.count, count)
        try LedgerState.compare("policyIndex", expected.policyIndex, policyIndex)
        try LedgerState.compare("validators", expected.validators, validators)
        try LedgerState.compare("mapRoot", expected.mapRoot, mapRoot)
    }
}
