internal import WasmModule

/// Why a module could not be made into an instance: core, 4.5.4, and what the system refused.
package struct RuntimeError: Error, CustomStringConvertible {
    package enum Problem {
        /// Imports that nobody provides, or of another type.
        case unlinkable([UnresolvedImport])
        /// The system gave no memory for this.
        case outOfMemory(String)
        /// Instantiation trapped: an active segment out of bounds, or the start function.
        case trap(Trap)
        /// The program ended in its start function.
        case exited(UInt32)
    }

    package let problem: Problem

    package init(_ problem: Problem) { self.problem = problem }

    package var description: String {
        switch problem {
        case .unlinkable(let imports):
            "unresolved imports: "
                + imports.prefix(20).map { String($0.description.prefix(200)) }.joined(separator: "; ")
                + (imports.count > 20 ? "; and \(imports.count - 20) more" : "")
        case .outOfMemory(let what): "no memory for \(what)"
        case .trap(let trap): trap.description
        case .exited(let code): "the program ended with \(code) in its start function"
        }
    }
}
