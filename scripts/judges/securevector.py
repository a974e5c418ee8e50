"""A small classifier that a package carries, behind the API and in the form of Llama Guard, so that a gate can ask it.

usage: python -m venv V && V/bin/pip install securevector-guardian-model==1.4.0 && V/bin/python scripts/judges/securevector.py PORT

It listens on 127.0.0.1 and sees the last message only. A threat of any of its kinds is `unsafe`; it has no codes of hazards, so the
code is one that means none. https://pypi.org/project/securevector-guardian-model/ (Apache-2.0)
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from svguardian import resolve_runtime
from svguardian.model.pure_infer import PureGuardian
from svguardian.serve import analyze

guardian = PureGuardian.load(resolve_runtime())


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        is_threat = analyze(body["messages"][-1]["content"], guardian)["is_threat"]
        content = "unsafe\nS99" if is_threat else "safe"
        answer = json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
