internal import ControlGroup
internal import Testing

@Suite struct PathTests {
    private func path(_ cgroupsPath: String) throws -> String {
        let host = try HostControlGroups(mountinfo: "31 23 0:28 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw")
        return try ControlGroup(path: cgroupsPath, on: host).path
    }

    @Test(
        "CG-2: a path is a folder below the root of each tree",
        arguments: [
            ("/default/hello", "/default/hello"), ("k8s.io/ab12", "/k8s.io/ab12"), ("//a/./b/", "/a/b"),
            ("/kubepods/pod:1:2/x", "/kubepods/pod:1:2/x"),
        ])
    func folders(given: String, expected: String) throws { #expect(try path(given) == expected) }

    @Test(
        "CG-3: slice:prefix:name is the folder that systemd would have for it",
        arguments: [
            ("system.slice:docker:ab12", "/system.slice/docker-ab12.scope"),
            (
                "kubepods-besteffort-pod7.slice:cri-containerd:ab",
                "/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod7.slice/cri-containerd-ab.scope"
            ),
            (":wasm:a", "/system.slice/wasm-a.scope"), ("-.slice:wasm:a", "/wasm-a.scope"),
            ("user.slice::a", "/user.slice/a.scope"), ("a.slice:x:b.slice", "/a.slice/b.slice"),
        ])
    func scopes(given: String, expected: String) throws { #expect(try path(given) == expected) }

    @Test(
        "CG-4: a path that is empty, leaves the tree, is its root or is no slice is refused",
        arguments: [
            "", "/", "/.", "..", "/a/../b", "/a/..", "/a\nb", "a\u{0}b", "system:docker:a", "a--b.slice:x:y",
            ".slice:x:y", "a.slice:x:", "a.slice:x:..\u{7}", "/" + String(repeating: "n", count: 256),
        ])
    func refused(given: String) throws {
        let error = try #require(throws: ControlGroupError.self) { try path(given) }
        guard case .path = error.problem else { throw TestFailure() }
        #expect(error.place == "linux.cgroupsPath")
    }
}
