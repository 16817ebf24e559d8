/// A moment in whole POSIX seconds, written as RFC 3339 in UTC: `2025-06-01T12:00:00Z`.
package struct Timestamp: Hashable, Comparable, Sendable {
    /// The last second of the year 9999, beyond which RFC 3339 has no form.
    package static let secondsMax: UInt64 = 253_402_300_799

    /// Seconds since 1970-01-01T00:00:00Z, at most ``secondsMax``.
    package let seconds: UInt64

    /// Makes a moment from POSIX seconds; later moments than the year 9999 become its last second.
    package init(seconds: UInt64) {
        self.seconds = min(seconds, Self.secondsMax)
    }

    /// Reads `YYYY-MM-DDTHH:MM:SSZ`, or a date alone, which means its first second.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 20 || bytes.count == 10 else { return nil }
        func number(_ range: Range<Int>) -> Int64? {
            var value: Int64 = 0
            for byte in bytes[range] {
                guard (0x30...0x39).contains(byte) else { return nil }
                value = value * 10 + Int64(byte - 0x30)
            }
            return value
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
            bytes[4] == 0x2D, bytes[7] == 0x2D
        else { return nil }
        guard let days = Self.days(year: year, month: month, day: day) else { return nil }
        guard bytes.count == 20 else {
            self.init(seconds: UInt64(days) * 86_400)
            return
        }
        guard let hour = number(11..<13), let minute = number(14..<16),
            let second = number(17..<19),
            bytes[10] == 0x54, bytes[13] == 0x3A, bytes[16] == 0x3A, bytes[19] == 0x5A,
            hour < 24, minute < 60, second < 60
        else { return nil }
        self.init(seconds: UInt64(days * 86_400 + hour * 3_600 + minute * 60 + second))
    }

    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.seconds < right.seconds
    }

    /// The RFC 3339 form.
    package var text: String {
        let clock = seconds % 86_400
        return "\(date)T\(Self.padded(clock / 3_600)):\(Self.padded(clock / 60 % 60))"
            + ":\(Self.padded(clock % 60))Z"
    }

    /// The calendar date in UTC: `2025-06-01`.
    package var date: String {
        let (year, month, day) = Self.civil(days: Int64(seconds / 86_400))
        return "\(Self.padded(UInt64(year), to: 4))-\(Self.padded(UInt64(month)))"
            + "-\(Self.padded(UInt64(day)))"
    }

    private static func padded(_ value: UInt64, to width: Int = 2) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    /// Days since 1970-01-01 of a proleptic Gregorian date from 1970 to 9999, nil if no such date.
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64? {
        guard (1970...9999).contains(year), (1...12).contains(month), day >= 1 else { return nil }
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = era * 146_097 + dayOfEra - 719_468
        return civil(days: days) == (year, month, day) ? days : nil
    }

    /// The proleptic Gregorian date of a day counted from 1970-01-01.
    private static func civil(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}

extension Timestamp: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let value = Timestamp(text) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "expected YYYY-MM-DDTHH:MM:SSZ, got \(text)"
            )
        }
        self = value
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
