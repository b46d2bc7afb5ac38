"""A collector of OpenTelemetry's, as a region has one: it keeps what processes export to it."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


class Collector:
    """Takes what is exported, as a region's own collector does."""

    def __init__(self, *, answers=True):
        self.bodies, self.paths = [], []
        self.over = threading.Event()
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                collector.paths.append(self.path)
                collector.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
                if not answers:
                    collector.over.wait(60)
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1/traces"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        """End it, with whoever waits for an answer."""
        self.over.set()
        self._server.shutdown()
        self._server.server_close()

    def asked(self):
        return [ExportTraceServiceRequest.FromString(body) for body in self.bodies]

    def resources(self):
        return [resource for asked in self.asked() for resource in asked.resource_spans]

    def spans(self):
        return [
            span
            for resource in self.resources()
            for scope in resource.scope_spans
            for span in scope.spans
        ]

    def named(self, name):
        (found,) = [span for span in self.spans() if span.name == name]
        return found


def facts(span: Any) -> dict[str, Any]:
    """Return what is told of a span or of a process."""
    return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in span.attributes}
