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
        var address = UInt(bitPattern: code)
        // A caller is known by the instruction after its call, like all outer frames.
        var isReturnAddress = unsafe context.pointee.trap_is_return
        while let entry = arena.entry(at: isReturnAddress ? address - 8 : address) {
            if frames.count < Self.listedFrames {
                frames.append(describe(entry, address, isReturnAddress))
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

    private func describe(_ entry: CodeArena.Entry, _ address: UInt, _ isReturnAddress: Bool) -> Trap.Frame {
        let index = Int(unsafe entry.function.pointee.index)
        guard let record = unsafe entry.function.pointee.instance, let owner = unsafe record.pointee.owner else {
            return Trap.Frame(function: index, name: nil, offset: nil)
        }
        // SAFETY: an instance's record names the object that owns it.
        let instance = unsafe Unmanaged<Instance>.fromOpaque(owner).takeUnretainedValue()
        let word = Int(address - entry.start) / 8 - (isReturnAddress ? 1 : 0)
        let module = instance.module
        // Translating again with a source map costs a moment, once; keeping maps would cost memory always.
        let code = FunctionTranslator.translate(
            module, body: index - module.importedFunctionCount, wantsSourceMap: true)
        let offset = code.sourceMap.last { $0.word <= word }?.byte
        let name =
            instance.functionNames[index] ?? module.exports.first { $0.kind == .function && $0.index == index }?.name
        return Trap.Frame(function: index, name: name, offset: offset)
    }
}
