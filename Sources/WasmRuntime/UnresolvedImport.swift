package import WasmModule

/// An import that instantiation found nothing for, or nothing of its type.
package struct UnresolvedImport: CustomStringConvertible {
    package let item: Module.Import
    /// How what there is differs from what is wanted; `nil` where there is nothing.
    package let problem: String?
    /// What is wanted, in words.
    let wanted: String

    package var description: String {
        "\(item.module).\(item.name)" + (problem.map { ": \($0)" } ?? " (\(wanted))")
    }
}
