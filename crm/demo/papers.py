"""A few files on the best known customers, small but real."""

import io

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from crm.contacts.models import Contact
from crm.demo.world import World
from crm.documents.actions import add_document
from crm.documents.models import Document
from crm.records.models import Event

Line = tuple[str, str, str]
# company: (file name, what it is, its words)
PAPERS: dict[str, tuple[Line, ...]] = {
    "F.I.A.T. S.p.A.": (
        ("Contratto di manutenzione 2026.pdf", "pdf", "Contratto di manutenzione|Impianto termico"),
        ("Centrale termica - pianta.png", "plan", "Centrale termica"),
        (
            "Appunti sopralluogo.txt",
            "text",
            "Caldaia 3: perde pressione di notte.\nCambiare il vaso.\n",
        ),
    ),
    "Officine Meccaniche Brambilla S.r.l.": (
        ("Rapporto di intervento.pdf", "pdf", "Rapporto di intervento|Sostituita la pompa"),
    ),
    "Știința Verde SRL": (
        ("Plan centrala.png", "plan", "Centrala"),
        ("Măsurători.txt", "text", "Presiune dimineața: 0,8 bar\nPresiune seara: 1,4 bar\n"),
    ),
    "כהן ובניו בע״מ": (("הצעת מחיר מצלמות.txt", "text", "שער ראשי: 2 מצלמות\nמחסן: 4 מצלמות\n"),),
    "Hotel Bellavista & C. S.a.s.": (
        ("Offerta cella frigorifera n. 2.pdf", "pdf", "Offerta|Cella frigorifera n. 2"),
    ),
}


def is_filled() -> bool:
    return Document.objects.exists()


def fill(world: World) -> None:
    makers = {"pdf": pdf, "plan": plan, "text": lambda words: words.encode()}
    for company, papers in PAPERS.items():
        record = Contact.objects.get(name=company)
        for name, kind, words in papers:
            upload = ContentFile(makers[kind](words), name=name)
            document = add_document(record, upload, actor=record.owner)
            at = max(record.created_at, world.at_work(world.random.randint(3, 60)))
            Document.objects.filter(pk=document.pk).update(created_at=at)
            document.versions.update(uploaded_at=at)
            Event.objects.filter(
                content_type=document.content_type_id, object_id=record.pk, text=document.name
            ).update(at=at, happened_at=at)


def pdf(words: str) -> bytes:
    """One page with a title and a line, written by hand: 600 bytes that every reader opens."""
    title, _bar, line = words.partition("|")
    text = f"BT /F1 24 Tf 60 760 Td ({title}) Tj /F1 12 Tf 0 -36 Td ({line}) Tj ET".encode("cp1252")
    font = b"<< /Font << /F1 5 0 R >> >>"
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources %s >>"
        % font,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(parts) + 1,
        start,
    )
    return bytes(out)


def plan(words: str) -> bytes:
    """A sketch of a plant room."""
    image = Image.new("RGB", (900, 600), "#fbfaf8")
    draw = ImageDraw.Draw(image)
    draw.rectangle((40, 40, 860, 560), outline="#1d2327", width=6)
    draw.line((600, 40, 600, 360), fill="#1d2327", width=6)
    draw.arc((540, 500, 660, 620), 180, 270, fill="#59636b", width=3)
    for left in (90, 230, 370):
        draw.rectangle((left, 90, left + 100, 230), outline="#0b6b6b", width=4)
        draw.line((left + 50, 230, left + 50, 320, 640, 320), fill="#c2362f", width=4)
    draw.text((60, 520), words, fill="#1d2327")
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()
