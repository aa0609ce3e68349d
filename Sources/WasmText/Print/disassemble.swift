/// A binary module as text (core, chapter 6), with the names of its name section. Assembling the text gives a module with
/// the same meaning: all indices, names and custom sections stay. The module need not be valid, only well-formed.
package func disassemble(_ module: [UInt8]) throws(BinaryError) -> [UInt8] {
    var printer = try ModulePrinter(module)
    return try printer.print()
}
