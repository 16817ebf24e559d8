/// The first bytes of a data item: a major type and an argument (RFC 8949 section 3).
enum CBORHead {
    /// The top three bits of the first byte.
    enum MajorType: UInt8 {
        case unsigned = 0
        case negative = 1
        case bytes = 2
        case text = 3
        case array = 4
        case map = 5
        case tag = 6
        case simple = 7
    }

    static let `false`: UInt8 = 0xF4
    static let `true`: UInt8 = 0xF5
    static let null: UInt8 = 0xF6

    /// How many bytes a head with this argument has.
    static func byteCount(of argument: UInt64) -> Int {
        switch argument {
        case 0..<24: 1
        case 24...0xFF: 2
        case 0x100...0xFFFF: 3
        case 0x1_0000...0xFFFF_FFFF: 5
        default: 9
        }
    }

    /// Appends a head in its shortest form.
    static func append(_ type: MajorType, _ argument: UInt64, to output: inout [UInt8]) {
        let top = type.rawValue << 5
        switch argument {
        case 0..<24:
            output.append(top | UInt8(argument))
        case 24...0xFF:
            output.append(top | 24)
            output.append(UInt8(argument))
        case 0x100...0xFFFF:
            output.append(top | 25)
            append(argument, byteCount: 2, to: &output)
        case 0x1_0000...0xFFFF_FFFF:
            output.append(top | 26)
            append(argument, byteCount: 4, to: &output)
        default:
            output.append(top | 27)
            append(argument, byteCount: 8, to: &output)
        }
    }

    private static func append(_ argument: UInt64, byteCount: UInt64, to output: inout [UInt8]) {
        for position in (0..<byteCount).reversed() {
            output.append(UInt8(truncatingIfNeeded: argument >> (position * 8)))
        }
    }
}
