/// What a module may use beyond the first version of WebAssembly; raw values are the proposals' names.
package enum Feature: String, CaseIterable, Sendable {
    case mutableGlobals = "mutable-globals"
    case multiValue = "multi-value"
    case signExtension = "sign-extension-ops"
    case saturatingConversion = "nontrapping-float-to-int-conversions"
    case bulkMemory = "bulk-memory-operations"
    case referenceTypes = "reference-types"
    case simd
    case relaxedSIMD = "relaxed-simd"
    case tailCall = "tail-call"
    case extendedConstants = "extended-const"
    case functionReferences = "function-references"
    case garbageCollection = "gc"
    case exceptionHandling = "exception-handling"
    case legacyExceptionHandling = "legacy-exception-handling"
    case multiMemory = "multi-memory"
    case memory64
    case threads
    case customPageSizes = "custom-page-sizes"
    case wideArithmetic = "wide-arithmetic"
}
