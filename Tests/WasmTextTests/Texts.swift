import TestSupport

@testable import WasmText

/// The binary module of a text.
func binary(_ text: String) throws(TextError) -> [UInt8] { try assemble(Array(text.utf8)) }

/// Why a text is refused, and where: `2:7: unknown operator foo`. `nil` where it is not.
func refusal(_ text: String) -> String? {
    do {
        _ = try binary(text)
        return nil
    } catch {
        return error.description
    }
}

/// The contents of the sections of a module with this id, without lengths.
func sections(_ id: UInt8, of module: [UInt8]) -> [[UInt8]] {
    var found: [[UInt8]] = []
    var offset = 8
    while offset < module.count {
        let section = module[offset]
        offset += 1
        var length = 0
        var shift = 0
        while module[offset] >= 0x80 {
            length |= Int(module[offset] & 0x7F) << shift
            shift += 7
            offset += 1
        }
        length |= Int(module[offset]) << shift
        offset += 1
        if section == id { found.append(Array(module[offset..<offset + length])) }
        offset += length
    }
    return found
}

/// The one section with this id.
func section(_ id: UInt8, of text: String) throws -> [UInt8] { sections(id, of: try binary(text)).first ?? [] }

/// The body of the only function of a text, from its first instruction on; it has no locals.
func body(_ text: String) throws -> [UInt8] {
    let code = try section(10, of: text)
    // How many functions there are, how long this one is, and no locals.
    let length = code[1...].prefix { $0 >= 0x80 }.count + 1
    return Array(code.dropFirst(length + 2))
}

/// The instructions of a function that has these, without the last `end`.
func instructions(_ text: String) throws -> [UInt8] { Array(try body("(func \(text))").dropLast()) }
