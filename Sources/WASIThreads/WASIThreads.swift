internal import CLinux
internal import Glibc
package import WasmModule
package import WasmRuntime

/// wasi-threads: what a module imports from `wasi` to have threads of its own.
///
/// A thread is an instance of the same module in a store of its own, on a thread of the host's; what all of them have
/// together is the memory that they import. Each has its own tables and globals. How a thread's run ends the program is the
/// starter's to say: by contract a trap or `proc_exit` in any thread ends all.
package final class WASIThreads: @unchecked Sendable {
    /// How the program ends in a thread.
    package enum Ending {
        case trapped(Trap)
        case exited(UInt32)
    }

    /// What a module's imports stand for in a store: functions are made anew for each thread.
    package typealias Provide = (_ module: String, _ name: String, _ store: Store) -> External?

    private let module: Module
    private let end: @Sendable (Ending) -> Never
    /// Set once, before the first thread starts.
    private var provide: Provide?
    private let state = ThreadCount()

    /// Threads that a program may have at once, besides its first.
    package static let limit = 1024

    /// Bytes of native stack of each: the interpreter needs little, a host's function called from 200 others more.
    private static let nativeStack = 1 << 20

    /// Bytes for the frames of a thread's nested calls: address space until it is used.
    private static let guestStack = 4 << 20

    /// `end` ends the process.
    package init(_ module: Module, end: @escaping @Sendable (Ending) -> Never) {
        self.module = module
        self.end = end
    }

    /// Whether a module asks for threads.
    package static func areWanted(by module: Module) -> Bool {
        module.imports.contains { $0.module == "wasi" && $0.name == "thread-spawn" }
    }

    /// Says what threads get for the module's imports. To be called before the program runs.
    package func begin(_ provide: @escaping Provide) { self.provide = provide }

    /// What a guest imports as `name` from `module`; `nil` where there is nothing.
    package func provided(_ name: String, from module: String) -> HostFunction? {
        guard module == "wasi", name == "thread-spawn" else { return nil }
        return HostFunction(FunctionType([.i32], [.i32])) { [self] call in
            // A number of the thread, or the negated errno.
            let answer = spawn(call.i32(0))
            call.setResult(UInt64(UInt32(bitPattern: answer)))
            return .returned
        }
    }

    // MARK: - Threads

    /// `errno` of WASI preview 1.
    private static let again: Int32 = 6
    private static let notSupported: Int32 = 58

    private func spawn(_ argument: UInt32) -> Int32 {
        guard let provide, let number = state.begin(most: Self.limit) else { return -Self.again }
        let started: Thread
        do throws(RuntimeError) {
            let store = try Store(stackBytes: Self.guestStack)
            // The start function of a module that has threads takes care to do its work once.
            let instance = try Instance(module, in: store) { module, name in provide(module, name, store) }
            guard case .function(let entry) = instance.export("wasi_thread_start"),
                entry.type == FunctionType([.i32, .i32])
            else {
                state.end()
                return -Self.notSupported
            }
            started = Thread(self, store, instance, entry, number: number, argument: argument)
        } catch {
            state.end()
            switch error.problem {
            case .trap(let trap): end(.trapped(trap))
            case .exited(let code): end(.exited(code))
            case .unlinkable, .outOfMemory: return -Self.again
            }
        }
        // SAFETY: the thread takes over what is retained for it here, or it is released below.
        let handle = unsafe Unmanaged.passRetained(started)
        let error = unsafe CLinux_start_thread(body, handle.toOpaque(), Self.nativeStack)
        guard error == 0 else {
            unsafe handle.release()
            state.end()
            return -Self.again
        }
        return number
    }

    /// Runs a thread to its end, which is the whole program's if it is not a return.
    fileprivate func run(_ thread: Thread) {
        do throws(CallEnd) {
            _ = try thread.entry.call([UInt64(UInt32(bitPattern: thread.number)), UInt64(thread.argument)])
        } catch {
            switch error {
            case .trapped(let trap): end(.trapped(trap))
            case .exited(let code): end(.exited(code))
            }
        }
        state.end()
    }
}

/// A thread of a guest, and what it runs in.
private final class Thread {
    let owner: WASIThreads
    let store: Store
    let instance: Instance
    let entry: Function
    let number: Int32
    let argument: UInt32

    init(_ owner: WASIThreads, _ store: Store, _ instance: Instance, _ entry: Function, number: Int32, argument: UInt32)
    {
        self.owner = owner
        self.store = store
        self.instance = instance
        self.entry = entry
        self.number = number
        self.argument = argument
    }
}

/// What a thread of the host's runs.
private let body: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
    guard let argument = unsafe argument else { return nil }
    // SAFETY: `spawn` retained the thread for this one use.
    let thread = unsafe Unmanaged<Thread>.fromOpaque(argument).takeRetainedValue()
    thread.owner.run(thread)
    return nil
}
