"""What a form of a contact sends."""

from typing import Any


def posted(**fields: Any) -> dict[str, Any]:
    """The post of an otherwise empty form; rows as phones=["+39 …"]."""
    data: dict[str, Any] = {"stage": "customer", "name": "Nuova S.r.l."}
    names = {"phones": "number", "emails": "address", "addresses": "city", "employments": "company"}
    for prefix, name in names.items():
        rows = fields.pop(prefix, [])
        data |= {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": 0}
        for number, value in enumerate(rows):
            data |= {f"{prefix}-{number}-{name}": value, f"{prefix}-{number}-use": "work"}
            if prefix == "addresses":
                data[f"{prefix}-{number}-use"] = "main"
    return data | fields
