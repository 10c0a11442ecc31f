"""A small tool of LTI 1.3 on PyLTI1p3: what the library says about a launch comes back as JSON.

Its one argument is a file of settings as PyLTI1p3 reads them. It is read anew for every request,
because the tool has to listen before anybody can be told where. The first line of its output is
its port.
"""

import json
import sys
import uuid
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from pylti1p3.cookie import CookieService
from pylti1p3.exception import LtiException, OIDCException
from pylti1p3.message_launch import MessageLaunch
from pylti1p3.oidc_login import OIDCLogin
from pylti1p3.redirect import Redirect
from pylti1p3.request import Request
from pylti1p3.session import SessionService
from pylti1p3.tool_config import ToolConfDict

SESSIONS = {}


class ToolRequest(Request):
    def __init__(self, params, session):
        super().__init__()
        self.params = params
        self._session = session

    @property
    def session(self):
        return self._session

    def is_secure(self):
        return False

    def get_param(self, key):
        return self.params.get(key)


class Cookies(CookieService):
    def __init__(self, sent):
        self.sent = sent
        self.to_set = {}

    def get_cookie(self, name):
        cookie = self.sent.get(f"{self._cookie_prefix}-{name}")
        return cookie and cookie.value

    def set_cookie(self, name, value, exp=3600):
        self.to_set[f"{self._cookie_prefix}-{name}"] = value


class Session(SessionService):
    def check_nonce(self, nonce):
        # A nonce is good for one launch.
        return self.data_storage._request.session.pop(self._get_key("nonce", nonce), False)


class To(Redirect):
    def __init__(self, location):
        self.location = location

    def do_redirect(self):
        return self.location

    def do_js_redirect(self):
        return self.location

    def set_redirect_url(self, location):
        self.location = location

    def get_redirect_url(self):
        return self.location


class Login(OIDCLogin):
    def get_redirect(self, url):
        return To(url)


class Launch(MessageLaunch):
    def _get_request_param(self, key):
        return self._request.get_param(key)


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        self.answer(dict(parse_qsl(urlsplit(self.path).query)))

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        self.answer(dict(parse_qsl(body.decode())))

    def answer(self, params):
        sent = SimpleCookie(self.headers.get("cookie", ""))
        sid = sent["sid"].value if "sid" in sent else uuid.uuid4().hex
        request = ToolRequest(params, SESSIONS.setdefault(sid, {}))
        cookies = Cookies(sent)
        with open(sys.argv[1], encoding="utf-8") as settings:
            config = ToolConfDict(json.load(settings))
        parts = request, config, Session(request), cookies
        try:
            if urlsplit(self.path).path == "/login":
                launch = f"http://127.0.0.1:{self.server.server_port}/launch"
                self.send_response(302)
                self.send_header("location", Login(*parts).redirect(launch))
                body = b""
            else:
                body = json.dumps(Launch(*parts).get_launch_data()).encode()
                self.send_response(200)
        except (LtiException, OIDCException) as refused:
            body = json.dumps({"refused": str(refused)}).encode()
            self.send_response(403)
        for name, value in {"sid": sid, **cookies.to_set}.items():
            self.send_header("set-cookie", f"{name}={value}; Path=/; HttpOnly")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
