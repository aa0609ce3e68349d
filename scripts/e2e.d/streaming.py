"""Streams of `kubectl exec` and `attach`, through containerd's streaming server: a websocket with the subprotocol
v4.channel.k8s.io, in which each message's first byte says which stream it belongs to."""
import base64
import json
import os
import select
import socket
import struct
import time
import urllib.parse

from checks import Failed

STDIN, STDOUT, STDERR, STATUS, SIZE = range(5)


class Conversation:
    """An open connection. What has arrived is in `out`, `err` and, at the end, `code`."""

    def __init__(self, url, seconds=15):
        place = urllib.parse.urlparse(url)
        self.end = time.monotonic() + seconds
        self.out, self.err, self.code, self.problem, self.closed = b"", b"", None, "", False
        self.socket = socket.create_connection((place.hostname, place.port), timeout=5)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall("\r\n".join((
            f"GET {place.path}?{place.query} HTTP/1.1", f"Host: {place.netloc}", "Upgrade: websocket", "Connection: Upgrade",
            f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Protocol: v4.channel.k8s.io",
            f"Origin: http://{place.netloc}", "", "")).encode())
        self.bytes = b""
        while b"\r\n\r\n" not in self.bytes:
            self.more()
        head, self.bytes = self.bytes.split(b"\r\n\r\n", 1)
        if b" 101 " not in head.splitlines()[0]:
            raise Failed(f"streaming server: {head!r} {self.bytes[:200]!r}")

    def more(self):
        """Waits for bytes; false when there will be none."""
        if not select.select([self.socket], [], [], max(0, self.end - time.monotonic()))[0]:
            raise Failed(f"streaming: nothing more, so far {self.out[-200:]!r} {self.err[-200:]!r}")
        try:
            piece = self.socket.recv(65536)
        except ConnectionError:
            piece = b""
        self.bytes += piece
        return bool(piece)

    def send(self, content, channel=STDIN):
        for start in range(0, len(content), 16384):
            self.frame(bytes([channel]) + content[start:start + 16384])
        return self

    def resize(self, width, height):
        return self.send(json.dumps({"Width": width, "Height": height}).encode(), SIZE)

    def frame(self, content, operation=2):
        length = bytes([0x80 | len(content)]) if len(content) < 126 else bytes([0x80 | 126]) + struct.pack(">H", len(content))
        # A mask of zeros is a mask.
        self.socket.sendall(bytes([0x80 | operation]) + length + bytes(4) + content)

    def receive(self):
        """Takes what is there, at least one message; false at the end."""
        while not self.closed:
            message = self.message()
            if message is not None:
                self.take(*message)
                return True
            if not self.more():
                self.closed = True
        return False

    def message(self):
        """The next whole message: (operation, content)."""
        if len(self.bytes) < 2:
            return None
        length, start = self.bytes[1] & 127, 2
        if length >= 126:
            start, form = (4, ">H") if length == 126 else (10, ">Q")
            if len(self.bytes) < start:
                return None
            length = struct.unpack(form, self.bytes[2:start])[0]
        if len(self.bytes) < start + length:
            return None
        operation, content = self.bytes[0] & 15, self.bytes[start:start + length]
        self.bytes = self.bytes[start + length:]
        return operation, content

    def take(self, operation, content):
        if operation == 8:
            self.closed = True
        if operation not in (1, 2) or not content:
            return
        if content[0] == STDOUT:
            self.out += content[1:]
        elif content[0] == STDERR:
            self.err += content[1:]
        elif content[0] == STATUS:
            status = json.loads(content[1:] or b"{}")
            causes = {cause["reason"]: cause["message"] for cause in status.get("details", {}).get("causes", [])}
            self.code = 0 if status.get("status") == "Success" else int(causes.get("ExitCode", 255))
            self.problem = status.get("message", "")

    def wait_for(self, text):
        """Waits for something on standard output."""
        while text.encode() not in self.out:
            if not self.receive():
                raise Failed(f"streaming: ended without {text!r}: {self.out[-300:]!r} {self.err[-300:]!r} {self.problem}")
        return self

    def finished(self):
        """Waits for the end: (exit code, standard output, standard error)."""
        while self.receive():
            pass
        self.socket.close()
        return self.code, self.out.decode(errors="replace"), self.err.decode(errors="replace")

    def close(self):
        """Goes away in the middle."""
        self.socket.close()
