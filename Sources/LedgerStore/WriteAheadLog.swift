import Foundation

/// Looks for damage in SQLite's write-ahead log before SQLite opens it.
///
/// SQLite ends its recovery at the first frame that does not fit, without a word. At the end of the
/// log that is right: the last transaction was being written when the power went and was never
/// reported. Before the end it would drop transactions that were reported, and with them votes. A later
/// transaction is only begun after the one before is synced, so frames after a whole transaction that
/// contains the bad one prove damage.
///
/// Source: sqlite.org/fileformat2.html section 4.
struct WriteAheadLog {
    private static let headerBytes = 32
    private static let frameHeaderBytes = 24

    private let databaseFile: String
    private let file: String

    /// The log next to `databaseFile`.
    init(databaseFile: String) {
        self.databaseFile = databaseFile
        file = databaseFile + "-wal"
    }

    /// Says nothing when there is no log, or none with damage.
    ///
    /// - Throws: ``StoreError/damaged(file:detail:)`` or ``StoreError/inputOutput(file:detail:)``.
    func check() throws(StoreError) {
        guard FileManager.default.fileExists(atPath: file) else { return }
        let detail: String?
        do {
            let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: file))
            defer { try? handle.close() }
            let header = try WriteAheadLog.read(handle, WriteAheadLog.headerBytes)
            guard !header.isEmpty else { return }
            guard FileManager.default.fileExists(atPath: databaseFile) else {
                throw StoreError.damaged(
                    file: databaseFile,
                    detail: "it is gone, but its write-ahead log is there"
                )
            }
            detail = try damage(header: header, in: handle)
        } catch {
            throw StoreError(error, file: file)
        }
        if let detail { throw .damaged(file: file, detail: detail) }
    }

    private func damage(header: [UInt8], in handle: FileHandle) throws -> String? {
        guard header.count == WriteAheadLog.headerBytes else { return nil }
        var scan = Scan(header: header)
        let pageBytes = Int(WriteAheadLog.word(header, 8))
        // The header is synced before the first frame is written.
        guard scan.isHeaderValid, (512...65_536).contains(pageBytes) else {
            let rest = try WriteAheadLog.read(handle, 1)
            return rest.isEmpty ? nil : "its header fails the checksum"
        }
        let frameBytes = WriteAheadLog.frameHeaderBytes + pageBytes
        while true {
            let frame = try WriteAheadLog.read(handle, frameBytes)
            guard frame.count == frameBytes else { return nil }
            if let bad = scan.damage(after: frame) {
                return "frame \(bad) fails the checksum, but later transactions are there"
            }
        }
    }

    private static func read(_ handle: FileHandle, _ count: Int) throws -> [UInt8] {
        Array(try handle.read(upToCount: count) ?? Data())
    }

    /// A big-endian word.
    fileprivate static func word(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
        bytes[offset..<(offset + 4)].reduce(0) { $0 << 8 | UInt32($1) }
    }
}

/// One pass over the frames.
private struct Scan {
    private let salts: [UInt8]
    private let isBigEndian: Bool
    private var checksum: Checksum
    private(set) var isHeaderValid: Bool

    private var number = 0
    private var firstBad: Int?
    /// Whether the transaction with the first bad frame came to its end.
    private var isClosed = false

    init(header: [UInt8]) {
        salts = Array(header[16..<24])
        isBigEndian = header[3] & 1 == 1
        checksum = Checksum()
        checksum.add(header[0..<24], isBigEndian: isBigEndian)
        isHeaderValid = checksum == Checksum(storedIn: header, at: 24)
    }

    /// Takes the next frame; returns the number of the first bad one when this one proves damage.
    mutating func damage(after frame: [UInt8]) -> Int? {
        defer { number += 1 }
        let hasSalts = frame[8..<16].elementsEqual(salts)
        let endsTransaction = WriteAheadLog.word(frame, 4) != 0
        checksum.add(frame[0..<8], isBigEndian: isBigEndian)
        checksum.add(frame[24...], isBigEndian: isBigEndian)
        let stored = Checksum(storedIn: frame, at: 16)
        let isValid = hasSalts && checksum == stored
        checksum = stored  // Each later frame is judged by the one before it as it stands.
        guard let firstBad else {
            if !isValid {
                firstBad = number
                isClosed = hasSalts && endsTransaction
            }
            return nil
        }
        guard isValid else { return nil }
        if isClosed { return firstBad }
        isClosed = endsTransaction
        return nil
    }
}

/// SQLite's running checksum over pairs of words.
private struct Checksum: Equatable {
    private var first: UInt32 = 0
    private var second: UInt32 = 0

    init() {}

    init(storedIn bytes: [UInt8], at offset: Int) {
        first = WriteAheadLog.word(bytes, offset)
        second = WriteAheadLog.word(bytes, offset + 4)
    }

    mutating func add(_ bytes: ArraySlice<UInt8>, isBigEndian: Bool) {
        bytes.withUnsafeBytes { raw in
            for offset in stride(from: 0, to: raw.count - 7, by: 8) {
                let left = raw.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
                let right = raw.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self)
                first &+= (isBigEndian ? left.bigEndian : left.littleEndian) &+ second
                second &+= (isBigEndian ? right.bigEndian : right.littleEndian) &+ first
            }
        }
    }
}
