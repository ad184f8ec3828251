"""The few requests that Label Studio's own API client has no working call for.

Accounts: the API's `users.create` stores an empty password, so an account is
made as a person makes it, with the invite link and the sign-up form.
"""

from __future__ import annotations

import json
import re
from html import unescape
from http.cookiejar import CookieJar
from typing import Any, cast
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, ProxyHandler, Request, build_opener

from ..corpus.errors import InputError, ServerError


def fetch(url: str, token: str = "", timeout: float = 10) -> bytes | None:
    """The answer to a GET, or None if there is none or it is an error."""
    headers = {"Authorization": f"Token {token}"} if token else {}
    try:
        with build_opener(ProxyHandler({})).open(
            Request(url, headers=headers), timeout=timeout
        ) as r:
            return cast(bytes, r.read())
    except (URLError, OSError):
        return None


def sign_up(url: str, admin_token: str, email: str, password: str) -> str:
    """Make an account through the invite link; return its API token.

    Raises `InputError` with the form's own message if it refuses the address,
    `ServerError` if the server cannot be reached or answers otherwise.
    """
    invite = _json(fetch(f"{url}/api/invite", admin_token), url)["invite_url"]
    opener = build_opener(ProxyHandler({}), HTTPCookieProcessor(CookieJar()))
    try:
        page = opener.open(url + invite, timeout=60).read().decode("utf-8")
        hidden = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        form = {
            "email": email,
            "password": password,
            "csrfmiddlewaretoken": hidden[1] if hidden else "",
        }
        request = Request(url + invite, urlencode(form).encode(), {"Referer": url + invite})
        with opener.open(request, timeout=60) as answer:
            if "/user/signup" in answer.url:
                raise InputError(f"{email}: {_complaint(answer.read().decode('utf-8'))}")
        with opener.open(f"{url}/api/current-user/token", timeout=60) as answer:
            return str(_json(answer.read(), url)["token"])
    except HTTPError as error:
        raise ServerError(f"{url}: sign-up of {email} failed: {error}") from None
    except (URLError, OSError) as error:
        raise ServerError(f"{url}: {error}") from None


def _json(body: bytes | None, url: str) -> dict[str, Any]:
    if body is None:
        raise ServerError(f"{url} does not answer")
    return cast(dict[str, Any], json.loads(body))


def _complaint(page: str) -> str:
    found = re.search(r'class="field_errors".*?<li>(.*?)</li>', page, re.S)
    return unescape(found[1]).strip() if found else "the sign-up form refused the address"
