"""Streams of `kubectl exec` and `attach` as kubectl before 1.30 opens them: SPDY/3.1, a stream each for what goes wrong, input,
outputs and the terminal's size. Input has an end here; a websocket has none."""
import json
import select
import socket
import struct
import time
import urllib.parse
import zlib

from checks import Failed

OPEN, REFUSE, PING, GO_AWAY = 1, 3, 6, 7
LAST = 1        # the flag of a stream's last frame


class Conversation:
    """An open connection. What has arrived is in `out`, `err` and, at the end, `code`."""

    def __init__(self, url, tty=False, stdin=True, seconds=15):
        place = urllib.parse.urlparse(url)
        self.end = time.monotonic() + seconds
        self.socket = socket.create_connection((place.hostname, place.port), timeout=5)
        self.socket.sendall("\r\n".join((
            f"POST {place.path}?{place.query} HTTP/1.1", f"Host: {place.netloc}", "Content-Length: 0", "Connection: Upgrade",
            "Upgrade: SPDY/3.1", "X-Stream-Protocol-Version: v4.channel.k8s.io", "", "")).encode())
        head = b""
        while b"\r\n\r\n" not in head:
            head += self.bytes(1)
        if b" 101 " not in head.splitlines()[0]:
            raise Failed(f"streaming server: {head!r}")
        self.received, self.closed, self.streams = {}, set(), {}
        self.headers = zlib.compressobj()      # a peer takes headers without the agreed dictionary too
        for name in ("error", *(("stdin",) if stdin else ()), "stdout", *(("resize",) if tty else ("stderr",))):
            self.open(name)

    def open(self, name):
        """Opens a stream and says what it is for."""
        number = 2 * len(self.streams) + 1
        self.streams[name], self.received[number] = number, b""
        pair = b"".join(struct.pack(">I", len(text)) + text for text in (b"streamtype", name.encode()))
        block = self.headers.compress(struct.pack(">I", 1) + pair) + self.headers.flush(zlib.Z_SYNC_FLUSH)
        content = struct.pack(">IIH", number, 0, 0) + block
        self.socket.sendall(struct.pack(">HHI", 0x8003, OPEN, len(content)) + content)

    def send(self, content, stream="stdin", flags=0):
        for start in range(0, max(len(content), 1), 16384):
            piece = content[start:start + 16384]
            self.socket.sendall(struct.pack(">II", self.streams[stream], flags << 24 | len(piece)) + piece)
        return self

    def end_input(self):
        return self.send(b"", flags=LAST)

    def resize(self, width, height):
        return self.send(json.dumps({"Width": width, "Height": height}).encode(), "resize")

    def bytes(self, count):
        """So many bytes, or fewer at the connection's end."""
        taken = b""
        while len(taken) < count:
            if not select.select([self.socket], [], [], max(0, self.end - time.monotonic()))[0]:
                raise Failed(f"streaming: nothing more, so far {getattr(self, 'received', taken)}")
            try:
                piece = self.socket.recv(count - len(taken))
            except ConnectionError:
                piece = b""
            if not piece:
                break
            taken += piece
        return taken

    def receive(self):
        """Takes one frame; false at the end."""
        head = self.bytes(8)
        if len(head) < 8:
            return False
        first, second = struct.unpack(">II", head)
        flags, content = second >> 24, self.bytes(second & 0xFFFFFF)
        if not first >> 31:
            self.received[first] = self.received.get(first, b"") + content
            if flags & LAST:
                self.closed.add(first)
        elif first & 0xFFFF == PING:
            self.socket.sendall(head + content)
        elif first & 0xFFFF == REFUSE:
            self.closed.add(struct.unpack(">I", content[:4])[0])
        elif first & 0xFFFF == GO_AWAY:
            return False
        return True

    def text(self, stream):
        return self.received.get(self.streams.get(stream), b"").decode(errors="replace")

    def wait_for(self, text):
        """Waits for something on standard output."""
        while text not in self.text("stdout"):
            if not self.receive():
                raise Failed(f"streaming: ended without {text!r}: {self.received}")
        return self

    def finished(self):
        """Waits for the end: (exit code, standard output, standard error)."""
        awaited = {self.streams[name] for name in ("error", "stdout", "stderr") if name in self.streams}
        while not awaited <= self.closed and self.receive():
            pass
        self.socket.close()
        status = json.loads(self.text("error") or '{"status": "Success"}')
        causes = {cause["reason"]: cause["message"] for cause in status.get("details", {}).get("causes", [])}
        code = 0 if status.get("status") == "Success" else int(causes.get("ExitCode", 255))
        return code, self.text("stdout"), self.text("stderr")

    def close(self):
        """Goes away in the middle."""
        self.socket.close()
