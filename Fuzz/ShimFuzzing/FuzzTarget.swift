internal import GuestLaunch
internal import Sandbox
internal import ShimAPI
internal import SwiftProtobuf
internal import TTRPC

/// One thing that reads bytes of others.
///
/// What is given is one byte for the target, then its input. Each target says whether it took the input; what must
/// never be (a message that is not written back as itself) ends the program, as a trap would.
package struct FuzzTarget: Sendable {
    package let name: String
    private let body: @Sendable ([UInt8]) -> Bool

    /// The target that the first byte chooses takes the rest; whether it accepted it.
    @discardableResult
    package static func take(_ input: [UInt8]) -> Bool {
        guard let first = input.first else { return false }
        return all[Int(first) % all.count].body(Array(input.dropFirst()))
    }

    /// The first byte that chooses a target.
    package static func selector(of name: String) -> UInt8? {
        all.firstIndex { $0.name == name }.map { UInt8($0) }
    }

    /// Everything that is tried.
    package static let all: [FuzzTarget] =
        [
            FuzzTarget(name: "frames", body: frames),
            FuzzTarget(name: "plan", body: plan),
            FuzzTarget(name: "control", body: control),
        ] + messages.map { name, type in FuzzTarget(name: name) { message(type, $0) } }

    /// Every message that somebody else sends to the shim.
    private static let messages: [(String, any SwiftProtobuf.Message.Type)] = [
        ("Request", EnvelopeRequest.self), ("Response", EnvelopeResponse.self),
        ("State", APIStateRequest.self), ("Create", APICreateTaskRequest.self), ("Start", APIStartRequest.self),
        ("Delete", APIDeleteRequest.self), ("Pids", APIPidsRequest.self), ("Pause", APIPauseRequest.self),
        ("Resume", APIResumeRequest.self), ("Checkpoint", APICheckpointTaskRequest.self),
        ("Kill", APIKillRequest.self), ("Exec", APIExecProcessRequest.self), ("ResizePty", APIResizePtyRequest.self),
        ("CloseIO", APICloseIORequest.self), ("Update", APIUpdateTaskRequest.self), ("Wait", APIWaitRequest.self),
        ("Stats", APIStatsRequest.self), ("Connect", APIConnectRequest.self), ("Shutdown", APIShutdownRequest.self),
        ("CreateSandbox", APICreateSandboxRequest.self), ("StartSandbox", APIStartSandboxRequest.self),
        ("Platform", APIPlatformRequest.self), ("StopSandbox", APIStopSandboxRequest.self),
        ("WaitSandbox", APIWaitSandboxRequest.self), ("SandboxStatus", APISandboxStatusRequest.self),
        ("Ping", APIPingRequest.self), ("ShutdownSandbox", APIShutdownSandboxRequest.self),
        ("SandboxMetrics", APISandboxMetricsRequest.self), ("BootstrapParams", BootstrapParams.self),
        ("RuncOptions", RuncOptions.self), ("GenericOptions", RuncGenericOptions.self),
    ]

    /// Frames in one piece, and cut as the first byte says, are the same.
    private static func frames(_ input: [UInt8]) -> Bool {
        guard let step = input.first else { return false }
        let bytes = Array(input.dropFirst())
        let whole = decoded([bytes])
        let size = Int(step) % 16 + 1
        let cut = stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<min($0 + size, bytes.count)]) }
        precondition(decoded(cut) == whole, "frames depend on how they were cut")
        return !whole.found.isEmpty && whole.problem == nil
    }

    private struct Decoded: Equatable {
        var found: [FrameDecoder.Found] = []
        var problem: TTRPCError.Problem?
    }

    private static func decoded(_ pieces: [[UInt8]]) -> Decoded {
        var decoder = FrameDecoder()
        var decoded = Decoded()
        for piece in pieces {
            var offset = 0
            do throws(TTRPCError) {
                while let next = try decoder.next(in: piece.span, from: &offset) { decoded.found.append(next) }
            } catch {
                decoded.problem = error.problem
                return decoded
            }
        }
        return decoded
    }

    /// A plan that is read is written as the same bytes.
    private static func plan(_ bytes: [UInt8]) -> Bool {
        guard let plan = try? LaunchPlan(decoding: bytes) else { return false }
        let again = try? plan.encoded()
        precondition(again == bytes, "a plan is written differently than it was read")
        return true
    }

    /// A control message that is read is written as one that is read as the same.
    private static func control(_ packet: [UInt8]) -> Bool {
        guard packet.count <= ControlMessage.sizeLimit, let message = ControlMessage(packet: packet) else {
            return false
        }
        // What was not text has grown, and may have been cut.
        guard message.packet.count < ControlMessage.sizeLimit else { return true }
        precondition(ControlMessage(packet: message.packet) == message, "a control message changed")
        return true
    }

    /// A message that is read is written, and read again, as the same.
    private static func message(_ type: any SwiftProtobuf.Message.Type, _ bytes: [UInt8]) -> Bool {
        guard let message = try? type.init(serializedBytes: bytes) else { return false }
        guard let written: [UInt8] = try? message.serializedBytes(),
            let again = try? type.init(serializedBytes: written)
        else { preconditionFailure("a message that was read cannot be written and read") }
        precondition(message.isEqualTo(message: again), "a message changed when it was written and read")
        return true
    }
}
