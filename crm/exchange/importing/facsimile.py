"""The file to fill in that is offered beside the button Import (F2.11)."""

from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, Any

from crm.exchange.fields import Exchange, Field, RecordType
from crm.exchange.writers import writing


def facsimile(exchange: type[Exchange], type_: RecordType, form: str) -> tuple[IO[bytes], str]:
    """(open file, name): every column that an export has, and one row as an example."""
    fields = [one for one in exchange.fields(type_) if one.plain is not None]
    title = str(type_.label)
    file: Any = TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"facsimile.{form}"
        with writing(form, path, [str(one.label) for one in fields], title) as writer:
            writer.write([_example(one) for one in fields])
        file.write(path.read_bytes())
    file.seek(0)
    return file, f"{title}.{form}"


def _example(one: Field) -> Any:
    if one.choices is not None and one.example is not None:
        return one.choices.text(one.example)
    return one.example
