"""Tells the client which SQL its page ran, when it asks; costs nothing when it does not."""

import base64
import json
import zlib
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

ASK, TELL = "X-Bench-Sql", "X-Bench-Statements"


class SqlCollector:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if ASK not in request.headers:
            return self.get_response(request)
        statements: list[str] = []

        def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            statements.append(context["cursor"].cursor.mogrify(sql, params).decode())
            return execute(sql, params, many, context)

        with connection.execute_wrapper(note):
            response = self.get_response(request)
        packed = zlib.compress(json.dumps(statements).encode())
        response.headers[TELL] = base64.b64encode(packed).decode()
        return response


def read(header: str | None) -> list[str]:
    return list(json.loads(zlib.decompress(base64.b64decode(header)))) if header else []
