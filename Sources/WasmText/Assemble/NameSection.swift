/// The names that a module's text gives, for its `name` section (core, appendix, 7.4.1).
struct NameSection {
    var module: [UInt8]?
    var functions = NameMap()
    /// Of each function, and by their index in it.
    var locals = NameMap()
    var labels = NameMap()
    var types = NameMap()
    var tables = NameMap()
    var memories = NameMap()
    var globals = NameMap()
    var elements = NameMap()
    var data = NameMap()
    /// Of each structure type.
    var fields = NameMap()
    var tags = NameMap()

    /// The contents of the section; empty without names.
    var contents: [UInt8] {
        var contents: [UInt8] = []
        if let module {
            var part: [UInt8] = []
            part.appendVector(module)
            contents.append(0)
            contents.appendVector(part)
        }
        let maps = [functions, locals, labels, types, tables, memories, globals, elements, data, fields, tags]
        for (id, map) in maps.enumerated() where !map.isEmpty {
            var part: [UInt8] = []
            map.vector.write(to: &part)
            contents.append(UInt8(id + 1))
            contents.appendVector(part)
        }
        return contents
    }
}
