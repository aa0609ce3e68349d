/// The parameters and results of a module's function types in one list, so that looking at them keeps hold of nothing.
struct Signatures {
    private(set) var types: [ValueType] = []
    private var shapes: [Shape] = []

    private struct Shape {
        var start: Int32
        var parameters: Int32
        var results: Int32
    }

    init(_ types: ModuleTypes) {
        shapes.reserveCapacity(types.count)
        for index in 0..<types.count {
            let start = Int32(self.types.count)
            guard let function = types.function(index) else {
                shapes.append(Shape(start: start, parameters: 0, results: 0))
                continue
            }
            self.types += function.parameters
            self.types += function.results
            shapes.append(
                Shape(
                    start: start, parameters: Int32(function.parameters.count), results: Int32(function.results.count)))
        }
    }

    /// Where in `types` the parameters of the type at an index are.
    @inline(__always)
    func parameters(_ index: Int) -> Range<Int> {
        let shape = shapes[index]
        return Int(shape.start)..<Int(shape.start) + Int(shape.parameters)
    }

    @inline(__always)
    func results(_ index: Int) -> Range<Int> {
        let shape = shapes[index]
        let start = Int(shape.start) + Int(shape.parameters)
        return start..<start + Int(shape.results)
    }
}
