import Glibc
import LinuxSystem
import ShimAPI
import SwiftProtobuf
import TTRPC
import TestSupport
import Testing

/// The shim as containerd drives it, from `start` to `delete`.
@Suite(.serialized, .enabled(if: ShimUnderTest.program != nil))
struct ShimLifeTests {
    @Test("SHIM-18: a task goes from start to delete, with its events in order, and the server ends")
    func life() throws {
        let shim = try ShimUnderTest()
        try shim.startContainer("one", module: GuestModules.exits(with: 7))
        let server = try shim.server(of: "one")
        #expect(try shim.wait(for: "one") == 7)
        let state = try shim.state(of: "one")
        #expect(state.status == .stopped)
        #expect(state.exitStatus == 7)
        try shim.finish("one")
        #expect(try shim.eventually { shim.events.count == 4 })
        #expect(shim.events == ["/tasks/create", "/tasks/start", "/tasks/exit one 7", "/tasks/delete"])
        #expect(try shim.eventually { !isAlive(server) })
        let (output, end) = try shim.run("delete", "one")
        #expect(end == .exited(code: 0))
        #expect(try APIDeleteResponse(serializedBytes: output).exitStatus == 137)
    }

    @Test("SHIM-19: SIGTERM ends a guest with 143 and SIGKILL with 137; afterwards a signal is NotFound")
    func signals() throws {
        let shim = try ShimUnderTest()
        for (id, signal, status) in [("term", SIGTERM, 143), ("kill", SIGKILL, 137)] {
            try shim.startContainer(id, module: GuestModules.sleeps)
            try shim.kill(id, signal)
            #expect(try shim.wait(for: id) == UInt32(status))
            let refusal = #expect(throws: Status.self) { try shim.kill(id, SIGKILL) }
            #expect(refusal?.code == .notFound)
            try shim.finish(id)
        }
    }

