"""What a calendar posts, and what it is answered."""

import json
from typing import Any

from django.test import Client
from django.urls import reverse

from activities.models import Activity

JSON = {"headers": {"accept": "application/json"}}


def send(client: Client, name: str, activity: Activity, **data: Any) -> tuple[int, dict[str, Any]]:
    data = {key: value for key, value in data.items() if value is not None}
    answer: Any = client.post(reverse(f"activity_{name}", args=[activity.pk]), data, **JSON)
    return answer.status_code, json.loads(answer.content)


def moved(activity: Activity, start: str, end: str, **more: Any) -> dict[str, Any]:
    return {"start": start, "end": end, "version": activity.version} | more
