import LinuxSystem
import Testing

@testable import GuestLaunch

@Suite("LaunchPlan coding")
struct LaunchPlanCodingTests {
    static let plain = LaunchPlan(moduleDescriptor: 4, moduleName: "hello.wasm", arguments: ["hello.wasm"])

    static let full = LaunchPlan(
        moduleDescriptor: 17, moduleName: "image:v1", function: "démarrer",
        arguments: ["app", "", "two words", "é\n世"],
        environment: ["A=1", "EMPTY=", "=odd"],
        preopens: [
            .init(descriptor: 5, guestPath: ".", isReadOnly: false),
            .init(descriptor: 2_147_483_647, guestPath: "/data", isReadOnly: true),
        ],
        parentProcess: 4711, isVerbose: true)

    @Test("LAUNCH-1: a plan written and read back is the same plan", arguments: [plain, full])
    func roundTrip(plan: LaunchPlan) throws {
        #expect(try LaunchPlan(decoding: plan.encoded()) == plan)
    }

    @Test("LAUNCH-1: the bytes are those that the page describes")
    func bytes() throws {
        let plan = LaunchPlan(
            moduleDescriptor: 5, moduleName: "m", function: "f", arguments: ["a"], environment: [],
            preopens: [.init(descriptor: 6, guestPath: "/", isReadOnly: true)], parentProcess: 258)
        #expect(
            try plan.encoded() == [
                0x57, 0x53, 0x4C, 0x50, 1, 0, 0, 0, 5, 0, 0, 0,
                1, 0, 0, 0, 0x6D, 1, 0, 0, 0, 0x66,
                1, 0, 0, 0, 1, 0, 0, 0, 0x61,
                0, 0, 0, 0,
                1, 0, 0, 0, 6, 0, 0, 0, 1, 0, 0, 0, 0x2F, 1,
                2, 1, 0, 0, 0,
            ])
    }

    @Test("LAUNCH-2: a plan that is cut anywhere is refused")
    func everyPrefix() throws {
        let bytes = try Self.full.encoded()
        for length in 0..<bytes.count {
            #expect(throws: LaunchPlanError.self, "\(length) bytes") {
                try LaunchPlan(decoding: Array(bytes[..<length]))
            }
        }
    }

    @Test("LAUNCH-2: a plan with any one byte changed gives a plan or an error")
    func everyByteChanged() throws {
        let bytes = try Self.full.encoded()
        var refused = 0
        for index in bytes.indices {
            for value: UInt8 in [0x00, 0x01, 0x7F, 0x80, 0xFF] where bytes[index] != value {
                var changed = bytes
                changed[index] = value
                do {
                    #expect(try LaunchPlan(decoding: changed) != Self.full)
                } catch {
                    refused += 1
                }
            }
        }
        #expect(refused > bytes.count)
    }

    @Test("LAUNCH-2: a count of elements that cannot be there is refused where it stands")
    func hugeCount() throws {
        var bytes = try Self.plain.encoded()
        let count = 4 + 4 + 4 + (4 + 10) + (4 + 6)
        #expect(bytes[count] == 1)
        bytes.replaceSubrange(count..<count + 4, with: [0xFF, 0xFF, 0xFF, 0xFF])
        #expect(throws: LaunchPlanError(.unexpectedEnd, at: count)) { try LaunchPlan(decoding: bytes) }
    }

    @Test("LAUNCH-2: bytes after the last field are refused")
    func trailing() throws {
        let bytes = try Self.plain.encoded()
        #expect(throws: LaunchPlanError(.trailingBytes, at: bytes.count)) { try LaunchPlan(decoding: bytes + [0]) }
    }

    @Test("LAUNCH-2: a negative descriptor is refused")
    func negativeDescriptor() throws {
        var bytes = try Self.plain.encoded()
        bytes[11] = 0x80
        #expect(throws: LaunchPlanError(.invalidValue, at: 8)) { try LaunchPlan(decoding: bytes) }
    }

    @Test("LAUNCH-2: bytes over the limit are refused, not read")
    func tooLong() {
        let bytes = [UInt8](repeating: 0, count: LaunchPlan.sizeLimit + 1)
        #expect(throws: LaunchPlanError(.tooLong(limit: LaunchPlan.sizeLimit), at: LaunchPlan.sizeLimit)) {
            try LaunchPlan(decoding: bytes)
        }
        var plan = Self.plain
        plan.arguments = [String(repeating: "x", count: LaunchPlan.sizeLimit)]
        #expect(throws: LaunchPlanError(.tooLong(limit: LaunchPlan.sizeLimit), at: LaunchPlan.sizeLimit)) {
            try plan.encoded()
        }
    }

    @Test("LAUNCH-3: a plan of another version is refused by its version")
    func version() throws {
        var bytes = try Self.plain.encoded()
        bytes[4] = 2
        #expect(throws: LaunchPlanError(.version(2), at: 4)) { try LaunchPlan(decoding: bytes) }
    }

    @Test("LAUNCH-4: a string with a zero byte is neither written nor read")
    func zeroByte() throws {
        var plan = Self.plain
        plan.arguments = ["a\0b"]
        #expect(throws: LaunchPlanError.self) { try plan.encoded() }
        var bytes = try Self.plain.encoded()
        let name = 4 + 4 + 4 + 4
        #expect(bytes[name] == UInt8(ascii: "h"))
        bytes[name] = 0
        #expect(throws: LaunchPlanError(.invalidString, at: name)) { try LaunchPlan(decoding: bytes) }
    }

    @Test("LAUNCH-2: a string that is not UTF-8 is refused")
    func invalidText() throws {
        var bytes = try Self.plain.encoded()
        bytes[16] = 0xFF
        #expect(throws: LaunchPlanError(.invalidString, at: 16)) { try LaunchPlan(decoding: bytes) }
    }

    @Test("LAUNCH-5: a sealed plan is read from offset 0 to its end")
    func sealed() throws {
        let file = try Self.full.sealed()
        let bytes = try #require(try file.readAll(limit: LaunchPlan.sizeLimit, name: "plan"))
        #expect(try LaunchPlan(decoding: bytes) == Self.full)
    }
}
