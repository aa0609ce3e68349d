internal import CWasmInterpreter

/// Translates one validated function body to the interpreter's instructions, in one pass.
///
/// Values stay where they are as long as possible: a `local.get` or a constant writes no code, and a result
/// stays in its accumulator. When somebody needs it in a slot after all, the instruction that made it is
/// changed to write the slot too, so moving a value rarely costs an instruction of its own.
package struct FunctionTranslator {
    let module: Module
    var reader: ByteReader
    let type: FunctionType
    let shape: FrameShape
    /// The types of locals, parameters first.
    var locals: [ValueType] = []
    /// The slots of locals, if a vector is among them: otherwise they follow from the locals' order.
    var localSlots: [Int] = []
    /// The slot of the operand at height 0.
    var firstOperand = 0

    var words: [UInt64] = []
    /// The word at which the last instruction starts, if the next one follows it in every case.
    var last: Int?
    /// The instruction right before that one, if the same holds for it.
    var beforeLast: Int?
    var operands: [Operand] = []
    /// By local: how many operands are still in its slot.
    var localUses: [Int32] = []
    /// All of those together.
    var allLocalUses = 0
    /// Of a constant vector just written: what the accumulator for vectors held before.
    var beforeConstant: Accumulator?
    var accumulators = [Accumulator](repeating: Accumulator(), count: AccumulatorClass.allCases.count)
    var controls: [Control] = []
    var isUnreachable = false
    /// Blocks opened in code that cannot be reached, and so is not translated.
    var skippedBlocks = 0
    var frameSlots = 0

    var clauses: [FunctionCode.Clause] = []
    /// The clauses of each guarded block, in the order in which the blocks begin.
    var guards: [[Int]] = []

    let wantsSourceMap: Bool
    var sourceMap: [(word: Int, byte: Int)] = []

    struct Control {
        enum Kind { case function, block, loop, then, otherwise, legacyTry, legacyCatch }
        var kind: Kind
        /// Slots that go in, and that come out.
        let parameters: Int
        let results: Int
        let resultTypes: [ValueType]
        let parameterTypes: [ValueType]
        /// The operand stack's height below the parameters.
        let height: Int
        /// A loop's first word.
        let start: Int
        /// Branches to the end, to be given their distance there.
        var branches: [Branch] = []
        /// Catch clauses of a guarded block, by their number in the order of writing.
        var guards: Range<Int> = 0..<0
        /// How many guarded blocks had begun when this one did, itself among them.
        var guardCount = 0
        /// Of a legacy `try`, the word at which its guarded part ends.
        var guardedEnd = 0
        /// The branch over the first half of an `if`.
        var over: Branch?
    }

    /// A branch's target to be filled in.
    enum Branch {
        /// A distance from the word that the instruction starts at; it stands in a word's high or low half.
        case distance(from: Int, word: Int, isHigh: Bool)
        /// A catch clause, by its number in the order of writing.
        case clause(Int)
    }

    /// Translates the module's own function number `index`, counted from its first body.
    ///
    /// `wantsSourceMap`: whether to say which byte of the module each instruction came from.
    package static func translate(_ module: Module, body index: Int, wantsSourceMap: Bool = false) -> FunctionCode {
        var translator = FunctionTranslator(module, body: index, wantsSourceMap: wantsSourceMap)
        do throws(ModuleError) {
            try translator.translate()
        } catch {
            // Validation read the same bytes to their end. Should the two ever disagree, the function traps.
            translator.words = [UInt64(WASM_unreachable.rawValue)]
            translator.clauses = []
        }
        return FunctionCode(
            words: translator.words, frameSlots: translator.frameSlots,
            zeroedSlots: translator.firstOperand - translator.shape.headerSlot - FrameShape.headerSlots,
            clauses: translator.orderedClauses, sourceMap: translator.sourceMap)
    }

    private init(_ module: Module, body index: Int, wantsSourceMap: Bool) {
        self.module = module
        let range = module.bodies[index].range
        reader = ByteReader(module.bytes, from: range.lowerBound, to: range.upperBound)
        type = module.type(ofFunction: module.importedFunctionCount + index)
        shape = FrameShape(type)
        self.wantsSourceMap = wantsSourceMap
        // Most bodies need fewer than two words a byte.
        words.reserveCapacity(range.count * 2)
    }

    private mutating func translate() throws(ModuleError) {
        locals = type.parameters
        for _ in 0..<Int(try reader.u32()) {
            let count = Int(try reader.u32())
            let type = try reader.valueType(in: module.types)
            locals.append(contentsOf: repeatElement(type, count: count))
        }
        localUses = [Int32](repeating: 0, count: locals.count)
        firstOperand = shape.headerSlot + FrameShape.headerSlots + locals.count - shape.parameterSlots
        if locals.contains(.v128) { placeLocals() }
        // Zeroing locals goes in steps of four.
        frameSlots = firstOperand + 4
        controls.append(
            Control(
                kind: .function, parameters: 0, results: shape.resultSlots, resultTypes: type.results,
                parameterTypes: [], height: 0, start: 0))
        while !controls.isEmpty {
            if wantsSourceMap { noteSource() }
            if isUnreachable { try skipInstruction() } else { try translateInstruction() }
        }
    }

    /// Remembers that code written from here on comes from the instruction about to be read.
    private mutating func noteSource() {
        // A fused instruction may have been taken back: what came later never started here.
        while let last = sourceMap.last, last.word >= words.count { sourceMap.removeLast() }
        sourceMap.append((words.count, reader.offset))
    }

    // MARK: - Slots

    func slot(ofLocal index: Int) -> Int {
        if !localSlots.isEmpty { return localSlots[index] }
        return index < shape.parameterSlots
            ? index : shape.headerSlot + FrameShape.headerSlots + index - shape.parameterSlots
    }

    func home(_ height: Int) -> Int { firstOperand + height }

    // MARK: - The operand stack

    mutating func push(_ place: Operand.Place, _ type: ValueType) {
        if case .local(let index) = place {
            localUses[index] += 1
            allLocalUses += 1
        }
        operands.append(Operand(place: place, type: type))
        if type == .v128 { operands.append(.upperHalf) }
        reserve(upTo: operands.count)
    }

    /// Makes the frame large enough for operands up to a height.
    mutating func reserve(upTo height: Int) {
        let needed = home(height) + 4
        if needed > frameSlots { frameSlots = needed }
    }

    /// Takes the top operand off. One that is in an accumulator alone is still there until the next instruction
    /// that changes it.
    mutating func pop() -> (operand: Operand, height: Int) {
        var operand = operands.removeLast()
        if operand.isUpperHalf { operand = operands.removeLast() }
        switch operand.place {
        case .local(let index): endUse(ofLocal: index)
        case .accumulator: accumulators[AccumulatorClass(operand.type).rawValue].operand = nil
        case .home, .constant: break
        }
        return (operand, operands.count)
    }

    /// The slot that holds the operand, putting it into one if it is in none. `height` is its place on the
    /// stack; it may just have been popped.
    mutating func slot(of operand: Operand, at height: Int) -> Int {
        switch operand.place {
        case .home: return home(height)
        case .local(let index): return slot(ofLocal: index)
        case .constant(let bits):
            emitConstant(bits, to: home(height))
            return home(height)
        case .accumulator:
            store(AccumulatorClass(operand.type), to: home(height))
            return home(height)
        }
    }

    /// Makes the instruction that filled an accumulator write `slot` too.
    mutating func store(_ accumulator: AccumulatorClass, to slot: Int) {
        let producer = accumulators[accumulator.rawValue].producer
        words[producer] += 1
        words[producer + 1] = words[producer + 1] & ~0xFFFF | UInt64(slot)
        forget(slot: slot)
        accumulators[accumulator.rawValue].mirror = slot
    }

    /// Puts the operand at `height` into its home slot.
    mutating func settle(_ height: Int) {
        let operand = operands[height]
        switch operand.place {
        case .home: return
        case .local(let index):
            endUse(ofLocal: index)
            emitCopy(operand.type, from: slot(ofLocal: index), to: home(height))
        case .constant(let bits): emitConstant(bits, to: home(height))
        case .accumulator:
            let accumulator = AccumulatorClass(operand.type)
            store(accumulator, to: home(height))
            accumulators[accumulator.rawValue].operand = nil
        }
        operands[height].place = .home
    }

    /// Settles the operand that is in this accumulator alone, before something else overwrites it.
    mutating func settle(_ accumulator: AccumulatorClass) {
        if let height = accumulators[accumulator.rawValue].operand { settle(height) }
    }

    /// Forgets what the accumulators hold: after a call, or where several ways meet.
    mutating func forgetAccumulators() {
        for accumulator in AccumulatorClass.allCases { accumulators[accumulator.rawValue] = Accumulator() }
    }

    /// Settles the operands that the code of a block could otherwise change: those in accumulators and locals.
    mutating func settleForBlock() {
        for accumulator in AccumulatorClass.allCases { settle(accumulator) }
        var height = operands.count - 1
        while allLocalUses > 0 {
            if case .local = operands[height].place { settle(height) }
            height -= 1
        }
    }

    private mutating func endUse(ofLocal index: Int) {
        localUses[index] -= 1
        allLocalUses -= 1
    }

    /// Saves the operands that still are in a local's slot, before the local changes.
    mutating func settleUses(ofLocal index: Int) {
        var height = operands.count - 1
        while localUses[index] > 0 {
            if operands[height].place == .local(index) { settle(height) }
            height -= 1
        }
    }

    /// Notes that a slot is about to get another value.
    mutating func forget(slot: Int) {
        for accumulator in AccumulatorClass.allCases where accumulators[accumulator.rawValue].mirror == slot {
            accumulators[accumulator.rawValue].mirror = nil
        }
        // A vector is in the slot behind as well.
        if accumulators[AccumulatorClass.vector.rawValue].mirror == slot - 1 {
            accumulators[AccumulatorClass.vector.rawValue].mirror = nil
        }
    }
}
