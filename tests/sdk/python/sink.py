"""A server that events are sent to: it keeps what it hears, and answers as a test says."""

import http.server
import threading
import time


class Sink:
    """Listens on a port of its own; `status` is what it answers."""

    def __init__(self):
        self.heard = []
        self.status = 200
        sink = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                sink.heard.append((dict(self.headers), body))
                self.send_response(sink.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def wait(self, count):
        """The first `count` requests, once they are there."""
        for _ in range(400):
            if len(self.heard) >= count:
                return self.heard[:count]
            time.sleep(0.02)
        raise AssertionError(f"{len(self.heard)} of {count} came")
