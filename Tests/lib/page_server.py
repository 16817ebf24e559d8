"""Small servers for tests of the explorer: files from folders, and a proxy that can lie."""

import http.server
import pathlib
import threading
import urllib.error
import urllib.request

TYPES = {".js": "text/javascript", ".html": "text/html", ".css": "text/css"}


class Server:
    """An HTTP server on a free loopback port; `answer(path)` gives (status, headers, bytes)."""

    def __init__(self, answer):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                status, headers, body = answer(self.path)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(body)))
                self.send_header("access-control-allow-origin", "*")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def files(folders):
    """Serves `/name/...` from the folder of that name, `/` from the folder named "" if there is one."""

    def answer(path):
        path = path.split("?")[0].lstrip("/")
        name, _, rest = path.partition("/")
        folder, rest = (folders[name], rest) if name in folders else (folders.get(""), path)
        file = pathlib.Path(folder or ".") / (rest or "index.html")
        if folder is None or not file.is_file() or ".." in file.parts:
            return 404, {}, b"not found"
        return 200, {"content-type": TYPES.get(file.suffix, "application/octet-stream")}, file.read_bytes()

    return Server(answer)


def proxy(target, change, policy=lambda text: text):
    """Passes everything on to a node; `change(path, bytes)` may give other bytes, `policy(text)` another
    Content-Security-Policy."""

    def answer(path):
        try:
            with urllib.request.urlopen(target + path, timeout=20) as response:
                status, headers, body = response.status, response.headers, response.read()
        except urllib.error.HTTPError as error:
            status, headers, body = error.code, error.headers, error.read()
        kept = {"content-type": headers["content-type"] or "text/plain"}
        if headers["content-security-policy"]:
            kept["content-security-policy"] = policy(headers["content-security-policy"])
        return status, kept, change(path, body) if status == 200 else body

    return Server(answer)
