/// The names in a module's name section (core, appendix 7.4.1, and the extended-name-section proposal).
struct BinaryNames {
    /// Names by index.
    typealias Map = [UInt32: [UInt8]]

    private(set) var module: [UInt8]?
    private(set) var functions: Map = [:]
    private(set) var locals: [UInt32: Map] = [:]
    private(set) var labels: [UInt32: Map] = [:]
    private(set) var types: Map = [:]
    private(set) var tables: Map = [:]
    private(set) var memories: Map = [:]
    private(set) var globals: Map = [:]
    private(set) var elements: Map = [:]
    private(set) var data: Map = [:]
    private(set) var fields: [UInt32: Map] = [:]
    private(set) var tags: Map = [:]

    /// No names.
    init() {}

    /// Reads the contents of the section.
    init(_ section: BinaryReader) throws(BinaryError) {
        var section = section
        while !section.isAtEnd {
            let id = try section.byte()
            var part = try section.part()
            switch id {
            case 0: module = try part.name()
            case 1: functions = try Self.map(&part)
            case 2: locals = try Self.indirectMap(&part)
            case 3: labels = try Self.indirectMap(&part)
            case 4: types = try Self.map(&part)
            case 5: tables = try Self.map(&part)
            case 6: memories = try Self.map(&part)
            case 7: globals = try Self.map(&part)
            case 8: elements = try Self.map(&part)
            case 9: data = try Self.map(&part)
            case 10: fields = try Self.indirectMap(&part)
            case 11: tags = try Self.map(&part)
            // Parts that came later.
            default: continue
            }
            guard part.isAtEnd else { throw part.error("section size mismatch") }
        }
    }

    private static func map(_ reader: inout BinaryReader) throws(BinaryError) -> Map {
        var map: Map = [:]
        for _ in 0..<(try reader.count()) {
            let index = try reader.u32()
            map[index] = try reader.name()
        }
        return map
    }

    private static func indirectMap(_ reader: inout BinaryReader) throws(BinaryError) -> [UInt32: Map] {
        var maps: [UInt32: Map] = [:]
        for _ in 0..<(try reader.count()) {
            let index = try reader.u32()
            maps[index] = try map(&reader)
        }
        return maps
    }
}
