"""What the edge (deploy/nginx) has to know of the server, printed as nginx reads it."""

from __future__ import annotations

import json
from typing import Final

from casehub.core import roles
from casehub.core.errors import AGAIN, LANGUAGES, NOT_NOW, DomainError, Language
from casehub.edge import headers, limits

_HEAD: Final = "# Printed from {} by `make fix`: a change here is undone.\n"
# What nginx refuses by itself, by the codes that it gives for it, in our words and with our status.
_REFUSALS: Final = {
    "bad-frame": (400, 405, 411, 497, 501, 505),
    "not-found": (404,),
    "too-slow": (408,),
    "too-large": (413,),
    "headers-too-large": (414, 494),
    "too-many": (429,),
    "busy": (500, 502, 503, 504),
}
_SIGN_IN: Final = "/api/sign-in/"


def _quoted(text: str) -> str:
    """Return a text between nginx's single quotes."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _body(code: str, language: Language) -> str:
    return json.dumps(DomainError(code).as_body(language), ensure_ascii=False)


def words() -> str:
    """Return deploy/nginx/words.conf: the words of the edge's own refusals, by language."""
    spoken = "|".join(LANGUAGES)
    lines = [
        _HEAD.format("casehub/core/errors.json and casehub/edge/headers.py"),
        "map $http_accept_language $edge_language {",
        "    default es;",
        f'    "~*(?:^|,)\\s*(?<edge_spoken>{spoken})" $edge_spoken;',
        "}",
        'map "$uri $edge_language" $edge_words {',
    ]
    for code in _REFUSALS:
        lines += [f"    default {_quoted(_body(code, 'es'))};"] if code == "bad-frame" else []
        lines += [f'    "{_place(code)} {one}" {_quoted(_body(code, one))};' for one in LANGUAGES]
    (strict,) = [pair for pair in headers.protection(secure=True) if pair not in _plain()]
    lines += ["}", "map $scheme $edge_strict {", f'    https "{strict[1].decode()}";', "}"]
    lines += ["map $status $edge_again {", f'    {NOT_NOW} "{AGAIN}";', "}"]
    return "\n".join(lines) + "\n"


def _place(code: str) -> str:
    return f"/.edge/{code}"


def _plain() -> headers.Pairs:
    return headers.protection(secure=False)


def _refused() -> list[str]:
    """Return what answers for nginx itself, in the shape and with the headers of the server."""
    lines = [
        f"error_page {' '.join(map(str, asked))} ={DomainError(code).status} {_place(code)};"
        for code, asked in _REFUSALS.items()
    ]
    worn = [
        f'    add_header {name.decode()} "{value.decode()}" always;' for name, value in _plain()
    ]
    return [
        *lines,
        "location ^~ /.edge/ {",
        "    internal;",
        "    default_type application/json;",
        "    client_max_body_size 0; # else a large body was too large whatever it was refused for",
        *worn,
        "    add_header strict-transport-security $edge_strict always;",
        f'    add_header cache-control "{headers.NEVER.decode()}" always;',
        "    add_header retry-after $edge_again always;",
        "    return 200 $edge_words; # the status is that of the error",
        "}",
    ]


def doors() -> str:
    """Return deploy/nginx/doors.conf: which addresses are not like the others, and how."""
    lines = [_HEAD.format("casehub/edge/limits.py and casehub/edge/headers.py")]
    lines += _refused()
    lines += ["", "# Doors that take more than the others: each method's largest."]
    for pattern, limit in _large().items():
        lines += [
            f'location ~ "^{pattern}$" {{',
            f"    client_max_body_size {limit};",
            "    proxy_pass http://web;",
            "}",
        ]
    lines += [
        "",
        "# Guessing is dear for whoever guesses.",
        f"location ^~ {_SIGN_IN} {{",
        "    limit_req zone=all burst=500 nodelay;",
        "    limit_req zone=sign_in burst=60 nodelay;",
        "    proxy_pass http://web;",
        "}",
        "",
        "# Whoever is there has one open all the time: a whole ministry, behind one address.",
        "location = /socket {",
        "    limit_conn sockets 3000;",
        "    proxy_pass http://web;",
        "}",
        "",
        "# For whoever runs the server, from inside alone.",
        *(f"location = {row.door.partition(' ')[2]} {{ return 404; }}" for row in _probes()),
        "",
        "# What never changes: its headers come from the server, and are kept with it.",
        f'location ~ "^(?:{headers.FIXED.pattern})$" {{',
        "    limit_req zone=fixed burst=1500 nodelay; # it costs the web nothing",
        "    proxy_cache kept;",
        "    proxy_cache_key $http_host$uri:$edge_encoding;",
        "    proxy_cache_lock on;",
        "    proxy_cache_use_stale error timeout updating;",
        "    proxy_ignore_headers Vary; # the one that counts stands in the key",
        "    proxy_pass http://web;",
        "}",
        "",
        "# Whole pages, some of them megabytes: whoever reads none waits here, not in the web.",
        f'location ~ "^(?:{headers.PAGES.pattern})$" {{',
        "    proxy_cache kept;",
        "    proxy_cache_key $http_host$uri:$edge_encoding;",
        "    proxy_cache_lock on;",
        "    proxy_cache_valid 200 10s; # by then a new version is seen",
        "    proxy_cache_revalidate on; # else each time another file, for as long as it is read",
        "    proxy_ignore_headers Cache-Control Expires Vary;",
        "    proxy_pass http://web;",
        "}",
    ]
    return "\n".join(lines) + "\n"


def _probes() -> list[roles.Row]:
    return [row for row in roles.table().values() if row.act.startswith("edge.")]


def _large() -> dict[str, int]:
    found: dict[str, int] = {}
    for _, door, limit in limits.LARGE_DOORS:
        pattern = door.pattern.decode()
        found[pattern] = max(limit, found.get(pattern, 0))
    return found
