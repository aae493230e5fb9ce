"""The app under test: it keeps a ledger of what its customers paid, from the webhooks it is sent."""

import http.server
import threading

import stripe


class App:
    """Its webhook, at `url`. A real app has this in its web framework, and `paid` in a database."""

    def __init__(self):
        self.secret = None
        self.paid = {}
        self.heard = []
        self.seen = set()
        app = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                signature = self.headers["Stripe-Signature"]
                app.take(stripe.Webhook.construct_event(body, signature, app.secret))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/webhook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def take(self, event):
        """An event comes at least once, and in any order."""
        self.heard.append(event.type)
        if event.id in self.seen:
            return
        self.seen.add(event.id)
        if event.type == "charge.succeeded":
            charge = event.data.object
            self.paid[charge.customer] = self.paid.get(charge.customer, 0) + charge.amount

    def close(self):
        self.server.shutdown()
        self.server.server_close()
