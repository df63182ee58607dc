"""The companies everybody remembers. `minutes` since the last change; None spreads it by chance."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Special:
    name: str
    language: str
    town: str
    trade: str
    owner: str
    minutes: int | None = None
    aliases: tuple[str, ...] = ()
    vat_id: str = ""
    stage: str = "customer"
    street: str = ""
    postal_code: str = ""
    domain: str = ""
    mailbox: str = "info"
    phones: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    people: tuple[tuple[str, str, str, str], ...] = field(default=())


DAY = 24 * 60
SPECIALS = (
    Special(
        "F.I.A.T. S.p.A.", "it", "Torino", "works", "manager", 61, ("FIAT",), "IT00469580013",
        street="Corso Agnelli 200", postal_code="10135", domain="fiat", mailbox="impianti",
        phones=("+39 011 006 1111", "+39 011 006 2222"), categories=("key-account",),
        tags=("Automotive",),
        people=(
            ("Mario", "Rossi", "Facility manager", "phone"),
            ("Lucia", "Ferri", "Acquisti", "email"),
            ("Paolo", "Galli", "Manutenzione", "mobile"),
            ("Chiara", "Conti", "Amministrazione", "email"),
        ),
    ),
    Special(
        "Officine Meccaniche Brambilla S.r.l.", "it", "Lecco", "works", "agent", 12,
        ("FIAT Lecco", "OMB"), domain="brambilla-officine", categories=("heating",),
        people=(("Ernesto", "Brambilla", "Titolare", "phone"),),
    ),
    Special(
        "Știința Verde SRL", "ro", "Cluj-Napoca", "public", "technician", 150,
        domain="stiinta-verde", categories=("maintenance",),
        people=(("Raluca", "Mureșan", "Director tehnic", "email"),),
    ),
    Special(
        "כהן ובניו בע״מ", "he", "חיפה", "works", "noa.levi", DAY + 95, ("Cohen & Sons",),
        domain="cohen-sons", categories=("cameras",),
        people=(("דוד", "כהן", "בעלים", "mobile"), ("מיכל", "כהן", "הנהלת חשבונות", "email")),
    ),
    Special(
        "Panificio Sant’Ambrogio", "it", "Milano", "food", "agent", DAY + 300,
        domain="panificio-santambrogio", categories=("cold-rooms",),
        people=(("Ambrogio", "Sala", "Titolare", "phone"),),
    ),
    Special(
        "Hotel Bellavista & C. S.a.s.", "it", "Como", "hotel", "manager", 2 * DAY, ("Bellavista",),
        domain="hotel-bellavista", categories=("heating",), tags=("VIP",),
        people=(("Serena", "Riva", "Reception", "phone"), ("Carlo", "Riva", "Direzione", "email")),
    ),
    Special(
        "Electro Dacia S.A.", "ro", "Pitești", "works", "technician", 3 * DAY, ("Dacia",),
        stage="former", domain="electro-dacia", categories=("maintenance",),
        people=(("Sorin", "Dobre", "Achiziții", "email"),),
    ),
    Special(
        "Studio Legale Rossi Associati", "it", "Bergamo", "office", "agent", 4 * DAY,
        domain="rossi-associati", people=(("Silvia", "Rossi", "Titolare", "email"),),
    ),
    Special(
        "מאפיית השחר בע״מ", "he", "תל אביב-יפו", "food", "noa.levi", 4 * DAY + 60,
        ("HaShachar Bakery",), domain="hashachar", categories=("cold-rooms",),
        people=(("עומר", "גולן", "בעלים", "mobile"),),
    ),
    Special(
        "Clinica Sanador", "ro", "București", "clinic", "technician", 5 * DAY,
        domain="clinica-sanador", categories=("key-account",), tags=("VIP",),
        people=(("Ioana", "Voicu", "Administrator", "phone"),),
    ),
    Special(
        "Caldaie Nord S.p.A.", "it", "Brescia", "store", "manager", 6 * DAY, ("CaldaieNord",),
        stage="supplier", domain="caldaie-nord",
        people=(("Fabio", "Zanetti", "Amministrazione", "email"),),
    ),
    Special(
        "Grand Hotel Excelsior Lariana e Terme di San Giovanni in Valle – Società a responsabilità "
        "limitata semplificata a socio unico", "it", "Como", "hotel", "agent", 9 * DAY,
        ("Excelsior", "Terme di San Giovanni"), domain="excelsior-lariana",
        categories=("heating", "cold-rooms", "cameras"),
        people=(("Maria Antonietta", "Castelli Bonfanti", "Direzione", "letter"),),
    ),
)  # fmt: skip
