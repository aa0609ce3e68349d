import OCISpec
import Testing

@testable import TaskService

@Suite struct DockerInitTests {
    private let mounted = [
        RuntimeSpec.Mount(destination: "/sbin/docker-init", type: "bind", source: "/usr/bin/docker-init")
    ]

    private func process(_ args: [String]) -> ContainerProcessSpec { ContainerProcessSpec(args: args) }

    @Test("NAT-14: Docker's init is passed over")
    func passedOver() {
        let process = process(["/sbin/docker-init", "--", "/app.wasm", "--", "a"])
        #expect(process.withoutInit(mounts: mounted).args == ["/app.wasm", "--", "a"])
    }

    @Test(
        "NAT-14: what is not Docker's init stays",
        arguments: [
            ["/app.wasm", "--", "a"], ["/sbin/docker-init"], ["/sbin/docker-init", "--"],
            ["/sbin/docker-init", "-s", "--", "/app.wasm"], [],
        ])
    func stays(args: [String]) {
        #expect(process(args).withoutInit(mounts: mounted).args == args)
    }

    @Test("NAT-14: a program of the image's at that place stays")
    func ofTheImage() {
        let args = ["/sbin/docker-init", "--", "/app.wasm"]
        #expect(process(args).withoutInit(mounts: nil).args == args)
        #expect(process(args).withoutInit(mounts: [.init(destination: "/sbin")]).args == args)
    }
}
