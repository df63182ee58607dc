"""A file of leads that came from a fair, imported as a person does it: checked, then run."""

import csv
import io
from collections.abc import Sequence

from django.core.files.base import ContentFile
from django.db import transaction

from crm.contacts.models import Contact
from crm.demo import taxes
from crm.demo.world import World
from crm.exchange.actions import receive_file, start_check, start_import
from crm.exchange.importing.rules import Rules
from crm.exchange.models import Import
from crm.records.tasks import run_job

FILE = "Fiera Lecco, contatti.csv"
HEADINGS = ("Ragione sociale", "Insegna", "Telefono", "E-mail", "Città", "P. IVA", "Lingua", "Note")
# Without their VAT ids, which are made up; two are customers already, one card has no name.
CARDS: Sequence[tuple[str, str, str, str, str, str]] = (
    ("Birrificio Valtellina S.r.l.", "", "+39 0342 555 0107",
     "info@birrificio-valtellina.example", "Sondrio",
     "Due celle frigorifere da 40 m³: preventivo entro il mese"),
    ("Residenza Le Magnolie", "", "+39 039 555 0121", "direzione@le-magnolie.example", "Monza",
     "Caldaia del 2004"),
    ("Autofficina Colombo & Figli S.n.c.", "Colombo Gomme", "+39 0341 555 0132",
     "info@colombo-figli.example", "Lecco", ""),
    ("Cantina Sociale del Lario", "", "+39 031 555 0145", "cantina@cantina-lario.example", "Como",
     "Richiamare dopo la vendemmia"),
    ("Poliambulatorio San Rocco S.r.l.", "", "+39 035 555 0158", "acquisti@poli-sanrocco.example",
     "Bergamo", "Telecamere per il parcheggio"),
    ("Pasticceria Bonomelli", "", "+39 030 555 0163", "ordini@bonomelli-dolci.example", "Brescia",
     ""),
    ("Officine Meccaniche Brambilla S.r.l.", "", "", "info@brambilla-officine.example", "Lecco",
     ""),
    ("Panificio Sant’Ambrogio", "Il Forno di Sala", "", "info@panificio-santambrogio.example",
     "Milano", ""),
    ("", "", "+39 02 555 0171", "", "Milano", "Biglietto illeggibile"),
)  # fmt: skip


def is_filled() -> bool:
    return Import.objects.filter(file_name=FILE).exists()


@transaction.atomic
def fill(world: World) -> None:
    """No worker sees the jobs before they are done."""
    agent = world.users["agent"]
    upload = ContentFile(_content(world), name=FILE)
    batch = receive_file(upload, kind=Contact.kind, type_="leads", actor=agent)
    team = agent.teams.first()
    rules = Rules.kept(batch.rules | {"team": team.pk if team else None})
    start_check(batch, mapping=batch.mapping, rules=rules, actor=agent)
    _work(batch)
    start_import(batch, actor=agent)
    _work(batch)


def _work(batch: Import) -> None:
    batch.refresh_from_db()
    if batch.job:
        run_job(batch.job.pk)


def _content(world: World) -> bytes:
    text = io.StringIO()
    lines = csv.writer(text, delimiter=";")
    lines.writerow(HEADINGS)
    for *card, note in CARDS:
        name, _sign, phone, *_reach = card
        told = [taxes.vat_id(world, "IT"), "it"] if name and phone else ["", ""]
        lines.writerow([*card, *told, note])
    return text.getvalue().encode("cp1252")
