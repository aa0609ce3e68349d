internal import Glibc
internal import Logging

/// One line of the log in the form that containerd's own lines have: logrus' text without colours.
struct ShimLogLine {
    /// The longest line, with its end: what a pipe takes in one piece (PIPE_BUF), never mixed with others' lines.
    static let limit = 4096

    /// The line's bytes, with its end.
    let bytes: [UInt8]

    init(at time: timespec, level: Logger.Level, message: String, fields: [String: String]) {
        var text = "time=\(Self.quoted(Self.format(time))) level=\(Self.name(of: level)) msg=\(Self.value(message))"
        for (key, value) in fields.sorted(by: { $0.key < $1.key }) {
            // These names are taken.
            text += key == "time" || key == "level" || key == "msg" ? " fields.\(key)=" : " \(key)="
            text += Self.value(value)
        }
        var bytes = Array(text.utf8.prefix(Self.limit - 1))
        bytes.append(UInt8(ascii: "\n"))
        self.bytes = bytes
    }

    /// RFC 3339 in UTC with nine digits of the second, as containerd writes it.
    static func format(_ time: timespec) -> String {
        var seconds = time.tv_sec
        var parts = unsafe tm()
        guard unsafe gmtime_r(&seconds, &parts) != nil else { return "" }
        let (year, month, day) = unsafe (parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday)
        let (hour, minute, second) = unsafe (parts.tm_hour, parts.tm_min, parts.tm_sec)
        let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
        let clock = "\(padded(hour, 2)):\(padded(minute, 2)):\(padded(second, 2))"
        return "\(date)T\(clock).\(padded(Int32(time.tv_nsec), 9))Z"
    }

    private static func padded(_ number: Int32, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    private static func name(of level: Logger.Level) -> String {
        switch level {
        case .trace: "trace"
        case .debug: "debug"
        case .info, .notice: "info"
        case .warning: "warning"
        case .error: "error"
        case .critical: "fatal"
        }
    }

    /// As it is where that is unmistakable, else quoted.
    static func value(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "-._/@^+".utf8.contains(byte)
            }
        }
        return isPlain ? text : quoted(text)
    }

    /// A string as Go's source has it: nothing in it can end the line or look like another field.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\u{7}": result += "\\a"
            case "\u{8}": result += "\\b"
            case "\u{C}": result += "\\f"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\u{B}": result += "\\v"
            case _ where isPrintable(scalar): result.unicodeScalars.append(scalar)
            case _ where scalar.value < 0x80: result += "\\x\(hexadecimal(scalar, 2))"
            case _ where scalar.value < 0x1_0000: result += "\\u\(hexadecimal(scalar, 4))"
            default: result += "\\U\(hexadecimal(scalar, 8))"
            }
        }
        return result + "\""
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        case .spaceSeparator: scalar == " "
        default: true
        }
    }

    private static func hexadecimal(_ scalar: Unicode.Scalar, _ width: Int) -> String {
        let digits = String(scalar.value, radix: 16)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
