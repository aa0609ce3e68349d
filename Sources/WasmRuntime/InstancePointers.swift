internal import CWasmInterpreter
internal import WasmModule

/// The arrays that an instance's record points to.
// SAFETY: the arrays are allocated in `init` and freed in `deinit`; the instance that owns them lives as long as its store.
@safe final class InstancePointers {
    let functions: UnsafeMutablePointer<UnsafeMutablePointer<wasm_function>?>
    let memories: UnsafeMutablePointer<UnsafeMutablePointer<wasm_memory>?>
    let tables: UnsafeMutablePointer<UnsafeMutablePointer<wasm_table>?>
    let globals: UnsafeMutablePointer<UnsafeMutablePointer<wasm_global>?>
    let tags: UnsafeMutablePointer<UnsafeMutablePointer<wasm_tag>?>
    private let data: UnsafeMutablePointer<UnsafePointer<UInt8>?>
    private let dataSizes: UnsafeMutablePointer<UInt64>
    private let elements: UnsafeMutablePointer<UnsafeMutablePointer<UInt64>?>
    private let elementSizes: UnsafeMutablePointer<UInt64>
    private let elementCount: Int
    private let module: Module

    init(_ module: Module) {
        self.module = module
        elementCount = module.elements.count
        unsafe functions = Self.make(module.functions.count, nil)
        // One more of each, so that code may look at number 0 of none.
        unsafe memories = Self.make(module.memories.count + 1, nil)
        unsafe tables = Self.make(module.tables.count + 1, nil)
        unsafe globals = Self.make(module.globals.count + 1, nil)
        unsafe tags = Self.make(module.tags.count + 1, nil)
        unsafe data = Self.make(module.data.count, nil)
        unsafe dataSizes = Self.make(module.data.count, 0)
        unsafe elements = Self.make(module.elements.count, nil)
        unsafe elementSizes = Self.make(module.elements.count, 0)
    }

    deinit {
        // SAFETY: all made in `init` or `setElements`.
        for i in 0..<elementCount { unsafe elements[i]?.deallocate() }
        unsafe functions.deallocate()
        unsafe memories.deallocate()
        unsafe tables.deallocate()
        unsafe globals.deallocate()
        unsafe tags.deallocate()
        unsafe data.deallocate()
        unsafe dataSizes.deallocate()
        unsafe elements.deallocate()
        unsafe elementSizes.deallocate()
    }

    private static func make<Element>(_ count: Int, _ value: Element) -> UnsafeMutablePointer<Element> {
        let place = UnsafeMutablePointer<Element>.allocate(capacity: max(count, 1))
        unsafe place.initialize(repeating: value, count: max(count, 1))
        return unsafe place
    }

    /// Makes the record point here.
    func fill(_ record: UnsafeMutablePointer<wasm_instance>) {
        unsafe record.pointee.functions = functions
        unsafe record.pointee.memories = memories
        unsafe record.pointee.tables = tables
        unsafe record.pointee.globals = globals
        unsafe record.pointee.tags = tags
        unsafe record.pointee.data = UnsafeMutablePointer(data)
        unsafe record.pointee.data_sizes = dataSizes
        unsafe record.pointee.elements = elements
        unsafe record.pointee.element_sizes = elementSizes
    }

    /// Lends a passive data segment's bytes, which the module holds.
    func setData(_ index: Int, _ range: Range<Int>) {
        // SAFETY: the module keeps its bytes, and never changes them; an array's storage does not move.
        unsafe module.bytes.withUnsafeBufferPointer { bytes in
            unsafe data[index] = bytes.baseAddress.map { unsafe $0 + range.lowerBound }
        }
        unsafe dataSizes[index] = UInt64(range.count)
    }

    /// Keeps a passive element segment's references.
    func setElements(_ index: Int, _ values: [UInt64]) {
        let copy = UnsafeMutablePointer<UInt64>.allocate(capacity: max(values.count, 1))
        for (i, value) in values.enumerated() { unsafe (copy + i).initialize(to: value) }
        unsafe elements[index] = copy
        unsafe elementSizes[index] = UInt64(values.count)
    }
}
