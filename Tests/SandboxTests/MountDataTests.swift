import Testing

@testable import Sandbox

@Suite("Mount options of many layers")
struct MountDataTests {
    @Test("SBX-6: short options are left as they are")
    func short() throws {
        let data = try MountData("lowerdir=/a/1:/a/2,upperdir=/b", place: "root")
        #expect(data.text == "lowerdir=/a/1:/a/2,upperdir=/b")
        #expect(data.folder == nil)
    }

    @Test("SBX-6: long ones name the layers from the folder that has them all, and the others as before")
    func long() throws {
        let layers = (0..<400).map { "/var/lib/snapshots/\($0)/fs" }.joined(separator: ":")
        let data = try MountData("index=off,lowerdir=\(layers),upperdir=/u", place: "root")
        #expect(data.folder == "/var/lib/snapshots")
        #expect(data.text.hasPrefix("index=off,lowerdir=0/fs:1/fs:"))
        #expect(data.text.hasSuffix("/399/fs,upperdir=/u") || data.text.hasSuffix(":399/fs,upperdir=/u"))
    }

    @Test("SBX-6: what stays too long is refused")
    func tooLong() {
        let layers = (0..<1000).map { "/var/lib/snapshots/\($0)/fs" }.joined(separator: ":")
        #expect(throws: SandboxError.self) { try MountData("lowerdir=\(layers)", place: "root") }
        let noCommon = (0..<400).map { "/\($0)/fs/some/more" }.joined(separator: ":")
        #expect(throws: SandboxError.self) { try MountData("lowerdir=\(noCommon)", place: "root") }
        #expect(throws: SandboxError.self) {
            try MountData(String(repeating: "x", count: MountData.limit + 1), place: "root")
        }
    }
}
