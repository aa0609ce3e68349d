import LinuxSystem
import TestSupport
import Testing

@testable import TaskService

#if canImport(Glibc)
    import Glibc
#endif

@Suite struct ProcessRecordTests {
    @Test("SHIM-17: a process is known by its number and its start, so another with the number is not taken for it")
    func identity() throws {
        let folder = try TestFolder()
        let record = try #require(ProcessRecord(of: getpid()))
        #expect(record.isAlive)
        try record.write(toBundle: folder.path)
        #expect(ProcessRecord(inBundle: folder.path) == record)
        var other = record
        other.startTime += 1
        #expect(!other.isAlive)
        ProcessRecord.remove(fromBundle: folder.path)
        #expect(ProcessRecord(inBundle: folder.path) == nil)
    }

    @Test(
        "SHIM-17: a file that is no record is none",
        arguments: ["", "x", "1 2", "0 5", "-4 5", "12", "12 13 14", "12 x"])
    func damaged(text: String) throws {
        let folder = try TestFolder()
        try OwnedDescriptor(opening: "\(folder.path)/init.pid", flags: O_WRONLY | O_CREAT, mode: 0o600)
            .writeAll(Array(text.utf8), name: "init.pid")
        #expect(ProcessRecord(inBundle: folder.path) == nil)
    }
}
