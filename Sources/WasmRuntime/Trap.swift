internal import CWasmInterpreter

/// The end of a run that the standard calls a trap: why, and where it was.
package struct Trap: Error, CustomStringConvertible {
    /// One guest function that was running.
    package struct Frame {
        /// In the index space of its module.
        package let function: Int
        /// From the name section, or else the name it is exported under.
        package let name: String?
        /// The byte of the module's file with the instruction, if it is known.
        package let offset: Int?

        package init(function: Int, name: String?, offset: Int?) {
            self.function = function
            self.name = name
            self.offset = offset
        }
    }

    /// In the standard's words where it has some.
    package let reason: String
    /// Innermost first.
    package let frames: [Frame]
    /// Outer frames that are not listed.
    package let omittedFrames: Int

    package init(reason: String, frames: [Frame] = [], omittedFrames: Int = 0) {
        self.reason = reason
        self.frames = frames
        self.omittedFrames = omittedFrames
    }

    package var description: String { reason }

    /// The words for a trap of the interpreter.
    static func reason(_ status: wasm_status) -> String {
        switch status {
        case WASM_TRAP_UNREACHABLE: "unreachable executed"
        case WASM_TRAP_OUT_OF_BOUNDS_MEMORY: "out of bounds memory access"
        case WASM_TRAP_OUT_OF_BOUNDS_TABLE: "out of bounds table access"
        case WASM_TRAP_UNDEFINED_ELEMENT: "undefined element: the table has no such index"
        case WASM_TRAP_UNINITIALIZED_ELEMENT: "uninitialized element: the table holds null there"
        case WASM_TRAP_INDIRECT_CALL_MISMATCH: "indirect call type mismatch"
        case WASM_TRAP_DIVIDE_BY_ZERO: "integer divide by zero"
        case WASM_TRAP_INTEGER_OVERFLOW: "integer overflow"
        case WASM_TRAP_INVALID_CONVERSION: "invalid conversion to integer"
        case WASM_TRAP_STACK_EXHAUSTED: "call stack exhausted"
        case WASM_TRAP_NULL_REFERENCE: "null reference"
        case WASM_TRAP_UNCAUGHT_EXCEPTION: "uncaught exception"
        case WASM_TRAP_UNALIGNED_ATOMIC: "unaligned atomic"
        case WASM_TRAP_UNSHARED_WAIT: "expected shared memory"
        case WASM_TRAP_OUT_OF_MEMORY: "out of memory: objects take more than the limit of the guest's heap"
        case WASM_TRAP_NULL_FUNCTION: "null function reference"
        case WASM_TRAP_NULL_STRUCTURE: "null structure reference"
        case WASM_TRAP_NULL_ARRAY: "null array reference"
        case WASM_TRAP_NULL_I31: "null i31 reference"
        case WASM_TRAP_NULL_EXCEPTION: "null exception reference"
        case WASM_TRAP_OUT_OF_BOUNDS_ARRAY: "out of bounds array access"
        case WASM_TRAP_CAST_FAILURE: "cast failure"
        default: "trap \(status.rawValue)"
        }
    }
}
