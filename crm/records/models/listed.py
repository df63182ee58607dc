"""Is somebody among those who are listed on a restricted record?"""

from typing import Any

from django.db import connection, models
from django.db.models import F, Func, Value

from crm.accounts.models import User


class Listed(Func):
    """Is the person among those with access? Django's Exists is resolved and written out anew each
    time it is asked, on every page: a millisecond."""

    output_field = models.BooleanField()
    arg_joiner = " AND viewer.user_id = "

    def __init__(self, model: Any, user: User) -> None:
        super().__init__(F("pk"), Value(user.pk))
        quote = connection.ops.quote_name
        table, own = model.viewers.through._meta.db_table, f"{model._meta.model_name}_id"
        self.template = (
            f"EXISTS(SELECT FROM {quote(table)} AS viewer"
            f" WHERE viewer.{quote(own)} = %(expressions)s)"
        )
