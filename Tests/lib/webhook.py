"""A webhook for tests.

    webhook.py PORT FILE     appends every body that is posted to 127.0.0.1:PORT to FILE, one a line;
                             refuses everything while a file FILE.refuse exists
"""

import http.server
import os
import sys

PORT, FILE = int(sys.argv[1]), sys.argv[2]


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        refuses = os.path.exists(FILE + ".refuse")
        if not refuses:
            with open(FILE, "ab") as file:
                file.write(body + b"\n")
        self.send_response(503 if refuses else 204)
        self.end_headers()

    def log_message(self, *_):
        pass


http.server.HTTPServer(("127.0.0.1", PORT), Handler).serve_forever()
