internal import CWasmInterpreter
internal import WasmModule

extension Store {
    /// Frames listed of a backtrace: the innermost.
    private static let listedFrames = 32

    /// The guest functions that were running when the last call trapped, innermost first, and how many more.
    func backtrace() -> (frames: [Trap.Frame], omitted: Int) {
        guard let code = unsafe context.pointee.trap_code, var frame = unsafe context.pointee.trap_frame else {
            return ([], 0)
        }
        var frames: [Trap.Frame] = []
        var omitted = 0
        // Translating again with a source map costs a moment for each function; keeping maps would cost memory always.
        var sources: [UInt: [(word: Int, byte: Int)]] = [:]
        var address = UInt(bitPattern: code)
        // A caller is known by the instruction after its call, like all outer frames.
        var isReturnAddress = unsafe context.pointee.trap_is_return
        while let entry = arena.entry(at: isReturnAddress ? address - 8 : address) {
            if frames.count < Self.listedFrames {
                frames.append(describe(entry, address, isReturnAddress, &sources))
            } else {
                omitted += 1
            }
            // SAFETY: the frame is one of the function's, so its header is where the type says (wasm_runtime.h).
            let header = unsafe frame + Int(entry.function.pointee.header_slot)
            guard unsafe header >= context.pointee.stack, unsafe header + 3 <= context.pointee.stack_end else { break }
            guard let caller = unsafe UnsafeMutablePointer<UInt64>(bitPattern: UInt(header[1])) else { break }
            address = UInt(unsafe header[0])
            unsafe frame = caller
            isReturnAddress = true
        }
        return (frames, omitted)
    }

    /// `sources`: the source maps made so far, by where the code starts.
    private func describe(
        _ entry: CodeArena.Entry, _ address: UInt, _ isReturnAddress: Bool,
        _ sources: inout [UInt: [(word: Int, byte: Int)]]
    ) -> Trap.Frame {
        let index = Int(unsafe entry.function.pointee.index)
        guard let record = unsafe entry.function.pointee.instance, let owner = unsafe record.pointee.owner else {
            return Trap.Frame(function: index, name: nil, offset: nil)
        }
        // SAFETY: an instance's record names the object that owns it.
        let instance = unsafe Unmanaged<Instance>.fromOpaque(owner).takeUnretainedValue()
        let word = Int(address - entry.start) / 8 - (isReturnAddress ? 1 : 0)
        let module = instance.module
        let source =
            sources[entry.start]
            ?? FunctionTranslator.translate(
                module, body: index - module.importedFunctionCount, wantsSourceMap: true
            ).sourceMap
        sources[entry.start] = source
        let offset = source.last { $0.word <= word }?.byte
        let name =
            instance.functionNames[index] ?? module.exports.first { $0.kind == .function && $0.index == index }?.name
        return Trap.Frame(function: index, name: name, offset: offset)
    }
}