    @Test("SHIM-20: what cannot run is refused by Create with the reason, and nothing is left of it")
    func refusal() throws {
        let shim = try ShimUnderTest()
        let bundle = try shim.makeBundle("bad", module: Array("(module)".utf8))
        try shim.start("bad")
        let refusal = #expect(throws: Status.self) {
            let _: APICreateTaskResponse = try shim.call("bad", "Create", ShimUnderTest.creation("bad", bundle))
        }
        #expect(refusal?.message.contains("WebAssembly text") == true)
        let state = #expect(throws: Status.self) { try shim.state(of: "bad") }
        #expect(state?.code == .notFound)
        #expect(unsafe access("\(bundle)/init.pid", F_OK) != 0)
        #expect(
            try shim.eventually {
                unsafe access("/sys/fs/cgroup/memory/\(ShimUnderTest.namespace)/bad-\(getpid())", F_OK) != 0
            })
        // The name can be used again at once.
        try shim.folder.write(GuestModules.exits(with: 0), to: "bad/rootfs/app.wasm")
        let _: APICreateTaskResponse = try shim.call("bad", "Create", ShimUnderTest.creation("bad", bundle))
        let again = #expect(throws: Status.self) {
            let _: APICreateTaskResponse = try shim.call("bad", "Create", ShimUnderTest.creation("bad", bundle))
        }
        #expect(again?.code == .alreadyExists)
        // Created and never started: it can be deleted.
        try shim.finish("bad")
    }

    @Test("SHIM-21: containers of a group share one server, which goes with the last of them; delete leaves it alone")
    func groups() throws {
        let shim = try ShimUnderTest()
        let annotations = ["io.kubernetes.cri.sandbox-id": "pod"]
        try shim.startContainer("a", module: GuestModules.sleeps, annotations: annotations)
        try shim.startContainer("b", module: GuestModules.sleeps, annotations: annotations)
        let server = try shim.server(of: "a")
        #expect(try shim.server(of: "b") == server)
        try shim.kill("a", SIGKILL)
        _ = try shim.wait(for: "a")
        try shim.finish("a")
        _ = try shim.run("delete", "a")
        #expect(isAlive(server))
        #expect(try shim.state(of: "b").status == .running)
        try shim.kill("b", SIGKILL)
        _ = try shim.wait(for: "b")
        try shim.finish("b")
        #expect(try shim.eventually { !isAlive(server) })
    }

    @Test(
        "SHIM-22: when the server is killed its guests end, and delete leaves no process, group or socket; twice is no error"
    )
    func killedServer() throws {
        let shim = try ShimUnderTest()
        try shim.startContainer("lost", module: GuestModules.sleeps)
        let guest = Int32(bitPattern: try shim.state(of: "lost").pid)
        let address = try String(decoding: FileText.read(shim.folder.path("lost/address")), as: UTF8.self)
        let socket = String(address.dropFirst("unix://".count))
        Glibc.kill(try shim.server(of: "lost"), SIGKILL)
        for _ in 0..<2 {
            let (output, end) = try shim.run("delete", "lost")
            #expect(end == .exited(code: 0))
            #expect(try APIDeleteResponse(serializedBytes: output).exitStatus == 137)
        }
        #expect(!isAlive(guest))
        #expect(unsafe access(socket, F_OK) != 0)
        #expect(unsafe access("/sys/fs/cgroup/memory/\(ShimUnderTest.namespace)/lost-\(getpid())", F_OK) != 0)
    }

    @Test("SHIM-26: Stats tells the guest's linear memory besides the control group's figures")
    func guestFigures() throws {
        let shim = try ShimUnderTest()
        try shim.startContainer("one", module: GuestModules.sleeps)
        var request = APIStatsRequest()
        request.id = "one"
        let response: APIStatsResponse = try shim.call("one", "Stats", request)
        if response.stats.typeURL.hasSuffix("v1.Metrics") {
            let metrics = try CgroupsV1Metrics(serializedBytes: response.stats.value)
            #expect(metrics.guest.linearMemory == 65_536)
            #expect(metrics.memory.usage.usage > 0)
        } else {
            #expect(try CgroupsV2Metrics(serializedBytes: response.stats.value).guest.linearMemory == 65_536)
        }
        try shim.kill("one", SIGKILL)
        _ = try shim.wait(for: "one")
        try shim.finish("one")
    }

    @Test("SHIM-23: a process that is added ends before the first one does, in the order of events as well")
    func execs() throws {
        let shim = try ShimUnderTest()
        try shim.startContainer("c", module: GuestModules.sleeps)
        try shim.addExec("c", "tool", ["ls", "/"], stdout: "file://\(shim.folder.path("ls.out"))")
        #expect(try shim.startExec("c", "tool").pid > 0)
        #expect(try shim.wait(for: "c", exec: "tool") == 0)
        #expect(try String(decoding: FileText.read(shim.folder.path("ls.out")), as: UTF8.self).contains("app.wasm"))
        try shim.addExec("c", "again", ["/app.wasm"])
        _ = try shim.startExec("c", "again")
        let refusal = #expect(throws: Status.self) { try shim.addExec("c", "again", ["/app.wasm"]) }
        #expect(refusal?.code == .alreadyExists)
        let missing = #expect(throws: Status.self) {
            try shim.addExec("c", "none", ["/nothing.wasm"])
            _ = try shim.startExec("c", "none")
        }
        #expect(missing?.message.contains("/nothing.wasm") == true)
        try shim.kill("c", SIGKILL)
        #expect(try shim.wait(for: "c") == 137)
        #expect(try shim.eventually { shim.events.last == "/tasks/exit c 137" })
        #expect(
            shim.events.filter { $0.hasPrefix("/tasks/exit") }
                == ["/tasks/exit tool 0", "/tasks/exit again 137", "/tasks/exit c 137"])
        let late = #expect(throws: Status.self) { try shim.addExec("c", "late", ["/app.wasm"]) }
        #expect(late?.code == .failedPrecondition)
        try shim.finish("c")
    }

    @Test("SHIM-24: a paused container is paused until it is resumed, and can be killed")
    func pause() throws {
        let shim = try ShimUnderTest()
        try shim.startContainer("p", module: GuestModules.loops)
        let _: Google_Protobuf_Empty = try shim.call("p", "Pause", APIPauseRequest.with { $0.id = "p" })
        #expect(try shim.state(of: "p").status == .paused)
        let _: Google_Protobuf_Empty = try shim.call("p", "Resume", APIResumeRequest.with { $0.id = "p" })
        #expect(try shim.state(of: "p").status == .running)
        let _: Google_Protobuf_Empty = try shim.call("p", "Pause", APIPauseRequest.with { $0.id = "p" })
        try shim.kill("p", SIGKILL)
        #expect(try shim.wait(for: "p") == 137)
        try shim.finish("p")
        #expect(try shim.eventually { shim.events.contains("/tasks/delete") })
        #expect(shim.events.filter { $0.hasSuffix("paused") || $0.hasSuffix("resumed") }.count == 3)
    }

    @Test("SHIM-25: Connect answers without a container, Pids names every process, Checkpoint is Unimplemented")
    func questions() throws {
        let shim = try ShimUnderTest()
        try shim.startContainer("q", module: GuestModules.sleeps)
        let none: APIConnectResponse = try shim.call("q", "Connect", APIConnectRequest.with { $0.id = "other" })
        #expect(none.taskPid == 0)
        #expect(none.shimPid > 0)
        let pids: APIPidsResponse = try shim.call("q", "Pids", APIPidsRequest.with { $0.id = "q" })
        #expect(pids.processes.map(\.pid) == [try shim.state(of: "q").pid])
        let stats: APIStatsResponse = try shim.call("q", "Stats", APIStatsRequest.with { $0.id = "q" })
        #expect(stats.stats.typeURL.hasPrefix("io.containerd.cgroups.v"))
        let refusal = #expect(throws: Status.self) {
            let _: Google_Protobuf_Empty = try shim.call(
                "q", "Checkpoint", APICheckpointTaskRequest.with { $0.id = "q" })
        }
        #expect(refusal?.code == .unimplemented)
        // While there is a container, Shutdown means nothing.
        let _: Google_Protobuf_Empty = try shim.call("q", "Shutdown", APIShutdownRequest.with { $0.id = "q" })
        #expect(try shim.state(of: "q").status == .running)
        try shim.kill("q", SIGKILL)
        _ = try shim.wait(for: "q")
        try shim.finish("q")
    }

    @Test("SHIM-32: a start that is killed at any moment leaves no socket without a server")
    func killedStart() throws {
        guard let program = ShimUnderTest.program else { return }
        let shim = try ShimUnderTest()
        for delay in 0..<40 {
            _ = try shim.makeBundle("k\(delay)", module: GuestModules.sleeps)
            let place = shim.socketPath(of: "k\(delay)")
            let process = try shim.spawnStart("k\(delay)", program)
            usleep(UInt32(delay) * 150)
            Glibc.kill(process, SIGKILL)
            _ = try ProcessEnd(of: process, block: true)
            // A server that lives may take a moment to bind.
            usleep(20_000)
            #expect(!shim.isSocketDead(at: place), "after \(delay * 150) us")
            try shim.shutDown(at: place)
        }
    }

    @Test("SHIM-31: Delete waits for the Create under way, and leaves nothing of the container")
    func deletionDuringCreation() throws {
        let shim = try ShimUnderTest()
        let bundle = try shim.makeBundle("d", module: GuestModules.sleeps)
        try shim.start("d")
        let deletion = APIDeleteRequest.with { $0.id = "d" }
        let codes = try shim.callAtOnce(
            "d", [("Create", ShimUnderTest.creation("d", bundle)), ("Delete", deletion), ("Delete", deletion)])
        #expect(codes == [.ok, .ok, .notFound])
        #expect(try shim.eventually { shim.events.count == 3 })
        #expect(shim.events == ["/tasks/create", "/tasks/exit d 137", "/tasks/delete"])
        let refusal = #expect(throws: Status.self) { try shim.state(of: "d") }
        #expect(refusal?.code == .notFound)
        let _: Google_Protobuf_Empty = try shim.call("d", "Shutdown", APIShutdownRequest.with { $0.id = "d" })
    }

    @Test("SHIM-31: Delete waits for the Start of an exec, which then runs; a second Start is refused")
    func deletionDuringStart() throws {
        let shim = try ShimUnderTest()
        try shim.startContainer("x", module: GuestModules.sleeps)
        try shim.addExec("x", "e", ["/app.wasm"])
        let start = APIStartRequest.with {
            $0.id = "x"
            $0.execID = "e"
        }
        let deletion = APIDeleteRequest.with {
            $0.id = "x"
            $0.execID = "e"
        }
        let codes = try shim.callAtOnce("x", [("Start", start), ("Start", start), ("Delete", deletion)])
        #expect(codes == [.ok, .unknown, .failedPrecondition])
        let process = Int32(bitPattern: try shim.state(of: "x", exec: "e").pid)
        #expect(isAlive(process))
        try shim.kill("x", SIGKILL)
        #expect(try shim.wait(for: "x", exec: "e") == 137)
        _ = try shim.wait(for: "x")
        #expect(!isAlive(process))
        try shim.finish("x")
    }

    @Test("SHIM-31: an exec that is announced and deleted never runs, and who waits for it gets an answer")
    func announcedExec() throws {
        let shim = try ShimUnderTest()
        try shim.startContainer("y", module: GuestModules.sleeps)
        try shim.addExec("y", "e", ["/app.wasm"])
        let wait = APIWaitRequest.with {
            $0.id = "y"
            $0.execID = "e"
        }
        let deletion = APIDeleteRequest.with {
            $0.id = "y"
            $0.execID = "e"
        }
        #expect(
            try shim.callAtOnce("y", [("Wait", wait), ("Delete", deletion), ("Wait", wait)]) == [.ok, .ok, .notFound])
        try shim.kill("y", SIGKILL)
        _ = try shim.wait(for: "y")
        try shim.finish("y")
    }

    @Test(
        "SHIM-33: who waits for an exec is answered when its container is deleted, for a container when its Create fails"
    )
    func waits() throws {
        let shim = try ShimUnderTest()
        try shim.startContainer("w", module: GuestModules.sleeps)
        try shim.addExec("w", "e", ["/app.wasm"])
        try shim.kill("w", SIGKILL)
        _ = try shim.wait(for: "w")
        let wait = APIWaitRequest.with {
            $0.id = "w"
            $0.execID = "e"
        }
        let deletion = APIDeleteRequest.with { $0.id = "w" }
        #expect(try shim.callAtOnce("w", [("Wait", wait), ("Delete", deletion)]) == [.ok, .ok])

        let bundle = try shim.makeBundle("f", module: [0, 1, 2, 3])
        let other = APIWaitRequest.with { $0.id = "f" }
        let codes = try shim.callAtOnce("w", [("Create", ShimUnderTest.creation("f", bundle)), ("Wait", other)])
        #expect(codes[0] != .ok)
        #expect(codes[1] == .ok)
        let _: Google_Protobuf_Empty = try shim.call("w", "Shutdown", APIShutdownRequest.with { $0.id = "w" })
    }

    @Test(
        "SHIM-34: Shutdown of the task service means nothing while there is a pod; one that never ran ends when it is stopped"
    )
    func pods() throws {
        let shim = try ShimUnderTest()
        let service = "containerd.runtime.sandbox.v1.Sandbox"
        _ = try shim.makeBundle("p", module: GuestModules.sleeps)
        try shim.start("p")
        let creation = APICreateSandboxRequest.with { $0.sandboxID = "p" }
        let _: Google_Protobuf_Empty = try shim.call("p", "CreateSandbox", creation, service: service)
        let started: APIStartSandboxResponse = try shim.call(
            "p", "StartSandbox", APIStartSandboxRequest.with { $0.sandboxID = "p" }, service: service)
        let _: Google_Protobuf_Empty = try shim.call("p", "Shutdown", APIShutdownRequest.with { $0.id = "p" })
        let status: APISandboxStatusResponse = try shim.call(
            "p", "SandboxStatus", APISandboxStatusRequest.with { $0.sandboxID = "p" }, service: service)
        #expect(status.state == "SANDBOX_READY")
        #expect(isAlive(Int32(bitPattern: started.pid)))

        let unborn = APICreateSandboxRequest.with { $0.sandboxID = "q" }
        let _: Google_Protobuf_Empty = try shim.call("p", "CreateSandbox", unborn, service: service)
        let wait = APIWaitSandboxRequest.with { $0.sandboxID = "q" }
        let stop = APIStopSandboxRequest.with { $0.sandboxID = "q" }
        #expect(
            try shim.callAtOnce("p", [("WaitSandbox", wait), ("StopSandbox", stop)], service: service) == [.ok, .ok])
        for id in ["q", "p"] {
            let _: Google_Protobuf_Empty = try shim.call(
                "p", "ShutdownSandbox", APIShutdownSandboxRequest.with { $0.sandboxID = id }, service: service)
        }
        #expect(try shim.eventually { !isAlive(Int32(bitPattern: started.pid)) })
    }
}
