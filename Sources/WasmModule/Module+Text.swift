extension Module {
    /// An import's or export's type in words, for messages.
    package func text(of type: ExternalType) -> String {
        switch type {
        case .function(let index): "function \(functionType(index))"
        case .table(let table): "table of \(table.element)"
        case .memory: "memory"
        case .tag(let index): "tag \(functionType(index).parameters)"
        case .global(let global): "\(global.isMutable ? "mutable " : "")global \(global.value)"
        }
    }
}
