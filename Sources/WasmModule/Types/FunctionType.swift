/// What a function takes and gives: WebAssembly core, 2.3.7.
package struct FunctionType: Hashable, Sendable, CustomStringConvertible {
    package var parameters: [ValueType]
    package var results: [ValueType]

    package init(_ parameters: [ValueType], _ results: [ValueType] = []) {
        self.parameters = parameters
        self.results = results
    }

    package var description: String {
        func list(_ types: [ValueType]) -> String { "[" + types.map(\.description).joined(separator: " ") + "]" }
        return "\(list(parameters)) -> \(list(results))"
    }
}
