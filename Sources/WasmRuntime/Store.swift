internal import CWasmInterpreter
internal import Glibc
internal import WasmModule

/// What instances that know each other share (core, 4.2.3): one thread's stack, the translated code, and the
/// numbering of function types.
///
/// It keeps every instance made in it: a function may be in another instance's table long after the one that it
/// came from was dropped, or failed to start. A store is used by one thread at a time.
// SAFETY: the context and its stack are made in `init` and go in `deinit`; a store is used by one thread at a time.
@safe package final class Store {
    let context: UnsafeMutablePointer<wasm_context>
    /// The operand stack and frames of all calls: reserved at once, provided as it is touched.
    private let stackBytes: Int
    let arena = CodeArena()
    /// Elements that tables may still get, all together.
    let tableBudget: UnsafeMutablePointer<UInt64>
    private var instances: [Instance] = []
    /// The types of all modules, each once: what their numbers in code and records mean.
    private(set) var types = TypeHierarchy()
    /// The same as running code looks at them.
    let typeRecords = TypeRecords()
    /// What the host function said that ended the last call.
    var hostReason = ""
    /// The memory of an instance that has none.
    let noMemory: GuestMemory

    /// Bytes for the frames of nested calls, unless the caller says otherwise.
    package static let defaultStackBytes = 8 << 20

    /// Bytes of objects that a guest may have at once, unless the caller says otherwise. Address space only, until it is used.
    package static let defaultHeapBytes = 1 << 30

    /// `heapBytes`: the most that objects may take. `collectsEvery`: for tests, collect at each so-manieth new object.
    ///
    /// Throws `RuntimeError` when the system gives no stack or takes no fault handler.
    package init(
        stackBytes: Int = Store.defaultStackBytes, heapBytes: Int = Store.defaultHeapBytes, collectsEvery: Int = 0
    ) throws(RuntimeError) {
        self.stackBytes = stackBytes
        unsafe tableBudget = .allocate(capacity: 1)
        unsafe tableBudget.initialize(to: ImplementationLimits.tableElements)
        // SAFETY: a fresh anonymous mapping, owned by this object until `deinit`.
        let mapping = unsafe mmap(
            nil, stackBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
        guard let mapping = unsafe mapping, unsafe mapping != MAP_FAILED, wasm_install_fault_handler() == 0 else {
            throw RuntimeError(.outOfMemory("the guest's stack of \(stackBytes) bytes"))
        }
        let stack = unsafe mapping.assumingMemoryBound(to: UInt64.self)
        unsafe noMemory = GuestMemory(base: UnsafeMutableRawPointer(stack).assumingMemoryBound(to: UInt8.self), size: 0)
        unsafe context = .allocate(capacity: 1)
        unsafe context.initialize(
            to: wasm_context(
                stack: stack, stack_end: stack + stackBytes / 8, translate: translate, owner: nil, top: stack,
                trap_code: nil, trap_frame: nil, trap_is_return: false, exit_code: 0, depth: 0, caller: nil,
                fault_target: nil,
                find: findFunction,
                instances: nil, types: UnsafePointer(typeRecords.list), heap: wasm_heap()))
        unsafe context.pointee.heap.limit = max(heapBytes, 1)
        unsafe context.pointee.heap.stress = UInt32(clamping: collectsEvery)
        unsafe context.pointee.owner = Unmanaged.passUnretained(self).toOpaque()
    }

    deinit {
        // SAFETY: made in `init`; whoever calls a function holds the store, so nothing runs any more.
        unsafe wasm_heap_free(&context.pointee.heap)
        unsafe tableBudget.deallocate()
        unsafe munmap(context.pointee.stack, stackBytes)
        unsafe context.deallocate()
    }

    func keep(_ instance: Instance) { instances.append(instance) }

    /// The number of a function type that names no module's types.
    func number(of type: FunctionType) -> UInt32 {
        defer { updateRecords() }
        return UInt32(types.define([DefinedType(.function(type))]))
    }

    /// The store's number of each of a module's types, by the module's own number.
    func numbers(of module: Module) -> [Int] {
        defer { updateRecords() }
        return module.types.numbers(in: &types)
    }

    private func updateRecords() {
        typeRecords.update(from: types)
        unsafe context.pointee.types = UnsafePointer(typeRecords.list)
    }

    /// What a status other than `WASM_RETURNED` means, with the frames that were running.
    func end(_ status: wasm_status) -> CallEnd {
        if status == WASM_EXITED { return .exited(unsafe context.pointee.exit_code) }
        let reason = status == WASM_TRAP_HOST ? hostReason : Trap.reason(status)
        let (frames, omitted) = backtrace()
        return .trapped(Trap(reason: reason, frames: frames, omittedFrames: omitted))
    }
}

/// What the interpreter calls on a function's first call.
private let translate:
    @convention(c) (UnsafeMutablePointer<wasm_context>, UnsafeMutablePointer<wasm_function>) ->
        wasm_status = { context, function in
            // SAFETY: a function without code of its own belongs to an instance, whose record names its owner.
            guard let record = unsafe function.pointee.instance, let data = unsafe record.pointee.owner else {
                return WASM_TRAP_HOST
            }
            let instance = unsafe Unmanaged<Instance>.fromOpaque(data).takeUnretainedValue()
            unsafe instance.translate(function)
            return WASM_RETURNED
        }

/// How the interpreter finds the function that a word of code belongs to.
private let findFunction:
    @convention(c) (UnsafePointer<wasm_context>, UnsafePointer<UInt64>) ->
        UnsafePointer<wasm_function>? = { context, code in
            // SAFETY: the context's owner is the store that made it.
            guard let owner = unsafe context.pointee.owner else { return nil }
            let store = unsafe Unmanaged<Store>.fromOpaque(owner).takeUnretainedValue()
            return unsafe store.arena.entry(at: UInt(bitPattern: code)).map { unsafe UnsafePointer($0.function) }
        }

extension Store {
    /// Whether functions translated from now on, in any store, run vector instructions without what only this machine has:
    /// for tests.
    package static func usePortableVectors(_ isWanted: Bool) { wasm_use_portable_vectors(isWanted) }
}
