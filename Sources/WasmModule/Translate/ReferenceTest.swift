internal import CWasmInterpreter

/// What a reference may be tested for, as instructions can say it: a row of gc.def.
struct ReferenceTest {
    /// The row's first instruction: two forms of a test in each place, then casts, branches and opposite branches.
    let first: UInt32
    /// The answer by class or for null, as gc.def says.
    let answers: Int
    /// The number of the type that is asked for, if one is.
    let type: UInt64?

    /// Whether a reference is of this type.
    init(_ wanted: ValueType, in types: ModuleTypes) {
        let null = wanted.isNullable ? 1 : 0
        let heapType = wanted.heapType
        if let number = heapType.number {
            let isFunction = types.function(number: number) != nil
            first = isFunction ? WASM_test_function_s_r.rawValue : WASM_test_object_s_r.rawValue
            answers = null
            type = UInt64(number)
            return
        }
        type = nil
        if let classes = Self.classes(of: heapType) {
            first = WASM_test_class_s_r.rawValue
            answers = null | classes
        } else {
            let isBottom = [.none, .noFunction, .noExternal, .noException].contains(heapType)
            first = WASM_test_null_s_r.rawValue
            answers = null | (isBottom ? 0 : 2)
        }
    }

    /// Instructions that a row of gc.def makes, and how many rows there are.
    private static let forms: UInt32 = 10
    private static let rows: UInt32 = 4

    /// Whether an instruction is of one of those rows.
    static func isTest(_ instruction: UInt64) -> Bool {
        let start = UInt64(WASM_test_class_s_r.rawValue)
        return instruction >= start && instruction < start + UInt64(rows * forms)
    }

    /// The test that an instruction in the code is, with its result in the accumulator alone; and where it has its operand.
    init?(_ words: ArraySlice<UInt64>, source: inout FunctionTranslator.Source) {
        let start = WASM_test_class_s_r.rawValue
        guard let word = words.first, Self.isTest(word) else { return nil }
        let form = (UInt32(word) - start) % Self.forms
        guard form == 0 || form == 2 else { return nil }
        let fields = words[words.startIndex + 1]
        first = UInt32(word) - form
        answers = Int(fields >> 16 & 0xFFFF)
        type = words.count > 2 ? words[words.startIndex + 2] : nil
        source = form == 0 ? .slot(Int(fields >> 32 & 0xFFFF)) : .accumulator
    }

    /// The classes of references that an abstract type below `any` has, a bit for each.
    private static func classes(of type: HeapType) -> Int? {
        func bit(_ kind: wasm_class) -> Int { 1 << Int(kind.rawValue) }
        return switch type {
        case .eq: bit(WASM_CLASS_I31) | bit(WASM_CLASS_STRUCTURE) | bit(WASM_CLASS_ARRAY)
        case .i31: bit(WASM_CLASS_I31)
        case .structure: bit(WASM_CLASS_STRUCTURE)
        case .array: bit(WASM_CLASS_ARRAY)
        default: nil
        }
    }
}
