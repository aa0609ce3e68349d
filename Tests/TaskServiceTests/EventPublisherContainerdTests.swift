import EventLoop
import Glibc
import LinuxSystem
import ShimAPI
import TestSupport
import Testing

@testable import TaskService

@Suite("EventPublisher and containerd")
struct EventPublisherContainerdTests {
    /// A containerd of our own, with a client that prints events.
    final class Containerd {
        let folder: TestFolder
        private var processes: [Int32] = []
        var output: String { (try? text(of: folder.path("events"))) ?? "" }
        var eventsPath: String { folder.path("c.sock.ttrpc") }

        init() throws {
            folder = try TestFolder()
            // No plugin that would touch the host.
            let disabled =
                ["grpc.v1.cri", "snapshotter.v1.btrfs", "snapshotter.v1.zfs", "snapshotter.v1.aufs"]
                + ["snapshotter.v1.devmapper", "snapshotter.v1.overlayfs", "internal.v1.tracing"]
            let names = disabled.map { "\"io.containerd.\($0)\"" }.joined(separator: ",")
            try folder.write(
                """
                version = 2
                root = "\(folder.path("root"))"
                state = "\(folder.path("state"))"
                disabled_plugins = [\(names)]
                [grpc]
                  address = "\(folder.path("c.sock"))"
                [ttrpc]
                  address = "\(eventsPath)"
                [metrics]
                  address = ""
                [plugins."io.containerd.internal.v1.opt"]
                  path = "\(folder.path("opt"))"

                """, to: "config.toml")
        }

        deinit { kill() }

        func start() throws {
            try run(
                "exec containerd --config \(quoted(folder.path("config.toml"))) >>\(quoted(folder.path("log"))) 2>&1")
            let socket = quoted(folder.path("c.sock"))
            let wait =
                "for i in $(seq 100); do ctr -a \(socket) version >/dev/null 2>&1 && exit; sleep 0.1; done; exit 1"
            try #require(shell(wait) == 0, "containerd does not start")
            try run("exec ctr -a \(socket) events >>\(quoted(folder.path("events")))")
            // The client has subscribed when it sees something.
            let label = "ctr -a \(socket) ns create n$i"
            let seen =
                "for i in $(seq 100); do \(label); [ -s \(quoted(folder.path("events"))) ] && exit; sleep 0.05; done"
            try #require(shell("\(seen); exit 1") == 0, "no events")
        }

        /// As when it crashes.
        func kill() {
            for process in processes.reversed() {
                _ = Glibc.kill(process, SIGKILL)
                _ = try? ProcessEnd(of: process, block: true)
            }
            processes = []
            _ = try? folder.write("", to: "events")
        }

        private func run(_ command: String) throws {
            var child = ChildProcess(path: "/bin/sh", arguments: ["sh", "-c", command])
            child.environment = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"]
            child.unblockedSignals = Array(1...31)
            processes.append(try child.start())
        }
    }

    @Test("EVENT-1, EVENT-3: containerd itself takes our events, also those of the time when it was killed")
    func containerd() throws {
        guard geteuid() == 0, isInstalled("containerd"), isInstalled("ctr") else {
            return SharedFolder.skip("events for containerd itself", because: "needs root, containerd and ctr")
        }
        let containerd = try Containerd()
        try containerd.start()
        let trial = try EventPublisherTests.Trial()
        let publisher = EventPublisher(on: trial.loop, address: containerd.eventsPath, namespace: "k8s.io", log: nil)
        publisher.publish(topic: "/tasks/start", EventPublisherTests.start("first"))
        try trial.run("it arrives") { publisher.waitingCount == 0 }
        try trial.run("it is told") { containerd.output.contains("\"container_id\":\"first\"") }
        #expect(containerd.output.contains("k8s.io /tasks/start {\"container_id\":\"first\",\"pid\":7}"))
        containerd.kill()
        var exit = EventTaskExit()
        exit.containerID = "second"
        exit.id = "second"
        exit.pid = 8
        exit.exitStatus = 137
        exit.exitedAt = .now
        publisher.publish(topic: "/tasks/exit", exit)
        publisher.publish(topic: "/tasks/start", EventPublisherTests.start("third"))
        trial.loop.schedule(after: .milliseconds(150)) { trial.loop.stop() }
        try trial.loop.run()
        #expect(publisher.waitingCount == 2)
        try containerd.start()
        try trial.run("all arrive") { publisher.waitingCount == 0 }
        try trial.run("all are told") { containerd.output.contains("\"container_id\":\"third\"") }
        let output = containerd.output
        let second = try #require(output.firstRange(of: "\"container_id\":\"second\""))
        let third = try #require(output.firstRange(of: "\"container_id\":\"third\""))
        #expect(second.upperBound < third.lowerBound)
        #expect(output.contains("\"exit_status\":137"))
    }
}
